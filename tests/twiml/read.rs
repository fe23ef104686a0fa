//! Parsing of existing documents: accepted ones, refused ones, and positions of errors.

use clinspark_twilio::twiml::{ChildNode, Node, ReadErrorKind, read};

#[test]
fn a_document_becomes_a_tree() {
    let xml = "\u{FEFF}<?xml version='1.0' encoding=\"utf-8\"?>\n<!-- a menu -->\n<Response>\
        <Gather numDigits = '1' action=\"/a?b=1&amp;c=&#x32;\">\
        <Say>Tom &amp; <![CDATA[<Ann>]]>\r\n&#x1F600;</Say></Gather><Hangup /></Response >\n";
    let document = read(xml).unwrap();
    assert_eq!(document.name(), "Response");
    let gather = document.find("Gather").unwrap();
    assert_eq!(gather.attribute("numDigits"), Some("1"));
    assert_eq!(gather.attribute("action"), Some("/a?b=1&c=2"));
    assert_eq!(gather.attribute("numdigits"), None);
    assert_eq!(
        document.find("Say").unwrap().text(),
        "Tom & <Ann>\n\u{1F600}"
    );
    let verbs: Vec<_> = document.children().map(Node::name).collect();
    assert_eq!(verbs, ["Gather", "Hangup"]);
    assert!(document.find("Response").is_none());
}

#[test]
fn text_and_elements_keep_their_order() {
    let say = read("<Say>a<break/>b<w>c</w>d</Say>").unwrap();
    let pieces: Vec<_> = say
        .child_nodes()
        .map(|item| match item {
            ChildNode::Text(text) => text.to_owned(),
            ChildNode::Element(node) => format!("<{}>", node.name()),
            _ => unreachable!(),
        })
        .collect();
    assert_eq!(pieces, ["a", "<break>", "b", "<w>", "d"]);
    assert_eq!(say.text(), "abd");
}

#[test]
fn blanks_in_attributes_are_read_as_xml_requires() {
    let say = read("<Say a='x\r\ny\tz\n' b='&#13;&#10;&#9;'/>").unwrap();
    assert_eq!(say.attribute("a"), Some("x y z "));
    assert_eq!(say.attribute("b"), Some("\r\n\t"));
}

#[test]
fn nodes_are_equal_if_their_documents_are() {
    let one = read("<Say a='1' b='2'>Tom &amp; Ann</Say>").unwrap();
    assert_eq!(
        one,
        read("<Say b=\"2\" a=\"1\">Tom <![CDATA[& Ann]]></Say>").unwrap()
    );
    assert_ne!(one, read("<Say a='1' b='2'>Tom &amp; Ann </Say>").unwrap());
    assert_ne!(one, read("<Say a='1'>Tom &amp; Ann</Say>").unwrap());
    assert_eq!(read("<Say></Say>").unwrap(), read("<Say/>").unwrap());
}

