//! Verifying a body costs at most 3 times as much as a text message of the same size.
//!
//! Before the signature is verified, the sender controls names, values, their order and their
//! encoding. The test therefore searches for the most expensive body. It combines parts that are
//! expensive to sort and decode, and repeatedly changes the worst combinations at random.
//!
//! `SEARCH=20000 cargo test --release --all-features --test cost signature -- --nocapture` is a
//! longer search, and prints its results.

use std::collections::HashMap;
use std::time::Duration;

use clinspark_twilio::types::{AccountSid, AuthToken};
use clinspark_twilio::webhook::{Keys, PublicOrigin, SIGNATURE_HEADER, Validator};
use http::{HeaderValue, Request};
use rustix::time::{ClockId, clock_gettime};

const ACCOUNT: &str = "AC00000000000000000000000000000001";
/// Default limit for a body, in bytes.
const LIMIT: usize = 65_536;
const SIZES: [usize; 2] = [LIMIT, 120_000];
/// Limit for the cost of the worst body, in multiples of a text message of the same size.
const BOUND: f64 = 3.0;

/// Pseudorandom numbers, the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.next() as usize % bound
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        *from.get(self.below(from.len())).unwrap()
    }
}

/// Parts that a name or a value repeats.
const UNITS: [&[u8]; 16] = [
    b"a",
    b"%61",
    b"+",
    b"a+",
    b"%",
    b"%6",
    b"%C3%A9",
    "\u{E9}".as_bytes(),
    b"%F0%9F%91%8D",
    b"%FF",
    b"\xFF",
    b"%F0%9F",
    b"\xC3a",
    b"=",
    b"%00",
    b"%26%3D",
];

/// Numbers of parameters. Bodies with too many are refused early and cost little, so most counts
/// are below that limit.
const COUNTS: [usize; 10] = [0, 1, 2, 12, 31, 33, 200, 400, 490, 60_000];

/// Lengths of runs of `&`, which contain no parameters.
const EMPTY_PAIRS: [usize; 6] = [0, 0, 1, 100, 5_000, 60_000];

const LENGTHS: [usize; 8] = [0, 1, 7, 8, 17, 60, 600, 60_000];

/// Orders of many parameters: sorted ones, and ones that lead a quicksort to bad pivots.
const ORDERS: [Order; 6] = [
    Order::Equal,
    Order::Rising,
    Order::Falling,
    Order::Mixed,
    Order::OrganPipe,
    Order::MedianOfThree,
];

#[derive(Clone, Copy, Debug)]
enum Order {
    Equal,
    Rising,
    Falling,
    Mixed,
    OrganPipe,
    MedianOfThree,
}

impl Order {
    fn number(self, at: usize, count: usize) -> usize {
        match self {
            Self::Equal => 0,
            Self::Rising => at,
            Self::Falling => count - at,
            Self::Mixed => at.wrapping_mul(0x9E37_79B1) % 65_536,
            Self::OrganPipe => at.min(count - at),
            Self::MedianOfThree if at.is_multiple_of(2) => at / 2 + 1,
            Self::MedianOfThree => count / 2 + at / 2,
        }
    }
}

/// A section of a form, with parameters of one kind.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    count: usize,
    order: Order,
    name: (usize, usize),
    value: (usize, usize),
    /// Puts the number that orders the parameters into the name, else into the value.
    in_name: bool,
    /// Puts that number after the repeated part, else before it.
    behind: bool,
}

impl Stretch {
    fn random(random: &mut Random) -> Self {
        Self {
            count: random.pick(&COUNTS),
            order: random.pick(&ORDERS),
            name: (random.below(UNITS.len()), random.pick(&LENGTHS)),
            value: (random.below(UNITS.len()), random.pick(&LENGTHS)),
            in_name: random.below(2) == 0,
            behind: random.below(3) > 0,
        }
    }

    fn change(&mut self, random: &mut Random) {
        let other = Self::random(random);
        match random.below(8) {
            0 => self.count = other.count,
            1 => self.order = other.order,
            2 => self.name.0 = other.name.0,
            3 => self.name.1 = other.name.1,
            4 => self.value.0 = other.value.0,
            5 => self.value.1 = other.value.1,
            6 => self.in_name = other.in_name,
            _ => self.behind = other.behind,
        }
    }

