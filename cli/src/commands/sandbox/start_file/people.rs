//! `[[people]]` of a start file: simulated phones.

use std::time::Duration;

use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::{AnswerBehavior, DeliveryBehavior};

use super::parse_number;
use super::table::{Entry, Line, Problems, Table, Value};

/// A simulated phone.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) number: Line<E164>,
    pub(super) name: Option<String>,
    pub(super) delivery: DeliveryBehavior,
    pub(super) answer: AnswerBehavior,
}

/// Reads a person. Without `answer`, the phone rings until someone answers it.
pub(super) fn read(mut table: Table, problems: &mut Problems) -> Option<Person> {
    let number = table.require_text("number", problems);
    let number = number.and_then(|number| parse_number(&number, problems));
    let name = table.take_text("name", problems).map(|name| name.value);
    let delivery = table.take("delivery");
    let delivery = delivery.map_or(Some(DeliveryBehavior::Delivered), |delivery| {
        read_delivery(delivery, problems)
    });
    let answer = table.take_text("answer", problems);
    let answer = answer.map_or(Some(AnswerBehavior::Ring), |answer| {
        read_answer(&answer, problems)
    });
    table.refuse_rest("number, name, delivery, answer", problems);
    Some(Person {
        number: number?,
        name,
        delivery: delivery?,
        answer: answer?,
    })
}

fn read_delivery(delivery: Entry, problems: &mut Problems) -> Option<DeliveryBehavior> {
    const WANTED: &str = "`delivery` is \"delivered\", { undelivered = 30005 } or \
                          { failed = 30007 }, with an error code of Twilio";
    let line = delivery.line;
    let found = match delivery.value {
        Value::Text(text) => (text == "delivered").then_some(DeliveryBehavior::Delivered),
        Value::Table(mut table) => {
            let undelivered = code(&mut table, "undelivered");
            let failed = code(&mut table, "failed");
            match (undelivered, failed, table.take_rest().is_empty()) {
                (Some(code), None, true) => Some(DeliveryBehavior::Undelivered(code)),
                (None, Some(code), true) => Some(DeliveryBehavior::Failed(code)),
                _ => None,
            }
        }
        _ => None,
    };
    if found.is_none() {
        problems.add(line, WANTED);
    }
    found
}

fn code(table: &mut Table, key: &str) -> Option<u32> {
    match table.take(key)?.value {
        Value::Integer(code) => u32::try_from(code?).ok(),
        _ => None,
    }
}

fn read_answer(answer: &Line<String>, problems: &mut Problems) -> Option<AnswerBehavior> {
    Some(match answer.value.as_str() {
        "ring" => AnswerBehavior::Ring,
        "answer" => AnswerBehavior::Answer,
        "busy" => AnswerBehavior::Busy,
        "no-answer" => AnswerBehavior::NoAnswer,
        "machine" => AnswerBehavior::Machine {
            greeting: Duration::from_secs(5),
            beeps: true,
        },
        "fax" => AnswerBehavior::Fax,
        "silence" => AnswerBehavior::Silence,
        _ => {
            let known = "ring, answer, busy, no-answer, machine, fax, silence";
            problems.add(answer.line, format!("`answer` is none of {known}"));
            return None;
        }
    })
}
