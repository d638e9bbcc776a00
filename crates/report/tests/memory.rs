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
    for n in 0..2 {
        let pdf = credit_report(&report(n)).unwrap();
        assert!(pdf.pages > 20, "{}", pdf.pages);
    }
    let after_two = peak_mib();
    for n in 2..4 {
        credit_report(&report(n)).unwrap();
    }
    let after_four = peak_mib();
    assert!(after_four < 400, "{after_four} MiB");
    assert!(after_four < after_two + 60, "{after_two} MiB, then {after_four} MiB");
}