    /// Adds the parameters to a form, up to `space` bytes.
    fn write(&self, form: &mut Vec<u8>, space: usize) {
        let end = form.len() + space;
        let most = (space / self.count.max(1)).saturating_sub(8) / 2;
        for at in 0..self.count {
            let number = format!("{:x}", self.order.number(at, self.count));
            form.extend(self.piece(self.name, most, if self.in_name { &number } else { "" }));
            form.push(b'=');
            form.extend(self.piece(self.value, most, if self.in_name { "" } else { &number }));
            form.push(b'&');
            if form.len() >= end {
                break;
            }
        }
        form.truncate(end);
    }

    fn piece(&self, (unit, length): (usize, usize), most: usize, number: &str) -> Vec<u8> {
        let unit = UNITS.get(unit).unwrap();
        let repeated = unit.repeat(length.min(most) / unit.len());
        if self.behind {
            [&repeated, number.as_bytes()].concat()
        } else {
            [number.as_bytes(), &repeated].concat()
        }
    }
}

/// Content that fills the end of a form.
#[derive(Clone, Copy, Debug)]
enum Fill {
    /// One value that repeats a unit.
    Value(usize),
    /// Empty pairs: `&` only.
    EmptyPairs,
}

impl Fill {
    fn random(random: &mut Random) -> Self {
        match random.below(UNITS.len() + 4).checked_sub(4) {
            Some(unit) => Self::Value(unit),
            None => Self::EmptyPairs,
        }
    }

    fn unit(self) -> (&'static [u8], &'static [u8]) {
        match self {
            Self::Value(unit) => (b"&z=", UNITS.get(unit).unwrap()),
            Self::EmptyPairs => (b"", b"&"),
        }
    }
}

/// A form: sections of equal size, and a value or empty pairs that fill the rest.
#[derive(Clone, Debug)]
struct Shape {
    stretches: Vec<Stretch>,
    /// Number of empty pairs before the account and after each section.
    empty_pairs: usize,
    fill: Fill,
}

impl Shape {
    fn random(random: &mut Random) -> Self {
        Self {
            stretches: (0..=random.below(3))
                .map(|_| Stretch::random(random))
                .collect(),
            empty_pairs: random.pick(&EMPTY_PAIRS),
            fill: Fill::random(random),
        }
    }

    fn change(&mut self, random: &mut Random) {
        let count = self.stretches.len();
        let at = random.below(count + 1);
        match self.stretches.get_mut(at) {
            Some(stretch) => stretch.change(random),
            None if count < 4 && random.below(2) == 0 => {
                self.stretches.push(Stretch::random(random));
            }
            None if random.below(2) == 0 => self.empty_pairs = random.pick(&EMPTY_PAIRS),
            None => self.fill = Fill::random(random),
        }
    }

    fn form(&self, size: usize) -> Vec<u8> {
        let empty = b"&".repeat(self.empty_pairs);
        let mut form = [&empty, format!("AccountSid={ACCOUNT}&").as_bytes()].concat();
        let space = size.saturating_sub(form.len()) / self.stretches.len();
        for stretch in &self.stretches {
            stretch.write(&mut form, space.saturating_sub(empty.len()));
            form.extend_from_slice(&empty);
        }
        let (start, unit) = self.fill.unit();
        form.extend_from_slice(start);
        form.extend(unit.iter().cycle().take(size.saturating_sub(form.len())));
        form.truncate(size);
        form
    }
}

/// Returns the form of a text message as Twilio sends it, with a body that fills the size.
fn text_message(size: usize) -> Vec<u8> {
    let form = format!(
        "ToCountry=US&SmsMessageSid=SM00000000000000000000000000000001&NumMedia=0&FromZip=94105\
         &AccountSid={ACCOUNT}&From=%2B14155550123&ApiVersion=2010-04-01&To=%2B14155550199&Body="
    );
    let text = b"Yes%2C+I+will+come+tomorrow+at+nine+o%27clock.+";
    let text = text.iter().cycle().take(size - form.len());
    form.bytes().chain(text.copied()).collect()
}

fn validator() -> Validator<HashMap<AccountSid, Keys>> {
    let keys = Keys::new(AuthToken::new("12345").unwrap());
    let keys = HashMap::from([(AccountSid::parse(ACCOUNT).unwrap(), keys)]);
    let origin = PublicOrigin::parse("https://acme.example.com").unwrap();
    Validator::with_key_source(keys, origin).body_limit(1 << 20)
}

