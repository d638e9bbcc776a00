//! Files as agencies send them, and files that nobody should send.

mod workbook;

use std::io::Cursor;

use intake::{
    Encoding, Field, FileError, Format, HeaderStyle, Input, Layout, Limits, ReadRow, TableFormat,
    TableWriter, inspect, open,
};
use jiff::civil::date;
use proptest::prelude::*;
use rstest::rstest;

const LIMIT: u64 = 1 << 24;

fn penalty() -> &'static Layout {
    Layout::by_code("penalty").unwrap()
}

fn read(bytes: &[u8]) -> Result<Vec<ReadRow>, FileError> {
    let inspected = inspect(bytes, LIMIT)?;
    let bytes = Cursor::new(bytes.to_vec());
    let input = if inspected.needs_seek() {
        Input::Seek(Box::new(bytes))
    } else {
        Input::Stream(Box::new(bytes))
    };
    open(input, &inspected, penalty(), Limits::default())?.collect()
}

const HEADER: [&str; 9] = [
    "CF_XDR_MC",
    "CF_XDR_ZJHM",
    "CF_WSH",
    "CF_WFXW",
    "CF_YJ",
    "CF_CFLB",
    "CF_JDRQ",
    "CF_NR_FK",
    "送达日期",
];
const ROW: [&str; 9] = [
    "𬴂㛃",
    "999901197001010011",
    "示市监罚字〔2026〕1号",
    "无照经营",
    "食品安全法第一百二十二条",
    "罚款",
    "2026年3月1日",
    "0.15",
    "2026/3/5",
];

