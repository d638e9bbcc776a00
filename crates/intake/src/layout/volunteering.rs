//! The layout of volunteering 志愿服务: our own (`ZY_*`), after the certificate of 志愿服务记录证明.

use super::Field as F;
use super::Kind::{Day, Text};
use super::{Column, Layout, column};

pub(super) static LAYOUT: Layout =
    Layout { code: "volunteering", title: "志愿服务", columns: COLUMNS };

const COLUMNS: &[Column] = &[
    column(F::PartyName, Text(200), true, &["ZY_XM", "姓名", "志愿者姓名"]),
    column(F::IdKind, Text(64), false, &["ZY_ZJLX", "证件类型"]),
    column(F::IdNumber, Text(64), true, &["ZY_ZJHM", "证件号码", "身份证号"]),
    column(F::DocumentNo, Text(128), true, &["ZY_ZMBH", "证明编号", "证书编号"]),
    column(F::Organisation, Text(200), true, &["ZY_ZZ", "服务组织", "志愿服务组织"]),
    column(F::Service, Text(1000), false, &["ZY_NR", "服务内容", "服务项目"]),
    column(F::Hours, Text(20), false, &["ZY_SC", "服务时长（小时）", "服务时长"]),
    column(F::DecidedOn, Day, true, &["ZY_ZMRQ", "证明日期", "开具日期"]),
    column(F::Authority, Text(200), false, &["ZY_DW", "证明单位", "开具单位"]),
    column(
        F::AuthorityCode,
        Text(64),
        false,
        &["ZY_DWDM", "证明单位统一社会信用代码", "开具单位代码"],
    ),
    column(F::BornOn, Day, false, &["ZY_CSRQ", "出生日期"]),
    column(F::Dropped, Text(4000), false, &["BZ", "备注"]),
];
