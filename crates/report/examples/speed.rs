//! How long printing takes: `cargo run --release -p report --example speed [FOLDER_FOR_THE_PDFS]`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measuring tool, not the program")]
#![expect(clippy::disallowed_methods, reason = "it measures")]

use std::time::Instant;

use report::{CreditReport, Pdf, credit_report, evidence_bundle, letter};

#[path = "../tests/it/sample.rs"]
mod sample;

fn main() {
    let folder = std::env::args().nth(1);
    let long = |n: usize| CreditReport {
        penalties: Some((1..=n).map(sample::penalty).collect()),
        ..sample::report()
    };
    let rare = || CreditReport { name: "𠀀𪜀𫝀𫠠𬺰".into(), ..sample::report() };
    measure("first call", 1, &folder, |_| credit_report(&sample::report()).unwrap());
    measure("first rare name", 1, &folder, |_| credit_report(&rare()).unwrap());
    measure("report", 200, &folder, |n| {
        credit_report(&CreditReport { number: format!("CX-{n}"), ..sample::report() }).unwrap()
    });
    measure("report, rare name", 50, &folder, |_| credit_report(&rare()).unwrap());
    measure("report, 500 records", 10, &folder, |n| credit_report(&long(500 + n)).unwrap());
    measure("letter", 200, &folder, |n| {
        let mut one = sample::letter();
        one.number = format!("示信告〔2026〕{n}号");
        letter(&one).unwrap()
    });
    measure("bundle", 200, &folder, |n| {
        let mut one = sample::bundle();
        one.number = format!("示信证〔2026〕{n}号");
        evidence_bundle(&one).unwrap()
    });
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in memory.lines().filter(|line| line.starts_with("VmHWM") || line.starts_with("VmRSS"))
    {
        println!("{line}");
    }
}

fn measure(name: &str, times: usize, folder: &Option<String>, print: impl Fn(usize) -> Pdf) {
    let mut millis = Vec::new();
    let mut last = None;
    for n in 0..times {
        let start = Instant::now();
        let pdf = print(n);
        millis.push(start.elapsed().as_secs_f64() * 1000.0);
        last = Some(pdf);
    }
    let pdf = last.unwrap();
    millis.sort_by(f64::total_cmp);
    let at = |share: usize| millis.get((times - 1) * share / 100).copied().unwrap_or_default();
    println!(
        "{name:22} {:4} pages {:7.1} KB  whole p50 {:7.1} p99 {:7.1} ms, a page p50 {:5.1} p99 {:5.1} ms",
        pdf.pages,
        pdf.bytes.len() as f64 / 1024.0,
        at(50),
        at(99),
        at(50) / pdf.pages as f64,
        at(99) / pdf.pages as f64,
    );
    if let Some(folder) = folder {
        std::fs::write(format!("{folder}/{name}.pdf"), &pdf.bytes).unwrap();
    }
}