fn owned(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn table(format: TableFormat, encoding: Encoding, header: &[&str], rows: &[&[&str]]) -> Vec<u8> {
    let mut writer = TableWriter::new(format, encoding, Vec::new(), &owned(header)).unwrap();
    for row in rows {
        writer.row(&owned(row)).unwrap();
    }
    writer.finish().unwrap()
}

#[rstest]
#[case(TableFormat::Csv, Encoding::Utf8)]
#[case(TableFormat::Csv, Encoding::Utf8Bom)]
#[case(TableFormat::Csv, Encoding::Gb18030)]
#[case(TableFormat::JsonLines, Encoding::Utf8)]
#[case(TableFormat::JsonLines, Encoding::Gb18030)]
#[case(TableFormat::Xlsx, Encoding::Utf8)]
fn every_kind_of_file_comes_back_unharmed(#[case] format: TableFormat, #[case] encoding: Encoding) {
    let rows = read(&table(format, encoding, &HEADER, &[&ROW])).unwrap();
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!(row.problems, []);
    assert_eq!(row.row.text(Field::PartyName), Some("𬴂㛃"));
    assert_eq!(row.row.date(Field::DecidedOn), Some(date(2026, 3, 1)));
    assert_eq!(row.row.date(Field::ServedOn), Some(date(2026, 3, 5)));
    assert_eq!(row.row.fen(Field::Fine), Some(150_000));
    assert!(row.raw.contains(&"示市监罚字〔2026〕1号".to_owned()));
}

#[test]
fn headers_come_in_any_order_and_form() {
    let header = [
        "  cf_jdrq ",
        "自然人证件号码*",
        "ＣＦ＿ＷＳＨ",
        "行政相对人名称",
        "罚款金额(万元)",
        "违法行为类型",
        "处罚依据",
        "处罚类别",
        "别的",
        "备注",
    ];
    let row = ["20260301", "1", "2", "名", "1", "行为", "依据", "21", "x", "秘密"];
    let bytes = table(TableFormat::Csv, Encoding::Utf8, &header, &[&row]);
    let inspected = inspect(bytes.as_slice(), LIMIT).unwrap();
    let input = Input::Stream(Box::new(Cursor::new(bytes)));
    let mut rows = open(input, &inspected, penalty(), Limits::default()).unwrap();
    assert_eq!(rows.unknown_headers(), ["别的"]);
    let row = rows.next().unwrap().unwrap();
    assert_eq!((row.number, row.row.fen(Field::Fine)), (2, Some(1_000_000)));
    assert_eq!(row.problems, []);
}

#[test]
fn title_rows_above_the_header_are_passed_over() {
    let mut bytes = "示例市行政处罚信息表\n填报单位：市场监管局\n".as_bytes().to_vec();
    bytes.extend(table(TableFormat::Csv, Encoding::Utf8, &HEADER, &[&ROW]));
    let rows = read(&bytes).unwrap();
    assert_eq!((rows.len(), rows[0].number), (1, 4));
}

#[rstest]
#[case(6, "2026-02-30", "date-unreadable")]
#[case(7, "很多", "amount-unreadable")]
#[case(2, "", "value-missing")]
fn a_bad_cell_has_a_code_and_never_shows_its_value(
    #[case] at: usize,
    #[case] value: &str,
    #[case] code: &str,
) {
    let mut row = ROW;
    row[at] = value;
    let rows = read(&table(TableFormat::Csv, Encoding::Utf8, &HEADER, &[&row, &ROW])).unwrap();
    let [problem] = rows[0].problems.as_slice() else { panic!("{:?}", rows[0].problems) };
    assert_eq!((problem.column.as_str(), problem.code.as_str()), (HEADER[at], code));
    assert!(value.is_empty() || !format!("{}{}", problem.says, problem.next).contains(value));
    assert_eq!(rows[1].problems, [], "the next row is fine");
}

#[test]
fn a_row_with_too_few_cells_and_one_with_broken_characters() {
    let mut bytes = table(TableFormat::Csv, Encoding::Gb18030, &HEADER, &[&ROW]);
    bytes.extend(b"a,b\r\n");
    let mut broken = table(TableFormat::Csv, Encoding::Gb18030, &ROW, &[]);
    broken.splice(0..4, [0xFF, 0xFF]);
    bytes.extend(broken);
    let rows = read(&bytes).unwrap();
    assert_eq!(rows[0].problems, []);
    assert_eq!(rows[1].problems[0].code.as_str(), "wrong-number-of-cells");
    assert_eq!(rows[2].problems[0].code.as_str(), "bad-characters");
}

#[rstest]
#[case(b"", "file-empty")]
#[case(b" \n \n", "file-empty")]
#[case(b"%PDF-1.7 ...", "file-not-a-table")]
#[case(b"\xD0\xCF\x11\xE0\xA1\xB1", "file-old-excel")]
#[case(b"\x89PNG\r\n", "file-not-a-table")]
#[case(b"PK\x03\x04broken", "file-damaged")]
#[case(b"<html></html>", "file-not-a-table")]
#[case(b"a,b,c\n1,2,3\n", "columns-missing")]
fn what_is_no_table_is_refused_as_a_whole(#[case] bytes: &[u8], #[case] code: &str) {
    let error = read(bytes).unwrap_err();
    assert_eq!(error.code(), code, "{error}");
    assert!(!error.says().is_empty() && !error.next().is_empty());
}

#[test]
fn amounts_in_an_unknown_unit_are_refused_and_not_lost() {
    let mut header = HEADER.to_vec();
    let at = header.iter().position(|name| *name == "CF_NR_FK").unwrap();
    header[at] = "罚款金额（千元）";
    let error = read(&table(TableFormat::Csv, Encoding::Utf8, &header, &[&ROW])).unwrap_err();
    assert_eq!(error.code(), "columns-unit");
    assert!(error.says().contains("罚款金额（千元）"));
}

#[test]
fn a_column_that_stands_twice_is_refused() {
    let mut header = HEADER.to_vec();
    header.push("cf_wsh*");
    let bytes = table(TableFormat::Csv, Encoding::Utf8, &header, &[]);
    assert_eq!(read(&bytes).unwrap_err().code(), "columns-twice");
}

#[test]
fn a_file_over_the_limit_is_refused() {
    let bytes = vec![b'a'; 4096];
    assert_eq!(inspect(bytes.as_slice(), 1000).unwrap_err().code(), "file-too-large");
}

#[test]
fn a_quote_that_is_never_closed_does_not_eat_the_memory() {
    let mut bytes = table(TableFormat::Csv, Encoding::Utf8, &HEADER, &[&ROW]);
    bytes.push(b'"');
    bytes.extend(std::iter::repeat_n(b'x', 4 << 20));
    assert_eq!(read(&bytes).unwrap_err().code(), "row-too-long");
}

#[test]
fn samples_have_headers_that_are_understood() {
    for code in ["penalty", "licence"] {
        let layout = Layout::by_code(code).unwrap();
        for style in [HeaderStyle::Code, HeaderStyle::Chinese] {
            let headers = layout.sample_headers(style);
            let writer = TableWriter::new(TableFormat::Csv, Encoding::Utf8, Vec::new(), &headers);
            let bytes = writer.unwrap().finish().unwrap();
            let inspected = inspect(bytes.as_slice(), LIMIT).unwrap();
            assert_eq!(inspected.format, Format::Csv { delimiter: b',' });
            let input = Input::Stream(Box::new(Cursor::new(bytes)));
            let rows = open(input, &inspected, layout, Limits::default()).unwrap();
            assert!(rows.unknown_headers().is_empty());
            assert_eq!(rows.headers().len(), headers.len());
        }
    }
}

fn codes(row: &ReadRow) -> Vec<&'static str> {
    row.problems.iter().map(|problem| problem.code.as_str()).collect()
}

