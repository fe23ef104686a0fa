//! CPU time of every public parser grows with its input, and no faster.
//!
//! Each parser reads twelve shapes of input at 1, 2, 4 and 8 times a size. Twice the input may cost
//! at most 2.5 times the CPU time: quadratic work costs 4 times.

#[cfg(feature = "client")]
mod client;
mod phone;
mod shapes;
mod twiml;
mod webhook;

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use shapes::Shape;

/// More than twice the work, with the logarithm of a sort and the noise of a shared machine.
const MOST: f64 = 2.5;

/// One run of the least size takes at most so long; a slow parser begins with a smaller size.
const USUAL: Duration = Duration::from_millis(1);

/// Shorter runs are measured several at once.
const SHORTEST: Duration = Duration::from_micros(200);

/// Least time that counts: below it an input may be refused at sight, and a larger one be read.
const GRAIN: Duration = Duration::from_micros(10);

/// Measurements of one size: a few, and more while the ratio is too high. The least counts, because
/// noise only adds.
const FEWEST: u32 = 3;
const PATIENCE: Duration = Duration::from_secs(10);

/// A run that takes so long has failed: no larger input is tried.
const LONGEST: Duration = Duration::from_millis(300);

/// No input begins smaller, in bytes.
const SMALLEST: usize = 64;

/// One run of a parser on an input that is ready.
type Run = Box<dyn FnMut()>;

/// A parser: its name, the least size of its input in bytes, and how the input is made.
struct Parser {
    name: &'static str,
    size: usize,
    prepare: fn(Shape, usize) -> Run,
}

/// One size of an input.
struct Sample {
    run: Run,
    repeats: u32,
    least: Duration,
}

impl Sample {
    fn new(run: Run) -> Self {
        let mut sample = Self {
            run,
            repeats: 1,
            least: Duration::MAX,
        };
        sample.measure();
        let repeats = SHORTEST.as_nanos() / sample.least.as_nanos().max(1);
        sample.repeats = u32::try_from(repeats).unwrap().max(1);
        sample
    }

    fn measure(&mut self) {
        let start = cpu();
        for _ in 0..self.repeats {
            (self.run)();
        }
        let spent = cpu().saturating_sub(start);
        self.least = self.least.min(spent / self.repeats);
    }

    fn time(&self) -> Duration {
        self.least.max(GRAIN)
    }
}

/// CPU time of this thread.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(
        time.tv_sec.try_into().unwrap(),
        time.tv_nsec.try_into().unwrap(),
    )
}

/// The ratios of each size to the one before it.
fn ratios(samples: &[Sample]) -> Vec<f64> {
    let pairs = samples.iter().zip(samples.iter().skip(1));
    pairs
        .map(|(one, double)| double.time().as_secs_f64() / one.time().as_secs_f64())
        .collect()
}

/// Tells whether the doublings cost at most [`MOST`] each on average, all of them and the last two.
///
/// One step is no growth: a second attempt begins at a certain length, and the allocator maps fresh
/// memory from 128 KiB on. Quadratic work costs 16 times in two doublings, 6.25 times are permitted.
fn is_linear(ratios: &[f64]) -> bool {
    let at_most = |ratios: &[f64]| {
        let doublings = i32::try_from(ratios.len()).unwrap();
        ratios.iter().product::<f64>() <= MOST.powi(doublings)
    };
    at_most(ratios) && at_most(&ratios[ratios.len().saturating_sub(2)..])
}

/// What is wrong with the growth of one parser on one shape, if anything.
fn fault(parser: &Parser, shape: Shape) -> Option<String> {
    let sample = |size| Sample::new((parser.prepare)(shape, size));
    let mut size = parser.size;
    let mut samples = vec![sample(size)];
    while samples.iter().any(|sample| sample.least > USUAL) && size > SMALLEST {
        size /= 2;
        samples = vec![sample(size)];
    }
    let report = |samples: &[Sample]| {
        let times: Vec<_> = samples.iter().map(|sample| sample.least).collect();
        let (name, ratios) = (parser.name, ratios(samples));
        format!("{name}, {shape:?}, from {size} bytes: {times:.1?}, ratios {ratios:.2?}")
    };
    for times in [2, 4, 8] {
        samples.push(sample(size * times));
        if samples.last()?.least > LONGEST {
            return Some(report(&samples));
        }
    }
    let start = cpu();
    for run in 1.. {
        samples.iter_mut().for_each(Sample::measure);
        let is_fine = is_linear(&ratios(&samples));
        if is_fine && run >= FEWEST {
            return None;
        }
        if !is_fine && cpu().saturating_sub(start) > PATIENCE {
            break;
        }
    }
    Some(report(&samples))
}

/// Fails with every parser and shape that grows too fast.
#[track_caller]
fn assert_growth(parsers: &[Parser]) {
    let mut faults = Vec::new();
    for parser in parsers {
        for shape in Shape::ALL {
            faults.extend(fault(parser, shape));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