/// Returns the CPU time of this thread for one verification: the minimum of 5 measurements.
fn cost(form: &[u8]) -> Duration {
    let validator = validator();
    let clock = || {
        let now = clock_gettime(ClockId::ThreadCPUTime);
        Duration::new(
            u64::try_from(now.tv_sec).unwrap(),
            u32::try_from(now.tv_nsec).unwrap(),
        )
    };
    // An attacker has no valid signature, but the body is sorted and hashed all the same.
    let forged = HeaderValue::from_static("AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    let once = || {
        let request = Request::post("/twilio/sms")
            .header("content-type", "application/x-www-form-urlencoded")
            .header(SIGNATURE_HEADER, forged.clone())
            .body(form)
            .unwrap();
        let start = clock();
        validator.verify(request).unwrap_err();
        clock().checked_sub(start).unwrap()
    };
    // The minimum, because noise only adds time.
    (0..5).map(|_| once()).min().unwrap()
}

/// Returns the cost in multiples of a text message of the same size.
fn ratio(form: &[u8]) -> f64 {
    cost(form).as_secs_f64() / cost(&text_message(form.len())).as_secs_f64()
}

/// Returns the most expensive shape of a search, and its cost.
fn search(size: usize, steps: usize) -> (f64, Shape) {
    const KEPT: usize = 8;
    let mut random = Random(size as u64);
    let benign = cost(&text_message(size)).as_secs_f64();
    let mut best: Vec<(f64, Shape)> = Vec::new();
    for step in 0..steps {
        // Every third shape is new, so that the search does not stay near a local maximum.
        let mut shape = Shape::random(&mut random);
        if step % 3 > 0 && !best.is_empty() {
            let at = random.below(best.len());
            shape = best.get(at).unwrap().1.clone();
            for _ in 0..=random.below(3) {
                shape.change(&mut random);
            }
        }
        best.push((cost(&shape.form(size)).as_secs_f64() / benign, shape));
        best.sort_by(|a, b| b.0.total_cmp(&a.0));
        best.truncate(KEPT);
    }
    let (_, shape) = best.swap_remove(0);
    // Measured again, because noise on the machine may have raised the first measurement.
    let again = (0..3).map(|_| ratio(&shape.form(size)));
    (again.fold(f64::MAX, f64::min), shape)
}

fn steps() -> usize {
    let steps = std::env::var("SEARCH").ok();
    steps.map_or(120, |steps| steps.parse().unwrap())
}

#[test]
fn no_body_costs_three_times_a_text_message() {
    for size in SIZES {
        let (worst, shape) = search(size, steps());
        println!("{size} bytes: {worst:.2} times a text message, {shape:?}");
        assert!(worst <= BOUND, "{worst:.2} times for {shape:?}");
    }
}

/// Empty pairs are skipped. Those before the account are skipped twice, because the account is
/// looked up first.
#[test]
fn empty_pairs() {
    for size in SIZES {
        let empty = "&".repeat(size - 60);
        let account = format!("AccountSid={ACCOUNT}");
        for (name, form) in [
            ("behind the account", format!("{account}{empty}")),
            ("in front of it", format!("{empty}{account}")),
            ("with =", format!("{account}&{}", "=&".repeat(size / 2))),
            (
                "behind many names",
                format!("{}{empty}{account}", "&a".repeat(490)),
            ),
        ] {
            let worst = (0..3).map(|_| ratio(form.as_bytes()));
            // The smallest ratio, because noise affects both costs.
            let worst = worst.fold(f64::MAX, f64::min);
            println!("{size} bytes, empty pairs {name}: {worst:.2} times a text message");
            assert!(worst <= BOUND, "{worst:.2} times for empty pairs {name}");
        }
    }
}

/// A shape that the search found: one long value becomes the pivot in a sort of many short values.
#[test]
fn one_long_value_among_many_short_ones() {
    for size in SIZES {
        for short in [200, 490, 100_000] {
            let mut form = format!("AccountSid={ACCOUNT}&").into_bytes();
            let values = (0..short).map(|n| format!("a={}&", n % 10));
            let values: Vec<u8> = values.flat_map(String::into_bytes).take(size / 2).collect();
            let (before, after) = values.split_at(values.len() / 2);
            let long = "%C3%A9".repeat((size - values.len() - form.len() - 8) / 6);
            form.extend_from_slice(before);
            form.extend_from_slice(format!("&a=5{long}&").as_bytes());
            form.extend_from_slice(after);
            let worst = (0..3).map(|_| ratio(&form)).fold(f64::MAX, f64::min);
            println!("{size} bytes, {short} short values: {worst:.2} times a text message");
            assert!(worst <= BOUND, "{worst:.2} times for {short} short values");
        }
    }
}