fn csv_of(rows: &[&[&str]]) -> Vec<u8> {
    table(TableFormat::Csv, Encoding::Utf8, &HEADER, rows)
}

#[test]
fn a_column_in_yuan_is_not_taken_for_one_in_ten_thousands() {
    let mut header = HEADER;
    header[7] = "罚款金额（元）";
    let mut row = ROW;
    row[7] = "1500";
    let bytes = table(TableFormat::Csv, Encoding::Utf8, &header, &[&row]);
    assert_eq!(read(&bytes).unwrap()[0].row.fen(Field::Fine), Some(150_000));
}

#[test]
fn the_number_of_a_row_is_the_one_that_a_spreadsheet_shows() {
    let mut two_lines = ROW;
    two_lines[4] = "第一款\n第二款";
    let mut bytes = csv_of(&[&ROW, &two_lines]);
    bytes.extend(b"\r\n\r\n,,,\r\n");
    bytes.extend(csv_of(&[&ROW]).split_inclusive(|b| *b == b'\n').nth(1).unwrap());
    bytes.truncate(bytes.len() - 2);
    let numbers: Vec<_> = read(&bytes).unwrap().iter().map(|row| row.number).collect();
    assert_eq!(numbers, [2, 3, 7]);
}

#[rstest]
#[case("无")]
#[case("/")]
#[case("-")]
#[case("——")]
#[case(" null ")]
fn what_says_that_there_is_nothing_is_blank(#[case] nothing: &str) {
    let mut row = ROW;
    (row[7], row[8]) = (nothing, nothing);
    let rows = read(&csv_of(&[&row])).unwrap();
    assert_eq!(codes(&rows[0]), [""; 0]);
    assert_eq!(rows[0].row.fen(Field::Fine), None);
    assert_eq!(rows[0].row.date(Field::ServedOn), None);
    row[6] = nothing;
    assert_eq!(codes(&read(&csv_of(&[&row])).unwrap()[0]), ["value-missing"]);
}

#[rstest]
#[case(Encoding::Utf16Le)]
#[case(Encoding::Utf16Be)]
fn what_came_in_utf_16_goes_back_in_utf_8_that_spreadsheets_recognise(#[case] encoding: Encoding) {
    let bytes = table(TableFormat::Csv, encoding, &HEADER, &[&ROW]);
    assert!(bytes.starts_with(b"\xEF\xBB\xBF"));
    assert_eq!(inspect(bytes.as_slice(), LIMIT).unwrap().encoding, Encoding::Utf8Bom);
    assert_eq!(codes(&read(&bytes).unwrap()[0]), [""; 0]);
}

