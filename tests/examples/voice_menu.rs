//! The documents of the voice menu.

use clinspark_twilio::phone::E164;

#[path = "../../examples/voice_menu.rs"]
mod example;

#[test]
fn each_key_has_its_document() {
    let clinic = E164::parse("+14155550123").unwrap();
    let welcome = example::welcome();
    assert_eq!(
        welcome.to_xml(),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>\
         <Gather numDigits=\"1\" timeout=\"6\" action=\"/twilio/menu\">\
         <Say>Press one to confirm your visit, two to speak to us.</Say></Gather>\
         <Redirect>/twilio/welcome</Redirect></Response>"
    );
    let dials = |digits| {
        example::pressed(digits, clinic)
            .to_xml()
            .contains("+14155550123")
    };
    assert!(dials("2"));
    for digits in ["", "1", "3", "22", "*", "+14155550199"] {
        assert!(!dials(digits), "{digits}");
    }
    for document in [
        welcome,
        example::pressed("1", clinic),
        example::pressed("2", clinic),
    ] {
        assert_eq!(document.lint(), []);
        assert!(!format!("{document:?}").contains("415555"));
    }
    example::main().unwrap();
}