#[test]
fn malformed_documents_are_refused_with_their_position() {
    let cases = [
        ("", 1, 1, "no root element"),
        ("Hello", 1, 1, "text outside the root element"),
        ("<Say>", 1, 6, "an element that is never closed"),
        (
            "<Response>\n  <Say>Hi</Response>",
            2,
            10,
            "an end tag that does not match the open element",
        ),
        ("<a/><b/>", 1, 5, "a second root element"),
        ("<a/>x", 1, 5, "text outside the root element"),
        ("<a/>&amp;", 1, 5, "text outside the root element"),
        ("</a>", 1, 1, "an end tag without a start tag"),
        (
            "<a>ü<b c=1/></a>",
            1,
            5,
            "an attribute value without quotes",
        ),
        ("<a b='1' b='2'/>", 1, 1, "an attribute that is set twice"),
        ("<a b='1'c='2'/>", 1, 1, "no blank before an attribute"),
        ("<a b='<'/>", 1, 1, "`<` in an attribute value"),
        ("<a b/>", 1, 1, "an attribute without a value"),
        ("<a b='&amp'/>", 1, 1, "`&` that does not begin a reference"),
        ("<1/>", 1, 1, "a tag with an invalid name"),
        ("<a 1='2'/>", 1, 1, "an attribute with an invalid name"),
        ("<a>]]></a>", 1, 4, "`]]>` in text"),
        (
            "<a>&#0;</a>",
            1,
            4,
            "a character reference to an invalid character",
        ),
        (
            "<a>&#xFFFE;</a>",
            1,
            4,
            "a character reference to an invalid character",
        ),
        (
            "<a>&#x+41;</a>",
            1,
            4,
            "a character reference to an invalid character",
        ),
        ("<a>\u{1}</a>", 1, 4, "a character that XML forbids"),
        ("<a><!-- a -- b --></a>", 1, 11, "`--` in a comment"),
        ("<a><!-- ", 1, 4, "a comment that is never closed"),
        ("<a", 1, 1, "a tag that is never closed"),
        (
            " <?xml version='1.0'?><a/>",
            1,
            2,
            "an XML declaration that is not at the start",
        ),
        (
            "<?xml version='1.1'?><a/>",
            1,
            1,
            "an XML version other than 1.0",
        ),
        (
            "<?xml version='1.0' encoding='latin1'?><a/>",
            1,
            1,
            "an encoding other than UTF-8",
        ),
    ];
    for (xml, line, column, reason) in cases {
        let error = read(xml).expect_err(xml);
        assert_eq!(error.kind(), ReadErrorKind::Malformed, "{xml}");
        assert_eq!(
            (error.line(), error.column(), error.reason()),
            (line, column, reason),
            "{xml}"
        );
    }
}

#[test]
fn the_message_has_position_and_reason_and_quotes_nothing() {
    let error = read("<Response>\n  <Say>Hi Ann</Ann></Response>").unwrap_err();
    assert_eq!(
        error.to_string(),
        "not a TwiML document: line 2, column 14: an end tag that does not match the open element"
    );
}

#[test]
fn constructs_that_attack_parsers_are_refused() {
    let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;&b;\">]><a>&c;</a>";
    let deep = "<a>".repeat(10_000) + &"</a>".repeat(10_000);
    let long = format!("<a>{}</a>", "x".repeat(10_000_000));
    let cases = [
        (bomb, ReadErrorKind::Refused),
        ("<a>&c;</a>", ReadErrorKind::Refused),
        ("<a b='&c;'/>", ReadErrorKind::Refused),
        ("<?php echo ?><a/>", ReadErrorKind::Refused),
        (&deep, ReadErrorKind::TooDeep),
        (&long, ReadErrorKind::TooLong),
    ];
    for (xml, kind) in cases {
        assert_eq!(read(xml).unwrap_err().kind(), kind);
    }
    let just = "<a>".repeat(100) + &"</a>".repeat(100);
    assert!(read(&just).is_ok());
}

#[test]
fn one_byte_order_mark_is_skipped_and_a_second_refused() {
    assert!(read("\u{FEFF}<Response/>").is_ok());
    let error = read("\u{FEFF}\u{FEFF}<Response/>").unwrap_err();
    assert_eq!(error.kind(), ReadErrorKind::Malformed);
    assert_eq!((error.line(), error.column()), (1, 1));
}

#[test]
fn an_attribute_that_is_set_twice_is_found_among_many() {
    let attributes = |count: usize| {
        let names: Vec<_> = (0..count).map(|n| format!(" a{n}=''")).collect();
        names.concat()
    };
    let document = format!("<Response{}/>", attributes(50_000));
    let tree = read(&document).unwrap();
    assert_eq!(tree.attributes().count(), 50_000);
    assert_eq!(read(&tree.to_xml()).unwrap(), tree);
    let twice = format!("<Response{} a7=''/>", attributes(50_000));
    assert_eq!(read(&twice).unwrap_err().kind(), ReadErrorKind::Malformed);
}
