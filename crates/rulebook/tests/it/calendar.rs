//! Working days against the independent package named in the fixture, day by day.

use jiff::civil::date;
use rulebook::Rules;

#[test]
fn every_day_from_2020_to_2026_agrees_with_an_independent_package() {
    let rules = Rules::bundled().unwrap();
    let fixture = include_str!("../fixtures/workdays-2020-2026.txt");
    let mut days = 0;
    for line in fixture.lines().filter(|line| !line.starts_with('#')) {
        let (year, marks) = line.split_once(' ').unwrap();
        let mut day = date(year.parse().unwrap(), 1, 1);
        for mark in marks.chars() {
            assert_eq!(rules.calendar().is_working_day(day), mark == '1', "{day}");
            // The notice of 2027 may still move the last days of 2026.
            assert_eq!(rules.calendar().is_loaded(day), day < date(2026, 12, 25), "{day}");
            day = day.tomorrow().unwrap();
            days += 1;
        }
        assert_eq!(day.month(), 1, "the whole year");
    }
    assert_eq!(days, 2557);
}

#[test]
fn i16_a_deadline_in_a_year_without_notice_is_provisional() {
    let rules = Rules::bundled().unwrap();
    let sure = rules.due("objection", date(2026, 11, 23)).unwrap();
    assert_eq!((sure.on, sure.is_provisional), (date(2026, 12, 2), false));
    // Friday 25 December: five working days later lies 4 January 2027, after New Year's Day.
    let open = rules.due("quiet", date(2026, 12, 25)).unwrap();
    assert_eq!((open.on, open.is_provisional), (date(2027, 1, 4), true));
    let lunar = rules.due("quiet", date(2027, 2, 3)).unwrap();
    assert!(lunar.is_provisional && lunar.on > date(2027, 2, 10), "{lunar:?}");
}

#[test]
fn make_up_days_count_and_holidays_do_not() {
    let rules = Rules::bundled().unwrap();
    // 2026: National Day 1-7 October, Sunday 20 September and Saturday 10 October are worked.
    let due = rules.due("objection", date(2026, 9, 30)).unwrap();
    assert_eq!(due.on, date(2026, 10, 15));
    assert_eq!(rules.due("repair_accept", date(2026, 9, 18)).unwrap().on, date(2026, 9, 22));
    // 60 calendar days from 2 August end on 1 October, a holiday: the first working day after it.
    assert_eq!(rules.due("reconsideration", date(2026, 8, 2)).unwrap().on, date(2026, 10, 8));
    assert_eq!(rules.due("sue_direct", date(2025, 8, 31)).unwrap().on, date(2026, 2, 28));
}

#[test]
fn a_notice_may_move_the_december_before() {
    let dir = tempfile::tempdir().unwrap();
    crate::lint::copy(crate::lint::rulebook(), dir.path());
    let text = std::fs::read_to_string(dir.path().join("calendar/2026.toml")).unwrap();
    let head = text.split("[[holiday]]").next().unwrap().replace("2026", "2027");
    // As the notice of 2019 did: Saturday worked, New Year's Eve off.
    let moved =
        "[[holiday]]\nname = \"元旦\"\nfrom = 2026-12-31\nto = 2027-01-02\nwork = [2026-12-26]\n";
    std::fs::write(dir.path().join("calendar/2027.toml"), format!("{head}{moved}")).unwrap();
    let rules = Rules::load(dir.path()).unwrap_or_else(|findings| panic!("{findings:#?}"));
    let calendar = rules.calendar();
    assert!(calendar.is_working_day(date(2026, 12, 26)));
    assert!(!calendar.is_working_day(date(2026, 12, 31)));
    assert!(calendar.is_loaded(date(2026, 12, 31)) && calendar.is_loaded(date(2027, 3, 1)));
}
