//! Wycheproof's HMAC vectors, checked by the public signing function and by the validator.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clinspark_twilio::webhook::Algorithm;
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    algorithm: String,
    id: u32,
    tag_bits: usize,
    key: String,
    message: String,
    tag: String,
    result: String,
}

fn bytes(hex: &str) -> Vec<u8> {
    let digit = |c: u8| u8::try_from(char::from(c).to_digit(16).unwrap()).unwrap();
    hex.as_bytes()
        .chunks_exact(2)
        .map(|pair| digit(pair[0]) << 4 | digit(pair[1]))
        .collect()
}

#[test]
fn every_vector_has_the_expected_result() {
    let (mut valid, mut invalid) = (0, 0);
    for line in include_str!("../data/wycheproof/hmac.jsonl").lines() {
        let vector: Vector = serde_json::from_str(line).unwrap();
        let algorithm = match vector.algorithm.as_str() {
            "hmac_sha1" => Algorithm::HmacSha1,
            _ => Algorithm::HmacSha256,
        };
        let signed = algorithm.sign(&bytes(&vector.key), &bytes(&vector.message));
        let mac = STANDARD.decode(signed).unwrap();
        let is_equal = mac[..vector.tag_bits / 8] == bytes(&vector.tag);
        assert_eq!(
            is_equal,
            vector.result == "valid",
            "{} {}",
            vector.algorithm,
            vector.id
        );
        *if is_equal { &mut valid } else { &mut invalid } += 1;
    }
    assert!(
        valid > 100 && invalid > 100,
        "{valid} valid, {invalid} invalid"
    );
}