#[test]
fn old_line_ends_are_understood() {
    let text = String::from_utf8(csv_of(&[&ROW, &ROW])).unwrap().replace("\r\n", "\r");
    let rows = read(text.as_bytes()).unwrap();
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(rows[1].problems, []);
}

#[test]
fn a_header_of_two_rows_is_one_header() {
    let chinese = [
        "行政相对人名称",
        "自然人证件号码",
        "行政处罚决定书文号",
        "违法行为类型",
        "处罚依据",
        "处罚类别",
        "处罚决定日期",
        "罚款金额（万元）",
        "送达日期",
    ];
    let rows = read(&csv_of(&[&chinese, &ROW])).unwrap();
    assert_eq!((rows.len(), rows[0].number), (1, 3));
}

#[rstest]
#[case(b';')]
#[case(b'\t')]
fn other_separators(#[case] separator: u8) {
    let separator = char::from(separator).to_string();
    let text = format!("{}\n{}\n", HEADER.join(&separator), ROW.join(&separator));
    let rows = read(text.as_bytes()).unwrap();
    assert_eq!(rows[0].problems, []);
}

#[rstest]
#[case(true)]
#[case(false)]
fn the_text_that_excel_calls_unicode(#[case] is_little: bool) {
    let text = format!("\u{FEFF}{}\r\n{}\r\n", HEADER.join("\t"), ROW.join("\t"));
    let bytes: Vec<u8> = text
        .encode_utf16()
        .flat_map(|unit| if is_little { unit.to_le_bytes() } else { unit.to_be_bytes() })
        .collect();
    let rows = read(&bytes).unwrap();
    assert_eq!(rows[0].problems, []);
    assert_eq!(rows[0].row.text(Field::PartyName), Some("𬴂㛃"));
}

#[test]
fn one_damaged_place_in_utf_8_spoils_its_own_row_only() {
    let mut bytes = csv_of(&[&ROW, &ROW, &ROW]);
    let at = bytes.windows(3).position(|w| w == "照".as_bytes()).unwrap();
    bytes[at] = 0xFF;
    let rows = read(&bytes).unwrap();
    assert_eq!(codes(&rows[0]), ["bad-characters"]);
    assert_eq!(rows[1].problems, []);
    assert_eq!(rows[2].row.text(Field::ViolationType), Some("无照经营"));
}

#[test]
fn two_writings_in_one_file_are_no_text() {
    let mut bytes = csv_of(&[&ROW, &ROW]);
    bytes.extend(table(TableFormat::Csv, Encoding::Gb18030, &ROW, &[]));
    assert_eq!(read(&bytes).unwrap_err().code(), "file-encoding");
}

#[test]
fn marks_that_make_a_number_text_and_characters_nobody_sees_are_left_out() {
    let mut row = ROW;
    row[1] = "'999901197001010011";
    row[2] = "\u{200B}示市监罚字\u{FEFF}〔2026〕1号\u{3000}";
    let rows = read(&csv_of(&[&row])).unwrap();
    assert_eq!(rows[0].row.text(Field::IdNumber), Some("999901197001010011"));
    assert_eq!(rows[0].row.text(Field::DocumentNo), Some(ROW[2]));
    row[1] = "=\"999901197001010011\"";
    let rows = read(&csv_of(&[&row])).unwrap();
    assert_eq!(rows[0].row.text(Field::IdNumber), Some("999901197001010011"));
}

