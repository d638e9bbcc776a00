use report::*;

use crate::{read, sample};

#[test]
fn a_letter_says_what_it_was_given() {
    let pdf = letter(&sample::letter()).unwrap();
    assert_eq!(pdf.pages, 1);
    let text = read::text(&pdf);
    for part in [
        "示信告〔2026〕57号",
        "柳𬭚收",
        "信用信息告知书",
        "2026年5月6日",
        r#"#panic("x")*这不是标记*"#,
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(letter(&sample::letter()).unwrap().bytes, pdf.bytes);
}

#[test]
fn a_long_letter_goes_on_with_its_number_on_every_page() {
    let mut long = sample::letter();
    long.paragraphs = vec![long.paragraphs.concat(); 12];
    let pdf = letter(&long).unwrap();
    assert!(pdf.pages > 1);
    assert!(read::pages(&pdf).iter().all(|page| page.contains("编号：示信告〔2026〕57号")));
}

#[test]
fn an_address_that_the_window_would_hide_is_refused() {
    let mut letter_ = sample::letter();
    letter_.address = vec!["示例市".into(); 8];
    assert_eq!(letter(&letter_), Err(ReportError::AddressTooLong { needed: 8, fits: 7 }));
    letter_.address =
        vec!["示例市浑南区某某街道某某路十二号三单元四〇一室".into(); 7];
    assert!(letter(&letter_).is_ok());
}
