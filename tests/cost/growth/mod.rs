//! CPU time of every public parser grows linearly with its input.
//!
//! Each parser reads twelve shapes of input at 1, 2, 4 and 8 times a size. Twice the input may cost
//! at most 2.5 times the CPU time: quadratic work costs 4 times.

#[cfg(feature = "client")]
mod client;
mod phone;
mod shapes;
mod twiml;
mod webhook;
mod websocket;

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use shapes::Shape;

/// Limit for a ratio: 2 for linear work, more for the logarithm of a sort and for noise.
const MOST: f64 = 2.5;

/// Limit for one run on the smallest input. A slower parser starts with a smaller input.
const USUAL: Duration = Duration::from_millis(1);

/// Minimum time of a measurement. Shorter runs are repeated within one measurement.
const SHORTEST: Duration = Duration::from_micros(200);

/// Minimum time in a ratio. A parser may refuse a small input at once but read a larger one.
const GRAIN: Duration = Duration::from_micros(10);

/// Minimum number of measurements of one size; more follow while the ratio is too high. The
/// smallest time counts, because noise only adds time.
const FEWEST: u32 = 3;
/// Limit for repeated measurements.
const PATIENCE: Duration = Duration::from_secs(10);

/// Limit for one run. A longer run is a failure, and no larger input is tried.
const LONGEST: Duration = Duration::from_millis(300);

/// Lower limit for the smallest input, in bytes.
const SMALLEST: usize = 64;

/// One run of a parser on a prepared input.
type Run = Box<dyn FnMut()>;

/// A parser: its name, the smallest size of its input in bytes, and the function that prepares it.
struct Parser {
    name: &'static str,
    size: usize,
    prepare: fn(Shape, usize) -> Run,
}

/// Measurements of one input size.
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

/// Returns the CPU time of this thread.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(
        time.tv_sec.try_into().unwrap(),
        time.tv_nsec.try_into().unwrap(),
    )
}

/// Returns the ratio of each time to the time of half the size.
fn ratios(samples: &[Sample]) -> Vec<f64> {
    let pairs = samples.iter().zip(samples.iter().skip(1));
    pairs
        .map(|(one, double)| double.time().as_secs_f64() / one.time().as_secs_f64())
        .collect()
}

/// Reports whether the average ratio and the last ratio are at most [`MOST`]. One higher ratio in
/// between is allowed: work that starts at a certain length is one step, not growth.
fn is_linear(ratios: &[f64]) -> bool {
    let at_most = |ratios: &[f64]| {
        let doublings = i32::try_from(ratios.len()).unwrap();
        ratios.iter().product::<f64>() <= MOST.powi(doublings)
    };
    at_most(ratios) && at_most(&ratios[ratios.len().saturating_sub(2)..])
}

/// Returns a report if a parser grows too fast on a shape.
fn fault(parser: &Parser, shape: Shape) -> Option<String> {
    let sample = |size| Sample::new((parser.prepare)(shape, size));
    let mut size = parser.size;
    let mut samples = vec![sample(size)];
    // A slow parser starts smaller, so that 8 times its size is still fast enough to measure.
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
    // CPU time, not wall time, so that waiting for a busy machine does not count.
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

/// Fails with a report on every parser and shape that grows too fast.
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
