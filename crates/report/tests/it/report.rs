use report::*;

use crate::read::{self, squeeze};
use crate::sample;

#[test]
fn all_sections_stand_in_their_order() {
    let text = read::text(&credit_report(&sample::report()).unwrap());
    let order = [
        "个人公共信用信息报告",
        "CX-2026-000123",
        "2026年5月6日09:30",
        "柳𬭚",
        "999901********1234",
        "一、行政许可",
        "二、行政处罚和名单（公示期内）",
        "三、荣誉和志愿（本人同意展示的）",
        "四、信用承诺",
        "五、本人声明",
        "2026年4月21日，关于：在禁止停车的路段停放车辆",
        "六、查询记录（谁看过）",
        "创业担保贷款资格审核",
        "七、说明",
        "不评分、不评级",
        "八、签名和核验",
        "SM2（摘要SM3）",
        "信息指纹",
        "5eed5eed",
        "https://credit.example.cn/verify/CX-2026-000123",
    ];
    let mut from = 0;
    for expected in order {
        let at = text[from..].find(expected);
        assert!(at.is_some(), "{expected} is not where it should be in {text}");
        from += at.unwrap();
    }
}

#[test]
fn i05_a_contested_record_is_marked_and_the_persons_words_stand_under_it() {
    let text = read::text(&credit_report(&sample::report()).unwrap());
    assert!(text.contains("有异议复议、诉讼中在禁止停车的路段停放车辆"), "{text}");
    assert!(text.contains("本人声明：当天车辆已经转让给他人"), "{text}");
    assert!(text.contains("异议（无法核实）：停车的不是我。"), "{text}");
    assert!(!text.contains("有异议未按规定"), "only the contested one");
}

#[test]
fn empty_sections_say_so_and_absent_ones_are_left_out() {
    let report = CreditReport {
        licences: Some(vec![]),
        penalties: Some(vec![]),
        honours: Some(vec![]),
        pledges: None,
        statements: Some(vec![]),
        accesses: Some(vec![]),
        accesses_in_all: 0,
        signature: None,
        ..sample::report()
    };
    let text = read::text(&credit_report(&report).unwrap());
    for sentence in [
        "没有可以展示的行政许可信息。",
        "没有在公示期内的行政处罚和名单信息。",
        "没有本人同意展示的荣誉和志愿服务信息。",
        "本人没有作出声明。",
        "没有单位查询过您的信用信息。",
        "本报告没有电子签名",
    ] {
        assert!(text.contains(sentence), "{sentence}");
    }
    assert!(!text.contains("信用承诺"));
    assert!(text.contains("四、本人声明"), "numbers count what is there");
}

#[test]
fn a_list_of_looks_that_is_cut_off_says_how_many_there_are() {
    let cut = CreditReport { accesses_in_all: 45, ..sample::report() };
    let text = read::text(&credit_report(&cut).unwrap());
    assert!(text.contains("下面是最近1次，共45次。"), "{text}");
    let whole = read::text(&credit_report(&sample::report()).unwrap());
    assert!(!whole.contains("下面是最近"), "{whole}");
}

#[test]
fn the_foot_promises_no_more_than_a_code_can_tell() {
    let text = read::text(&credit_report(&sample::report()).unwrap());
    assert!(text.contains("只凭核验码不能知道纸上或者文件里的内容有没有改动"), "{text}");
}

#[test]
fn long_tables_repeat_their_head_on_every_page() {
    let report = CreditReport {
        penalties: Some((1..=120).map(sample::penalty).collect()),
        ..sample::report()
    };
    let pdf = credit_report(&report).unwrap();
    let pages = read::pages(&pdf);
    assert!(pages.len() > 5);
    for (index, page) in pages.iter().enumerate() {
        let (number, of) = (index + 1, pages.len());
        assert!(page.contains(&format!("第{number}页共{of}页")), "{page}");
        assert!(page.contains("编号：CX-2026-000123"));
        if page.contains("未按规定公示营业执照") {
            assert!(page.contains("序号事项决定机关决定日期展示至"), "{page}");
        }
    }
    let text = pages.concat();
    for n in 1..=120 {
        assert!(text.contains(&format!("未按规定公示营业执照第{n}件")), "{n}");
    }
}

