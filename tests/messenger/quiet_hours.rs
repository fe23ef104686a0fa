//! Quiet hours by the clock on the wall, also on the days when it is put forward or back.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clinspark_twilio::messenger::{QuietHours, QuietStatus, TimeOfDay, TimeZone, UnknownTimeZone};

fn quiet(from: &str, until: &str) -> QuietHours {
    let time = |text| TimeOfDay::parse(text).unwrap();
    QuietHours::new(time(from), time(until), UnknownTimeZone::Refuse)
}

fn zone(name: &str) -> TimeZone {
    TimeZone::parse(name).unwrap()
}

/// An instant, written as a date in UTC. The test counts days by itself.
fn utc(text: &str) -> SystemTime {
    let number = |range: std::ops::Range<usize>| text.get(range).unwrap().parse::<u64>().unwrap();
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let (hour, minute) = (number(11..13), number(14..16));
    let leap = |year: u64| year.is_multiple_of(4);
    let days: u64 = (1970..year).map(|year| 365 + u64::from(leap(year))).sum();
    let months = [
        31,
        28 + u64::from(leap(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let days = days
        + months
            .iter()
            .take(usize::try_from(month).unwrap() - 1)
            .sum::<u64>()
        + day
        - 1;
    UNIX_EPOCH + Duration::from_secs(((days * 24 + hour) * 60 + minute) * 60)
}

#[track_caller]
fn is_open(quiet: &QuietHours, at: &str, place: &str, until: &str) {
    let until = Some(utc(until));
    assert_eq!(
        quiet.status_at(utc(at), Some(&zone(place))),
        QuietStatus::Open { until }
    );
}

#[track_caller]
fn is_quiet(quiet: &QuietHours, at: &str, place: &str, until: &str) {
    let until = Some(utc(until));
    assert_eq!(
        quiet.status_at(utc(at), Some(&zone(place))),
        QuietStatus::Quiet { until }
    );
}

#[test]
fn quiet_hours_begin_and_end_to_the_minute() {
    let nights = quiet("21:00", "08:00");
    let berlin = "Europe/Berlin"; // an hour ahead of UTC in January
    is_quiet(&nights, "2026-01-15 06:59", berlin, "2026-01-15 07:00");
    is_open(&nights, "2026-01-15 07:00", berlin, "2026-01-15 20:00");
    is_open(&nights, "2026-01-15 19:59", berlin, "2026-01-15 20:00");
    is_quiet(&nights, "2026-01-15 20:00", berlin, "2026-01-16 07:00");
    is_quiet(&nights, "2026-01-15 23:30", berlin, "2026-01-16 07:00");
    // Half-hour zones.
    is_open(
        &nights,
        "2026-01-15 02:30",
        "Asia/Kolkata",
        "2026-01-15 15:30",
    );
    // Hours within a day.
    let lunch = quiet("12:00", "13:30");
    is_open(&lunch, "2026-01-15 10:59", berlin, "2026-01-15 11:00");
    is_quiet(&lunch, "2026-01-15 11:00", berlin, "2026-01-15 12:30");
    is_open(&lunch, "2026-01-15 12:30", berlin, "2026-01-16 11:00");
}

#[test]
fn the_clock_is_put_forward() {
    // New York, 8 March 2026: at 02:00 (07:00 UTC) it becomes 03:00.
    let place = "America/New_York";
    let nights = quiet("21:00", "08:00");
    // The night is an hour shorter.
    is_quiet(&nights, "2026-03-08 02:00", place, "2026-03-08 12:00");
    is_open(&nights, "2026-03-07 13:00", place, "2026-03-08 02:00");
    // The end of the quiet hours is never shown: they end with the change.
    let early = quiet("21:00", "02:30");
    is_quiet(&early, "2026-03-08 06:59", place, "2026-03-08 07:00");
    is_open(&early, "2026-03-08 07:00", place, "2026-03-09 01:00");
    // Their beginning is never shown: they begin with the change.
    let late = quiet("02:30", "08:00");
    is_open(&late, "2026-03-08 06:59", place, "2026-03-08 07:00");
    is_quiet(&late, "2026-03-08 07:00", place, "2026-03-08 12:00");
    // Both fall into the hour that the clock skips: quiet hours of no length.
    let never = quiet("02:15", "02:45");
    is_open(&never, "2026-03-08 06:59", place, "2026-03-09 06:15");
}

#[test]
fn the_clock_is_put_back() {
    // New York, 1 November 2026: at 02:00 (06:00 UTC) it becomes 01:00 again.
    let place = "America/New_York";
    let nights = quiet("21:00", "08:00");
    // The night is an hour longer.
    is_quiet(&nights, "2026-11-01 01:00", place, "2026-11-01 13:00");
    // The end is shown twice: the first time it opens, with the change it is quiet again.
    let early = quiet("21:00", "01:30");
    is_quiet(&early, "2026-11-01 05:29", place, "2026-11-01 05:30");
    is_open(&early, "2026-11-01 05:30", place, "2026-11-01 06:00");
    is_quiet(&early, "2026-11-01 06:00", place, "2026-11-01 06:30");
    is_open(&early, "2026-11-01 06:30", place, "2026-11-02 02:00");
    // The beginning is shown twice.
    let late = quiet("01:30", "08:00");
    is_open(&late, "2026-11-01 05:29", place, "2026-11-01 05:30");
    is_quiet(&late, "2026-11-01 05:30", place, "2026-11-01 06:00");
    is_open(&late, "2026-11-01 06:00", place, "2026-11-01 06:30");
    is_quiet(&late, "2026-11-01 06:30", place, "2026-11-01 13:00");
}

#[test]
fn zones_with_unusual_offsets() {
    // Lord Howe puts its clock by half an hour: 5 April 2026, at 02:00 (15:00 UTC) 01:30 again.
    let nights = quiet("21:00", "08:00");
    is_quiet(
        &nights,
        "2026-04-04 14:00",
        "Australia/Lord_Howe",
        "2026-04-04 21:30",
    );
    // Samoa left out 30 December 2011 altogether: after the 29th came the 31st.
    is_quiet(
        &nights,
        "2011-12-30 08:00",
        "Pacific/Apia",
        "2011-12-30 18:00",
    );
}

#[test]
fn several_zones_are_open_only_where_all_are() {
    let all =
        |zones: &[&str]| UnknownTimeZone::OpenIn(zones.iter().map(|name| zone(name)).collect());
    let time = |text| TimeOfDay::parse(text).unwrap();
    let us = all(&["America/New_York", "America/Los_Angeles"]);
    let nights = QuietHours::new(time("21:00"), time("08:00"), us);
    // Eight in New York is five in Los Angeles.
    assert_eq!(
        nights.status_at(utc("2026-01-15 13:00"), None),
        QuietStatus::Quiet {
            until: Some(utc("2026-01-15 16:00"))
        }
    );
    // Nine in the evening comes to New York first.
    assert_eq!(
        nights.status_at(utc("2026-01-15 16:00"), None),
        QuietStatus::Open {
            until: Some(utc("2026-01-16 02:00"))
        }
    );
    // One hour in which both are open does not come.
    let apart = all(&["Asia/Tokyo", "America/New_York"]);
    let days = QuietHours::new(time("17:00"), time("09:00"), apart);
    assert_eq!(
        days.status_at(utc("2026-01-15 13:00"), None),
        QuietStatus::Quiet { until: None }
    );
}

#[test]
fn equal_ends_make_the_whole_day_quiet() {
    let always = quiet("08:00", "08:00");
    let at = utc("2026-01-15 12:00");
    let refusal_kind = always.status_at(at, Some(&zone("Europe/London")));
    assert_eq!(refusal_kind, QuietStatus::Quiet { until: None });
    assert_eq!(always.status_at(at, None), QuietStatus::Unknown);
    // A time that no calendar holds.
    let far = UNIX_EPOCH + Duration::from_secs(u64::MAX / 4);
    let nights = quiet("21:00", "08:00");
    let refusal_kind = nights.status_at(far, Some(&zone("Europe/London")));
    assert_eq!(refusal_kind, QuietStatus::Quiet { until: None });
}

#[test]
fn times_and_zones_are_read_strictly() {
    assert_eq!(TimeOfDay::parse("00:00").unwrap().to_string(), "00:00");
    assert_eq!(TimeOfDay::parse("23:59").unwrap().to_string(), "23:59");
    for wrong in [
        "", "8:00", "24:00", "12:60", "12", "12:0", "+1:00", "12:00:00", "1２:00",
    ] {
        assert_eq!(
            TimeOfDay::parse(wrong).unwrap_err().to_string(),
            "write a time of day as 08:00 or 21:30",
            "{wrong}"
        );
    }
    assert_eq!(zone("Australia/Sydney").name(), "Australia/Sydney");
    assert_eq!(format!("{:?}", zone("UTC")), "TimeZone(UTC)");
    for wrong in [
        "",
        "Sydney",
        "Etc/Unknown",
        "Factory",
        "../etc/passwd",
        "+10:00",
        "EST5EDT,M3",
    ] {
        assert_eq!(
            TimeZone::parse(wrong).unwrap_err().to_string(),
            "there is no such time zone; write an IANA name such as Australia/Sydney",
            "{wrong}"
        );
    }
}
