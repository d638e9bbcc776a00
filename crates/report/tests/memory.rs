//! A person with very many records still fits into a small machine. A binary of its own: it measures the
//! whole process.

use report::{CreditReport, credit_report};

#[path = "it/sample.rs"]
#[expect(dead_code, reason = "shared with the other tests")]
mod sample;

fn peak_mib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() / 1024
}

#[test]
fn five_hundred_records_fit_and_memory_does_not_grow_with_every_report() {
    let report = |n: usize| CreditReport {
        number: format!("CX-{n}"),
        penalties: Some((1..=500).map(|m| sample::penalty(n * 1000 + m)).collect()),
        ..sample::report()
    };
    for n in 0..3 {
        let pdf = credit_report(&report(n)).unwrap();
        assert!(pdf.pages > 20, "{}", pdf.pages);
    }
    let after_three = peak_mib();
    for n in 3..6 {
        credit_report(&report(n)).unwrap();
    }
    let after_six = peak_mib();
    assert!(after_six < 400, "{after_six} MiB");
    assert!(after_six < after_three + 60, "{after_three} MiB, then {after_six} MiB");
}
