//! The penalty layout 双公示行政处罚 (`CF_*`), with its older names and the columns that we add.

use super::Field as F;
use super::Kind::{Day, Text, WanYuan};
use super::{Column, Layout, column};

pub(super) static LAYOUT: Layout =
    Layout { code: "penalty", title: "行政处罚", columns: COLUMNS };

const COLUMNS: &[Column] = &[
    column(
        F::PartyName,
        Text(200),
        true,
        &["CF_XDR_MC", "行政相对人名称", "行政相对人", "姓名", "CF_XDR"],
    ),
    column(F::PartyCategory, Text(100), false, &["CF_XDR_LB", "行政相对人类别", "CF_XDR_TYPE"]),
    column(F::IdKind, Text(64), false, &["CF_XDR_ZJLX", "自然人证件类型", "证件类型"]),
    column(
        F::IdNumber,
        Text(64),
        true,
        &[
            "CF_XDR_ZJHM",
            "自然人证件号码",
            "证件号码",
            "CF_XDR_SFZ",
            "身份证号",
            "身份证号码",
            "居民身份证号",
            "居民身份证号码",
        ],
    ),
    column(
        F::DocumentNo,
        Text(128),
        true,
        &["CF_WSH", "行政处罚决定书文号", "决定书文号", "处罚决定书文号", "文书号", "CF_CFWSH"],
    ),
    column(F::DocumentTitle, Text(200), false, &["CF_CFMC", "处罚名称", "CF_CFWS", "决定文书名称"]),
    Column {
        // The layout of 2015 to 2018 had one column for the act.
        instead: Some(F::Facts),
        ..column(F::ViolationType, Text(500), true, &["CF_WFXW", "违法行为类型", "违法行为"])
    },
    column(F::Facts, Text(4000), false, &["CF_SY", "违法事实", "处罚事由"]),
    column(F::LegalBasis, Text(2000), true, &["CF_YJ", "处罚依据"]),
    column(
        F::PenaltyKinds,
        Text(200),
        true,
        &["CF_CFLB", "处罚类别", "CF_CFLB1", "处罚类别1", "CF_CFLB2", "处罚类别2"],
    ),
    column(F::PenaltyContent, Text(4000), false, &["CF_NR", "处罚内容", "CF_JG", "处罚结果"]),
    column(F::Fine, WanYuan, false, &["CF_NR_FK", "罚款金额（万元）", "罚款金额"]),
    column(
        F::Confiscated,
        WanYuan,
        false,
        &[
            "CF_NR_WFFF",
            "没收违法所得、没收非法财物的金额（万元）",
            "没收违法所得、没收非法财物金额",
            "没收金额",
        ],
    ),
    column(F::LicenceTaken, Text(200), false, &["CF_NR_ZKDX", "暂扣或吊销证照名称及编号"]),
    column(F::DecidedOn, Day, true, &["CF_JDRQ", "处罚决定日期", "决定日期"]),
    column(F::Dropped, Day, false, &["CF_YXQ", "处罚有效期"]),
    column(F::Dropped, Day, false, &["CF_GSJZQ", "公示截止期"]),
    column(F::Authority, Text(200), false, &["CF_CFJG", "处罚机关", "CF_XZJG"]),
    column(
        F::AuthorityCode,
        Text(64),
        false,
        &["CF_CFJGDM", "处罚机关统一社会信用代码", "处罚机关代码"],
    ),
    column(F::ServedOn, Day, false, &["CF_SDRQ", "送达日期", "served_on"]),
    column(F::EffectiveOn, Day, false, &["CF_SXRQ", "生效日期", "effective_on"]),
    column(
        F::RepairNoticeServedOn,
        Day,
        false,
        &["CF_XFGZRQ", "信用修复告知书送达日期", "repair_notice_served_on"],
    ),
    column(F::Procedure, Text(20), false, &["CF_CFCX", "处罚程序", "procedure"]),
    column(F::State, Text(100), false, &["CF_ZT", "当前状态"]),
    column(F::ActOn, Day, false, &["CF_WFRQ", "违法行为发生日期", "act_on"]),
    column(F::Dropped, Text(4000), false, &["CF_SJLY", "数据来源单位"]),
    column(
        F::Dropped,
        Text(4000),
        false,
        &["CF_SJLYDM", "数据来源单位统一社会信用代码", "数据来源单位代码"],
    ),
    column(F::Dropped, Text(4000), false, &["CF_SYFW", "信息使用范围"]),
    column(F::Dropped, Text(4000), false, &["CF_TZ", "听证告知", "hearing_offered"]),
    column(
        F::Dropped,
        Text(4000),
        false,
        &["CF_XDR_SHXYM", "行政相对人代码_1(统一社会信用代码)", "统一社会信用代码"],
    ),
    column(F::Dropped, Text(4000), false, &["CF_XDR_GSZC", "工商注册号", "行政相对人代码_2"]),
    column(F::Dropped, Text(4000), false, &["CF_XDR_ZZJG", "组织机构代码", "行政相对人代码_3"]),
    column(F::Dropped, Text(4000), false, &["CF_XDR_SWDJ", "税务登记号", "行政相对人代码_4"]),
    column(F::Dropped, Text(4000), false, &["CF_XDR_SYDW", "事业单位证书号", "行政相对人代码_5"]),
    column(F::Dropped, Text(4000), false, &["CF_XDR_SHZZ", "社会组织登记证号", "行政相对人代码_6"]),
    // Read for the operator of an individual business, and kept of nobody else.
    column(
        F::OperatorName,
        Text(200),
        false,
        &["CF_FRDB", "法定代表人", "CF_FR", "法定代表人姓名", "经营者姓名", "经营者"],
    ),
    column(F::OperatorIdKind, Text(100), false, &["CF_FR_ZJLX", "法定代表人证件类型"]),
    column(
        F::OperatorIdNumber,
        Text(100),
        false,
        &["CF_FR_SFZH", "CF_FR_ZJHM", "法定代表人证件号码", "经营者证件号码"],
    ),
    column(F::BornOn, Day, false, &["CF_CSRQ", "出生日期", "born_on"]),
    column(F::Dropped, Text(4000), false, &["BZ", "备注"]),
    column(F::Dropped, Text(4000), false, &["ADD_TIME", "采集日期", "SJC", "时间戳"]),
    column(F::Dropped, Text(4000), false, &["SCBMBM", "生产部门编码", "DFBM", "地方编码"]),
];
