//! How long printing takes: `cargo run --release -p report --example speed [FOLDER_FOR_THE_PDFS]`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measuring tool, not the program")]
#![expect(clippy::disallowed_methods, reason = "it measures")]

use std::time::Instant;

use report::{CreditReport, Pdf, credit_report, evidence_bundle, letter, supervision_report};

#[path = "../tests/it/sample.rs"]
mod sample;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let folder = std::env::args().nth(1);
    let long = |n: usize| CreditReport {
        penalties: Some((1..=n).map(sample::penalty).collect()),
        ..sample::report()
    };
    let rare = || CreditReport { name: "𠀀𪜀𫝀𫠠𬺰".into(), ..sample::report() };
    measure("first call", 1, &folder, |_| credit_report(&sample::report()).unwrap());
    measure("first rare name", 1, &folder, |_| credit_report(&rare()).unwrap());
    measure("report", 200, &folder, |n| credit_report(&other_person(n)).unwrap());
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
    measure("month", 200, &folder, |n| {
        let mut one = sample::supervision();
        one.number = format!("示信督〔2026〕{n}号");
        supervision_report(&one).unwrap()
    });
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in memory.lines().filter(|line| line.starts_with("VmHWM") || line.starts_with("VmRSS"))
    {
        println!("{line}");
    }
}

/// Nothing but the words of the law is the same in two of these.
fn other_person(n: usize) -> CreditReport {
    let mut report = sample::report();
    report.number = format!("CX-2026-{n:06}");
    report.name = format!("王{}", char::from_u32(0x4e00 + n as u32 * 7).unwrap());
    report.masked_id_number = format!("99990{}********{:04}", n % 10, n * 7 % 9999);
    report.licences = Some(vec![sample::licence(n)]);
    report.penalties = Some(vec![sample::penalty(n), sample::contested()]);
    report.statements.iter_mut().flatten().for_each(|statement| statement.text += "。");
    for entry in report.accesses.iter_mut().flatten() {
        entry.purpose = format!("{}（第{n}件）", entry.purpose);
    }
    if let Some(signature) = &mut report.signature {
        signature.value = format!("{n:08x}").repeat(18);
        signature.verify_url = format!("https://credit.example.cn/verify/{}", report.number);
    }
    report
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
