//! The licence layout 双公示行政许可 (`XK_*`).

use super::Field as F;
use super::Kind::{Day, Text};
use super::{Column, Layout, column};

pub(super) static LAYOUT: Layout =
    Layout { code: "licence", title: "行政许可", columns: COLUMNS };

const COLUMNS: &[Column] = &[
    column(F::PartyName, Text(200), true, &["XK_XDR_MC", "行政相对人名称", "姓名", "XK_XDR"]),
    column(F::PartyCategory, Text(100), false, &["XK_XDR_LB", "行政相对人类别", "XK_XDR_TYPE"]),
    column(F::IdKind, Text(64), false, &["XK_XDR_ZJLX", "自然人证件类型", "证件类型"]),
    column(
        F::IdNumber,
        Text(64),
        true,
        &["XK_XDR_ZJHM", "自然人证件号码", "证件号码", "XK_XDR_SFZ", "身份证号"],
    ),
    column(
        F::LicenceTitle,
        Text(200),
        false,
        &["XK_XKWS", "行政许可决定文书名称", "许可决定文书名称"],
    ),
    column(
        F::DocumentNo,
        Text(128),
        true,
        &["XK_WSH", "行政许可决定文书号", "许可决定文书号", "文书号"],
    ),
    column(F::LicenceKind, Text(100), false, &["XK_XKLB", "许可类别"]),
    column(F::CertificateName, Text(200), false, &["XK_XKZS", "许可证书名称"]),
    column(F::LicenceNo, Text(128), false, &["XK_XKBH", "许可编号"]),
    column(F::LicenceContent, Text(4000), false, &["XK_NR", "许可内容"]),
    column(F::DecidedOn, Day, true, &["XK_JDRQ", "许可决定日期", "决定日期"]),
    column(F::ValidFrom, Day, false, &["XK_YXQZ", "有效期自"]),
    column(F::ValidUntil, Day, false, &["XK_YXQZI", "有效期至"]),
    column(F::Authority, Text(200), false, &["XK_XKJG", "许可机关"]),
    column(
        F::AuthorityCode,
        Text(64),
        false,
        &["XK_XKJGDM", "许可机关统一社会信用代码", "许可机关代码"],
    ),
    column(F::State, Text(50), false, &["XK_ZT", "当前状态"]),
    column(F::Dropped, Text(4000), false, &["XK_LYDW", "数据来源单位", "来源单位"]),
    column(
        F::Dropped,
        Text(4000),
        false,
        &["XK_LYDWDM", "数据来源单位统一社会信用代码", "来源单位代码"],
    ),
    column(F::Dropped, Text(4000), false, &["XK_SYFW", "信息使用范围"]),
    column(
        F::Dropped,
        Text(4000),
        false,
        &["XK_XDR_SHXYM", "行政相对人代码_1(统一社会信用代码)", "统一社会信用代码"],
    ),
    column(F::Dropped, Text(4000), false, &["XK_XDR_GSZC", "工商注册号", "行政相对人代码_2"]),
    column(F::Dropped, Text(4000), false, &["XK_XDR_ZZJG", "组织机构代码", "行政相对人代码_3"]),
    column(F::Dropped, Text(4000), false, &["XK_XDR_SWDJ", "税务登记号", "行政相对人代码_4"]),
    column(F::Dropped, Text(4000), false, &["XK_XDR_SYDW", "事业单位证书号", "行政相对人代码_5"]),
    column(F::Dropped, Text(4000), false, &["XK_XDR_SHZZ", "社会组织登记证号", "行政相对人代码_6"]),
    // Read for the operator of an individual business, and kept of nobody else.
    column(
        F::OperatorName,
        Text(200),
        false,
        &["XK_FRDB", "法定代表人", "XK_FR", "法定代表人姓名", "经营者姓名", "经营者"],
    ),
    column(F::OperatorIdKind, Text(100), false, &["XK_FR_ZJLX", "法定代表人证件类型"]),
    column(
        F::OperatorIdNumber,
        Text(100),
        false,
        &["XK_FR_SFZH", "XK_FR_ZJHM", "法定代表人证件号码", "经营者证件号码"],
    ),
    column(F::BornOn, Day, false, &["XK_CSRQ", "出生日期", "born_on"]),
    column(F::Dropped, Text(4000), false, &["BZ", "备注"]),
    column(F::Dropped, Text(4000), false, &["ADD_TIME", "采集日期", "SJC", "时间戳"]),
    column(F::Dropped, Text(4000), false, &["SCBMBM", "生产部门编码", "DFBM", "地方编码"]),
];