#[test]
fn what_came_in_is_printed_and_never_run() {
    let nasty = [
        r#"#panic("x") *bold* _it_ $x$ <a> @b // c /* d */ \ ` ~ --- = - +"#,
        r#"#import "common.typ": * #read("data.json") [x] {y} "q" \u{41}"#,
        "https://example.cn/?a=1&b=2 <script>alert(1)</script>",
    ];
    for text in nasty {
        let mut report = sample::report();
        report.name = text.into();
        report.valid_for = Some(text.into());
        report.objection_contact = text.into();
        report.issuer = text.into();
        report.statements = Some(vec![Statement {
            made_on: report.issued_at.date(),
            about: text.into(),
            text: text.into(),
        }]);
        let printed = read::text(&credit_report(&report).unwrap());
        assert!(printed.matches(&squeeze(text)).count() >= 6, "{text} in {printed}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let first = credit_report(&sample::report()).unwrap();
    let other = CreditReport { name: "王建国".into(), ..sample::report() };
    assert_ne!(credit_report(&other).unwrap().bytes, first.bytes);
    let again = std::thread::spawn(|| credit_report(&sample::report()).unwrap());
    assert_eq!(again.join().unwrap().bytes, first.bytes);
}

#[test]
fn rare_characters_of_names_are_drawn() {
    for name in ["𬴂㛃𫍯䶮", "𠀀𪜀𫝀𫠠𬺰", "阿卜杜热依木·吐尔逊"] {
        let report = CreditReport { name: name.into(), ..sample::report() };
        let pdf = credit_report(&report).unwrap();
        assert!(pdf.unprintable.is_empty(), "{name}");
        assert!(read::text(&pdf).contains(name), "{name}");
    }
}

#[test]
fn a_character_without_a_glyph_is_named_and_reported() {
    let report = CreditReport { name: "张\u{2ebf0}".into(), ..sample::report() };
    let pdf = credit_report(&report).unwrap();
    assert_eq!(pdf.unprintable, ['\u{2ebf0}']);
    assert!(read::text(&pdf).contains("张[U+2EBF0]"));
    assert_eq!(unprintable("张\u{2ebf0}三"), ['\u{2ebf0}']);
}

#[test]
fn readers_for_the_blind_find_title_language_and_structure() {
    let pdf = credit_report(&sample::report()).unwrap();
    let document = read::document(&pdf);
    let lang = read::catalog(&document, b"Lang").unwrap();
    assert_eq!(lang.as_str().unwrap().to_ascii_lowercase(), b"zh-cn");
    assert!(read::catalog(&document, b"StructTreeRoot").is_some());
    assert!(read::catalog(&document, b"Outlines").is_some());
    let raw = String::from_utf8_lossy(&pdf.bytes).into_owned();
    assert!(raw.contains("pdfuaid:part"), "declares PDF/UA-1");
}

#[test]
fn a_report_without_number_or_name_is_refused() {
    let report = CreditReport { name: " ".into(), ..sample::report() };
    assert_eq!(credit_report(&report), Err(ReportError::Empty { field: "name" }));
    let report = CreditReport { number: String::new(), ..sample::report() };
    assert_eq!(credit_report(&report), Err(ReportError::Empty { field: "number" }));
}

#[test]
fn an_address_too_long_for_the_code_is_refused() {
    let mut report = sample::report();
    report.signature.as_mut().unwrap().verify_url = "x".repeat(3_000);
    assert_eq!(credit_report(&report), Err(ReportError::UrlTooLong { bytes: 3_000 }));
}
