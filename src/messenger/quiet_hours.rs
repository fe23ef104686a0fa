//! Hours in which no one is contacted, in the recipient's time zone.

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use jiff::{Span, Timestamp, ZonedDateTime, tz};

/// Hours in which people are neither texted nor called, in their own time zone.
///
/// Pass the person's time zone, such as from their record, with each text and call. It cannot be
/// derived from the number, because people move and keep their number.
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

/// Policy for a person whose time zone is unknown.
///
/// There is no default, because each policy has a risk: a person is disturbed, or is not informed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnknownTimeZone {
    /// Sends nothing.
    Refuse,
    /// Sends, as if there were no quiet hours.
    Send,
    /// Sends only while it is a quiet hour in none of these zones, such as those of the country.
    /// Sends nothing if the list is empty.
    OpenIn(Vec<TimeZone>),
}

/// Status of a point in time under [`QuietHours`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "callers must handle each of the three; a fourth would have to break their build"
)]
pub enum QuietStatus {
    /// Texts and calls may be sent.
    Open {
        /// Start of the next quiet hours. `None` if there are none, or if the time zone is unknown
        /// and the policy is [`UnknownTimeZone::Send`].
        until: Option<SystemTime>,
    },
    /// Quiet hour: texts and calls must wait.
    Quiet {
        /// End of the quiet hours. `None` if they never end, or if the time is outside the supported
        /// range.
        until: Option<SystemTime>,
    },
    /// The time zone is unknown, and the policy is to refuse: [`UnknownTimeZone::Refuse`], or
    /// [`UnknownTimeZone::OpenIn`] without zones.
    Unknown,
}

impl QuietHours {
    /// Creates quiet hours from one time of day until another, which may be past midnight. Two equal
    /// times make the whole day quiet.
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

    /// Returns the status of a point in time in a person's time zone. `None` is an unknown zone.
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
        // Each zone moves the instant forward once or twice a day. The limit ends the search if the
        // zones have no open hour in common.
        let mut at = time;
        for _ in 0..zones.len().saturating_mul(8).max(8) {
            match zones.iter().find(|zone| self.is_quiet(at, zone)) {
                Some(zone) => at = self.next_transition(at, zone, false)?,
                None => return Some(at),
            }
        }
        None
    }

    /// Returns the first instant after this one at which quiet hours begin (`quiet`) or end.
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
            // A time of day occurs twice when the clock is put back.
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

/// Time of day on the wall clock, to the minute.
///
/// ```
/// use clinspark_twilio::messenger::TimeOfDay;
///
/// let evening: TimeOfDay = "21:30".parse()?;
/// assert!(TimeOfDay::parse("08:00")? < evening);
/// assert!(TimeOfDay::parse("9pm").is_err());
/// # Ok::<(), clinspark_twilio::messenger::QuietHoursError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay {
    hour: i8,
    minute: i8,
}

impl TimeOfDay {
    /// Parses `08:00` or `21:30`: two digits each, from `00:00` to `23:59`.
    ///
    /// # Errors
    ///
    /// Returns [`QuietHoursError`] for any other text.
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

/// Time zone, by its name in the IANA database, such as `Australia/Sydney`.
///
/// ```
/// use clinspark_twilio::messenger::TimeZone;
///
/// let zone = TimeZone::parse("Australia/Sydney")?;
/// assert_eq!(zone.name(), "Australia/Sydney");
///
/// // A record without a valid zone: `UnknownTimeZone` decides about texts and calls.
/// assert_eq!(TimeZone::parse("Sydney").ok(), None);
/// # Ok::<(), clinspark_twilio::messenger::QuietHoursError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct TimeZone(tz::TimeZone);

impl TimeZone {
    /// Looks up a zone in the system's database, otherwise in the database that is compiled in.
    ///
    /// For a record that may hold no zone or an invalid one, pass `TimeZone::parse(text).ok()`. For
    /// `None`, [`UnknownTimeZone`] applies.
    ///
    /// # Errors
    ///
    /// Returns [`QuietHoursError`] if there is no zone with this name.
    pub fn parse(name: &str) -> Result<Self, QuietHoursError> {
        const INVALID: QuietHoursError = QuietHoursError(
            "there is no such time zone; write an IANA name such as Australia/Sydney",
        );
        let zone = tz::TimeZone::get(name).map_err(|_| INVALID)?;
        // Placeholders of the database, which would count as UTC.
        if zone.is_unknown() || name.eq_ignore_ascii_case("Factory") {
            return Err(INVALID);
        }
        Ok(Self(zone))
    }

    /// Returns the time of day of this zone's wall clock. `None` for a time outside of the years -9999
    /// to 9999.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use clinspark_twilio::messenger::TimeZone;
    ///
    /// let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_229_200);
    /// let shown = TimeZone::parse("Australia/Sydney")?.time_of_day(time).unwrap();
    /// assert_eq!(shown.to_string(), "12:00");
    /// # Ok::<(), clinspark_twilio::messenger::QuietHoursError>(())
    /// ```
    #[must_use]
    pub fn time_of_day(&self, time: SystemTime) -> Option<TimeOfDay> {
        let time = Timestamp::try_from(time).ok()?;
        Some(TimeOfDay::of(&time.to_zoned_datetime(self.0.clone())))
    }

    /// Returns the name.
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

/// Error returned when a text is not a time of day, or not a time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct QuietHoursError(&'static str);