#[test]
fn a_licence_without_end_has_no_end() {
    let header = ["XK_XDR_MC", "XK_XDR_ZJHM", "XK_WSH", "XK_JDRQ", "XK_YXQZ", "XK_YXQZI"];
    let row = ["周某", "999901197001010011", "许〔2026〕1号", "20260301", "2026/3/1", "长期"];
    let bytes = table(TableFormat::Csv, Encoding::Utf8, &header, &[&row]);
    let inspected = inspect(bytes.as_slice(), LIMIT).unwrap();
    let input = Input::Stream(Box::new(Cursor::new(bytes)));
    let layout = Layout::by_code("licence").unwrap();
    let rows: Vec<_> = open(input, &inspected, layout, Limits::default()).unwrap().collect();
    let read = rows[0].as_ref().unwrap();
    assert_eq!(read.problems, []);
    assert_eq!(read.row.date(Field::ValidFrom), Some(date(2026, 3, 1)));
    assert_eq!(read.row.date(Field::ValidUntil), None);
}

#[test]
fn a_key_that_the_first_object_lacks_is_not_lost() {
    let object = |fine: bool, more: &str| {
        let keep = |name: &&str| fine || *name != "CF_NR_FK";
        let pairs = HEADER.iter().zip(ROW).filter(|(name, _)| keep(name));
        let pairs: Vec<_> = pairs.map(|(name, cell)| format!("\"{name}\":\"{cell}\"")).collect();
        format!("{{{}{more}}}\n", pairs.join(","))
    };
    let text = object(false, "") + &object(true, "") + &object(true, "").repeat(300);
    let rows = read((text + &object(true, ",\"CF_NR\":\"罚\"")).as_bytes()).unwrap();
    assert_eq!(rows[0].problems, []);
    assert_eq!(rows[0].row.fen(Field::Fine), None);
    assert_eq!(rows[1].row.fen(Field::Fine), Some(150_000));
    assert_eq!(rows[0].raw[0], ROW[0], "in the agency's own order");
    assert_eq!(codes(&rows[302]), ["key-unexpected"]);
    assert_eq!(rows[302].number, 303);
}

#[test]
fn a_line_that_is_no_object_or_says_a_thing_twice_is_one_bad_row() {
    let mut bytes = table(TableFormat::JsonLines, Encoding::Utf8, &HEADER, &[&ROW]);
    bytes.extend(b"not json\n{\"CF_WSH\":\"1\",\"CF_WSH\":\"2\"}\n");
    bytes.extend(table(TableFormat::JsonLines, Encoding::Utf8, &HEADER, &[&ROW]));
    let rows = read(&bytes).unwrap();
    assert_eq!(rows.iter().map(|row| row.problems.len()).collect::<Vec<_>>(), [0, 1, 1, 0]);
}

#[test]
fn a_table_of_a_million_columns_is_refused_quickly() {
    let bytes = "a,".repeat(400_000).into_bytes();
    assert_eq!(read(&bytes).unwrap_err().code(), "file-not-a-table");
}

#[test]
fn rows_can_be_read_on_another_thread() {
    fn is_send<T: Send>() {}
    is_send::<intake::Rows>();
}

#[test]
fn what_is_written_is_read_back_cell_by_cell() {
    let hard = ["a,b", "say \"x\"", "two\nlines", " room ", "", "x", "20260301", "1", "2026-01-01"];
    for format in [TableFormat::Csv, TableFormat::JsonLines, TableFormat::Xlsx] {
        let rows = read(&table(format, Encoding::Utf8, &HEADER, &[&hard])).unwrap();
        assert_eq!(rows[0].raw, hard);
    }
}

