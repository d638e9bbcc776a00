use report::*;

use crate::{read, sample};

#[test]
fn a_month_says_what_it_was_given_and_nothing_where_there_is_nothing() {
    let pdf = supervision_report(&sample::supervision()).unwrap();
    assert_eq!(pdf.pages, 1);
    let text = read::text(&pdf);
    for part in [
        "2026年11月查询监督月报",
        "编号：示信督〔2026〕11号",
        "示例市市场监督管理局1,204987",
        "示例市税务局少于5少于5",
        "这个月没有抽到。",
        r#"#panic("x")*这不是标记*"#,
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(supervision_report(&sample::supervision()).unwrap().bytes, pdf.bytes);
}

#[test]
fn a_long_month_repeats_its_heads_and_its_number() {
    let mut long = sample::supervision();
    long.tables[0].rows = vec![long.tables[0].rows[0].clone(); 120];
    let pages = read::pages(&supervision_report(&long).unwrap());
    assert!(pages.len() > 2);
    assert!(pages.iter().all(|page| page.contains("编号：示信督〔2026〕11号")));
    assert!(pages[1].contains("查询次数"), "{}", pages[1]);
    let nameless = SupervisionReport { title: " ".into(), ..long };
    assert_eq!(supervision_report(&nameless), Err(ReportError::Empty { field: "title" }));
}
