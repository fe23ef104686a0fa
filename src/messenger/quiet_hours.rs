//! Hours in which no one is contacted, by the recipient's clock.

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use jiff::{Span, Timestamp, ZonedDateTime, tz};

/// Hours in which people are neither texted nor called, by their own clock.
///
/// The caller gives the person's time zone with each text and call, such as from their record. A
/// number does not tell it: people move and keep their number.
///
/// ```
/// use clinspark_twilio::messenger::{QuietStatus, QuietHours, TimeOfDay, UnknownTimeZone, TimeZone};
/// use std::time::{Duration, UNIX_EPOCH};
///
/// let (from, until) = (TimeOfDay::parse("21:00")?, TimeOfDay::parse("08:00")?);
/// let quiet = QuietHours::new(from, until, UnknownTimeZone::Refuse);
///
/// // Midnight of 1 January 2026 in London is 11:00 in Sydney.
/// let midnight = UNIX_EPOCH + Duration::from_secs(1_767_225_600);
/// let sydney = TimeZone::parse("Australia/Sydney")?;
/// assert!(matches!(quiet.status_at(midnight, Some(&sydney)), QuietStatus::Open { .. }));
/// let london = TimeZone::parse("Europe/London")?;
/// let eight = midnight + Duration::from_secs(8 * 3600);
/// assert_eq!(quiet.status_at(midnight, Some(&london)), QuietStatus::Quiet { until: Some(eight) });
/// # Ok::<(), clinspark_twilio::messenger::QuietHoursError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuietHours {
    from: TimeOfDay,
    until: TimeOfDay,
    unknown_time_zone: UnknownTimeZone,
}

/// Policy for a person whose time zone is not known. There is no default: it is a choice between
/// disturbing a person and not informing them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnknownTimeZone {
    /// Nothing is sent.
    Refuse,
    /// It is sent, as if there were no quiet hours.
    Send,
    /// It is sent when the hour is quiet in none of these zones, such as those of the country.
    /// Without any, nothing is sent.
    OpenIn(Vec<TimeZone>),
}

/// Status of an instant under [`QuietHours`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "callers have to answer each of the three; a fourth would have to break them"
)]
pub enum QuietStatus {
    /// Texts and calls may be sent.
    Open {
        /// Start of the next quiet hours; `None` when there are none.
        until: Option<SystemTime>,
    },
    /// The hour is quiet: texts and calls have to wait.
    Quiet {
        /// Time from which it may be sent; `None` when there is no such time.
        until: Option<SystemTime>,
    },
    /// The zone is not known, and the policy is to refuse.
    Unknown,
}

impl QuietHours {
    /// Quiet from one time of day until another, past midnight if need be. Until the same time
    /// means the whole day.
    #[must_use]
    pub const fn new(
        from: TimeOfDay,
        until: TimeOfDay,
        unknown_time_zone: UnknownTimeZone,
    ) -> Self {
        Self {
            from,
            until,
            unknown_time_zone,
        }
    }

    /// Returns the status of an instant by the clock in a person's zone. `None` is an unknown zone.
    ///
    /// If the clock is put forward over the end of the quiet hours, they end with the change. If it
    /// is put back into them, they begin again.
    #[must_use]
    pub fn status_at(&self, time: SystemTime, zone: Option<&TimeZone>) -> QuietStatus {
        let zones = match (zone, &self.unknown_time_zone) {
            (Some(zone), _) => std::slice::from_ref(zone),
            (None, UnknownTimeZone::Send) => return QuietStatus::Open { until: None },
            (None, UnknownTimeZone::OpenIn(zones)) if !zones.is_empty() => zones,
            (None, UnknownTimeZone::Refuse | UnknownTimeZone::OpenIn(_)) => {
                return QuietStatus::Unknown;
            }
        };
        let Ok(time) = Timestamp::try_from(time) else {
            return QuietStatus::Quiet { until: None };
        };
        if zones.iter().any(|zone| self.is_quiet(time, zone)) {
            let until = self
                .next_open(time, zones)
                .and_then(|at| SystemTime::try_from(at).ok());
            return QuietStatus::Quiet { until };
        }
        let until = zones
            .iter()
            .filter_map(|zone| self.next_transition(time, zone, true))
            .min()
            .and_then(|at| SystemTime::try_from(at).ok());
        QuietStatus::Open { until }
    }

    fn is_quiet(&self, time: Timestamp, zone: &TimeZone) -> bool {
        let now = TimeOfDay::of(&time.to_zoned_datetime(zone.0.clone()));
        let (from, until) = (self.from, self.until);
        if from < until {
            (from..until).contains(&now)
        } else {
            now >= from || now < until
        }
    }