proptest! {
    #[test]
    fn cells_of_any_kind_never_make_it_panic(cell in any::<String>(), at in 0_usize..9) {
        let mut row = ROW.map(str::to_owned);
        row[at] = cell;
        let row: Vec<&str> = row.iter().map(String::as_str).collect();
        let rows = read(&csv_of(&[&row, &ROW]));
        if let Ok(rows) = rows {
            prop_assert_eq!(rows.last().map(|row| row.problems.len()), Some(0));
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read(&bytes);
        let mut with_header = table(TableFormat::Csv, Encoding::Utf8, &HEADER, &[&ROW]);
        with_header.extend(bytes);
        if let Ok(rows) = read(&with_header) {
            prop_assert!(!rows.is_empty());
        }
    }
}

#[test]
fn the_layout_of_2015_is_read() {
    // 双公示 2015 to 2018: one column for the act, two for kinds of penalty, the number in brackets.
    let header = [
        "行政处罚决定书文号",
        "处罚名称",
        "处罚类别1",
        "处罚类别2",
        "处罚事由",
        "处罚依据",
        "行政相对人名称",
        "行政相对人代码_1(统一社会信用代码)",
        "行政相对人代码_5(居民身份证号)",
        "法定代表人姓名",
        "处罚结果",
        "处罚决定日期",
        "处罚机关",
        "当前状态",
        "地方编码",
    ];
    let row = [
        "示市监罚字〔2016〕1号",
        "无照经营案",
        "罚款",
        "吊销许可证件",
        "无照经营",
        "某法第二条",
        "柳𬭚",
        "",
        "999901199003070011",
        "",
        "罚款500元",
        "2016年3月1日",
        "示例市市场监督管理局",
        "撤销",
        "",
    ];
    let rows = read(&table(TableFormat::Csv, Encoding::Gb18030, &header, &[&row])).unwrap();
    assert_eq!(rows[0].problems, []);
    let text = |field| rows[0].row.text(field).unwrap();
    assert_eq!(text(Field::IdNumber), "999901199003070011");
    assert_eq!(text(Field::ViolationType), "无照经营", "the column that stood for it");
    assert_eq!(text(Field::Facts), "无照经营");
    assert_eq!(text(Field::PenaltyKinds), "罚款；吊销许可证件");
    assert_eq!(text(Field::State), "撤销");
    assert_eq!(text(Field::DocumentNo), "示市监罚字〔2016〕1号");
}

#[test]
fn two_names_of_one_column_must_say_the_same() {
    let mut header = HEADER.to_vec();
    header.push("CF_XZJG");
    header.push("CF_CFJG");
    let row = |one: &'static str, other: &'static str| {
        let mut row = ROW.to_vec();
        row.extend([one, other]);
        row
    };
    let (both, first, differ) = (row("甲局", "甲局"), row("甲局", ""), row("甲局", "乙局"));
    let rows =
        read(&table(TableFormat::Csv, Encoding::Utf8, &header, &[&both, &first, &differ])).unwrap();
    assert_eq!(codes(&rows[0]), [""; 0]);
    assert_eq!(rows[1].row.text(Field::Authority), Some("甲局"));
    assert_eq!(codes(&rows[2]), ["columns-differ"]);
}

#[test]
fn an_open_quote_does_not_make_one_row_of_two() {
    let mut bytes = table(TableFormat::Csv, Encoding::Utf8, &HEADER, &[]);
    let (mut open, mut closed) = (ROW.map(str::to_owned), ROW.map(str::to_owned));
    let (at, last) = (4, ROW.len() - 1);
    open[at] = format!("\"{}", ROW[at]);
    closed[at] = format!("{}\"", ROW[at]);
    // The last cells of the first row and the first of the second are one cell: as many as a row has.
    bytes.extend(format!("{}\n{}\n", open.join(","), closed.join(",")).bytes());
    let rows = read(&bytes).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].raw.len(), last + 1, "nothing but the guard can tell");
    assert!(codes(&rows[0]).contains(&"wrong-number-of-cells"), "{:?}", codes(&rows[0]));
}

#[test]
fn a_header_as_long_as_a_letter_is_no_header() {
    let long = format!("备注（{}）", "长".repeat(400));
    let mut header = HEADER.to_vec();
    header.push(&long);
    let mut row = ROW.to_vec();
    row.push("x");
    let rows = read(&table(TableFormat::Csv, Encoding::Utf8, &header, &[&row])).unwrap();
    assert_eq!(rows[0].problems, []);
    let mut header = HEADER.to_vec();
    let long = format!("{}（{}）", HEADER[0], "长".repeat(400));
    header[0] = &long;
    let refused = read(&table(TableFormat::Csv, Encoding::Utf8, &header, &[&ROW]));
    assert_eq!(refused.unwrap_err().code(), "columns-missing");
}
