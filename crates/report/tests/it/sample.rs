//! Documents about a made-up person; the speed example prints them too.

use jiff::civil::{Date, date, datetime};
use report::*;

pub(crate) fn report() -> CreditReport {
    CreditReport {
        number: "CX-2026-000123".into(),
        issued_at: datetime(2026, 5, 6, 9, 30, 0, 0),
        issuer: "示例市信用管理办公室".into(),
        name: "柳𬭚".into(),
        id_kind: "居民身份证".into(),
        masked_id_number: "999901********1234".into(),
        licences: Some(vec![licence(1)]),
        penalties: Some(vec![penalty(1), contested()]),
        honours: Some(vec![Honour {
            title: "五星志愿者（累计服务三百小时）".into(),
            awarded_by: "示例市精神文明建设指导中心".into(),
            awarded_on: date(2025, 12, 5),
            mark: Mark::default(),
        }]),
        pledges: Some(vec![Pledge {
            title: "证明事项告知承诺：个体工商户登记住所".into(),
            received_by: "示例市市场监督管理局".into(),
            made_on: date(2025, 3, 2),
            outcome: "已履行".into(),
            mark: Mark::default(),
        }]),
        statements: Some(vec![Statement {
            made_on: date(2026, 4, 21),
            about: "在禁止停车的路段停放车辆".into(),
            text: "当天车辆已经转让给他人，本人不在现场，已提交过户材料。".into(),
        }]),
        accesses: Some(vec![AccessEntry {
            at: datetime(2026, 4, 20, 14, 5, 0, 0),
            by: "示例市人力资源和社会保障局".into(),
            purpose: "创业担保贷款资格审核".into(),
        }]),
        accesses_in_all: 1,
        valid_for: Some("本报告供本人了解和使用，反映出具时的登记情况。".into()),
        objection_contact:
            "示例市信用管理办公室，示例路1号，电话 024-00000000；也可以登录后在本人页面提出。".into(),
        signature: Some(Signature {
            algorithm: "SM2（摘要 SM3）".into(),
            public_key: "04a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90".into(),
            value: "3045022100c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee02200badcafe0badcafe0badcafe0badcafe0badcafe0badcafe0badcafe0badcafe".into(),
            code: "2345-6789-ABCD-EFGH".into(),
            fingerprint: "5eed".repeat(16),
            verify_url: "https://credit.example.cn/verify/CX-2026-000123".into(),
        }),
    }
}

pub(crate) fn licence(n: usize) -> Licence {
    Licence {
        title: format!("食品经营许可第{n}号"),
        licence_no: format!("JY9999901{n:07}"),
        authority: "示例市市场监督管理局".into(),
        decided_on: date(2024, 8, 15),
        valid_until: n.is_multiple_of(2).then_some(date(2029, 8, 14)),
        mark: Mark::default(),
    }
}

pub(crate) fn penalty(n: usize) -> Penalty {
    Penalty {
        kind: "行政处罚".into(),
        title: format!("未按规定公示营业执照第{n}件"),
        document_no: format!("示市监罚〔2026〕{n}号"),
        outcome: "罚款人民币1000元".into(),
        authority: "示例市市场监督管理局".into(),
        decided_on: date(2026, 4, 13),
        display_until: Some(until()),
        mark: Mark::default(),
    }
}

fn until() -> Date {
    date(2027, 4, 12)
}

pub(crate) fn contested() -> Penalty {
    Penalty {
        title: "在禁止停车的路段停放车辆".into(),
        document_no: "示公交罚〔2026〕88号".into(),
        authority: "示例市公安局交通警察支队".into(),
        mark: Mark {
            is_contested: true,
            is_challenged: true,
            statement: Some("当天车辆已经转让给他人，本人不在现场，已提交过户材料。".into()),
            noted: Some("停车的不是我。".into()),
        },
        ..penalty(2)
    }
}

pub(crate) fn letter() -> Letter {
    Letter {
        number: "示信告〔2026〕57号".into(),
        sender: "示例市信用管理办公室".into(),
        return_address: "示例市信用管理办公室　110000 示例市示例路1号".into(),
        address: vec!["110000".into(), "示例市浑南区某某街道某某路12号3单元401室".into(), "柳𬭚 收".into()],
        title: "信用信息告知书".into(),
        salutation: "柳𬭚：".into(),
        paragraphs: vec![
            "我们收到了一条关于您的公共信用信息，现在告知您。信息由示例市市场监督管理局报送，内容是：未按规定公示营业执照，罚款人民币1000元，决定日期为2026年4月13日。".into(),
            "五个工作日后，这条信息将按规定对有权查询的单位展示。在此之前，只有您和报送单位可以看到。".into(),
            "您认为信息有误的，可以提出异议，不收费用。#panic(\"x\") *这不是标记*".into(),
        ],
        contact: "联系电话：024-00000000\n办公时间：工作日 8:30 至 17:00".into(),
        dated_on: date(2026, 5, 6),
    }
}

pub(crate) fn bundle() -> EvidenceBundle {
    EvidenceBundle {
        number: "示信证〔2026〕9号".into(),
        title: "异议处理证据材料".into(),
        issuer: "示例市信用管理办公室".into(),
        issued_at: datetime(2026, 5, 6, 9, 30, 0, 0),
        about: "本卷为处理异议申请所依据的材料，供行政复议机关、人民法院查阅。".into(),
        digest_kind: "SM3".into(),
        attachments: (1..=3)
            .map(|n| Attachment {
                title: format!("附件{n}：送达回证"),
                digest: format!("{n}0").repeat(32),
                extent: format!("{n}页"),
                file: None,
            })
            .collect(),
        pages: vec![
            TextPage {
                title: "异议申请的经过".into(),
                paragraphs: vec!["本人于2026年4月20日提出异议。".into(); 3],
            },
            TextPage {
                title: "登记变动".into(), paragraphs: vec!["同日标注有异议。".into()]
            },
        ],
    }
}

pub(crate) fn supervision() -> SupervisionReport {
    let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).into()).collect();
    SupervisionReport {
        number: "示信督〔2026〕11号".into(),
        title: "2026年11月查询监督月报".into(),
        issuer: "示例市信用管理办公室".into(),
        issued_at: datetime(2026, 12, 1, 9, 30, 0, 0),
        about: vec!["只有次数，没有任何人的姓名。#panic(\"x\") *这不是标记*".into()],
        tables: vec![
            FigureTable {
                title: "各单位查询".into(),
                head: row(&["单位", "查询次数", "被查询人数"]),
                rows: vec![
                    row(&["示例市市场监督管理局", "1,204", "987"]),
                    row(&["示例市税务局", "少于 5", "少于 5"]),
                ],
                none: "没有查询。".into(),
            },
            FigureTable {
                title: "抽查".into(),
                head: row(&["单位", "抽到", "已说明", "没有办结"]),
                rows: Vec::new(),
                none: "这个月没有抽到。".into(),
            },
        ],
    }
}