    /// Returns the first instant after a quiet one at which no zone is quiet.
    fn next_open(&self, time: Timestamp, zones: &[TimeZone]) -> Option<Timestamp> {
        // Each zone moves the instant on once or twice a day; zones whose open hours never meet
        // would move it for ever.
        let mut at = time;
        for _ in 0..zones.len().saturating_mul(8).max(8) {
            match zones.iter().find(|zone| self.is_quiet(at, zone)) {
                Some(zone) => at = self.next_transition(at, zone, false)?,
                None => return Some(at),
            }
        }
        None
    }

    /// The first instant after this one at which it becomes quiet, or ceases to be.
    ///
    /// The status changes only when the wall clock shows the beginning or the end, or when the offset
    /// from UTC changes.
    fn next_transition(
        &self,
        time: Timestamp,
        TimeZone(zone): &TimeZone,
        quiet: bool,
    ) -> Option<Timestamp> {
        let boundary = if quiet { self.from } else { self.until };
        let today = time.to_zoned_datetime(zone.clone()).date();
        let by_wall_clock = (0..=2).filter_map(|days| {
            let date = today.checked_add(Span::new().days(days)).ok()?;
            let wall = date.at(boundary.hour(), boundary.minute(), 0, 0);
            // Twice where the clock is put back.
            let instants = zone.to_ambiguous_timestamp(wall);
            Some([instants.earlier().ok(), instants.later().ok()])
        });
        let horizon = time.checked_add(Span::new().hours(72)).ok()?;
        let offset_changes = zone
            .following(time)
            .map(|transition| transition.timestamp())
            .take_while(|at| *at <= horizon);
        by_wall_clock
            .flatten()
            .flatten()
            .chain(offset_changes)
            .filter(|at| *at > time && self.is_quiet(*at, &TimeZone(zone.clone())) == quiet)
            .min()
    }
}

/// A time of day by the wall clock, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay {
    hour: i8,
    minute: i8,
}

impl TimeOfDay {
    /// Reads `08:00` or `21:30`: two digits each, from `00:00` to `23:59`.
    ///
    /// # Errors
    ///
    /// [`QuietHoursError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, QuietHoursError> {
        const INVALID: QuietHoursError = QuietHoursError("write a time of day as 08:00 or 21:30");
        let number = |text: &str, below: i8| {
            let digits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
            let number = text.parse().ok().filter(|number| *number < below);
            number.filter(|_| digits).ok_or(INVALID)
        };
        let (hour, minute) = text.split_once(':').ok_or(INVALID)?;
        Ok(Self {
            hour: number(hour, 24)?,
            minute: number(minute, 60)?,
        })
    }

    fn of(time: &ZonedDateTime) -> Self {
        Self {
            hour: time.hour(),
            minute: time.minute(),
        }
    }

    const fn hour(self) -> i8 {
        self.hour
    }

    const fn minute(self) -> i8 {
        self.minute
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

impl FromStr for TimeOfDay {
    type Err = QuietHoursError;
    fn from_str(text: &str) -> Result<Self, QuietHoursError> {
        Self::parse(text)
    }
}

/// A time zone by its name in the IANA database, such as `Australia/Sydney`.
#[derive(Clone, PartialEq, Eq)]
pub struct TimeZone(tz::TimeZone);

impl TimeZone {
    /// Looks a zone up: in the system's database, else in the one that is compiled in.
    ///
    /// A record that holds no zone, or none that exists, is what `None` and [`UnknownTimeZone`] are
    /// for: `TimeZone::parse(text).ok()`.
    ///
    /// # Errors
    ///
    /// [`QuietHoursError`] when there is no zone of that name.
    pub fn parse(name: &str) -> Result<Self, QuietHoursError> {
        const INVALID: QuietHoursError =
            QuietHoursError("there is no such time zone; write one as Australia/Sydney");
        let zone = tz::TimeZone::get(name).map_err(|_| INVALID)?;
        // Placeholders, which would pass for Greenwich.
        if zone.is_unknown() || name.eq_ignore_ascii_case("Factory") {
            return Err(INVALID);
        }
        Ok(Self(zone))
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or_default()
    }
}

impl fmt::Debug for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TimeZone({})", self.name())
    }
}

impl FromStr for TimeZone {
    type Err = QuietHoursError;
    fn from_str(name: &str) -> Result<Self, QuietHoursError> {
        Self::parse(name)
    }
}

/// The text is no time of day, or no time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct QuietHoursError(&'static str);
