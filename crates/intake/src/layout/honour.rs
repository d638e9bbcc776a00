//! The layout of honours 荣誉: our own (`RY_*`), because no standard names one for persons.

use super::Field as F;
use super::Kind::{Day, Text};
use super::{Column, Layout, column};

pub(super) static LAYOUT: Layout = Layout { code: "honour", title: "荣誉", columns: COLUMNS };

const COLUMNS: &[Column] = &[
    column(F::PartyName, Text(200), true, &["RY_XM", "姓名", "受表彰人姓名"]),
    column(F::IdKind, Text(64), false, &["RY_ZJLX", "证件类型"]),
    column(F::IdNumber, Text(64), true, &["RY_ZJHM", "证件号码", "身份证号"]),
    column(F::DocumentNo, Text(128), true, &["RY_WH", "表彰文件文号", "文号", "证书编号"]),
    column(F::HonourTitle, Text(200), true, &["RY_CH", "荣誉称号", "奖项名称"]),
    column(F::DecidedOn, Day, true, &["RY_BZRQ", "表彰日期", "授予日期"]),
    column(F::Authority, Text(200), false, &["RY_BZDW", "表彰单位", "授予单位"]),
    column(
        F::AuthorityCode,
        Text(64),
        false,
        &["RY_BZDWDM", "表彰单位统一社会信用代码", "授予单位代码"],
    ),
    column(F::BornOn, Day, false, &["RY_CSRQ", "出生日期"]),
    column(F::Dropped, Text(4000), false, &["BZ", "备注"]),
];
