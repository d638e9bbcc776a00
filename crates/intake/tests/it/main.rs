//! Files as agencies send them, and files that nobody should send.

use std::io::{Cursor, Write as _};

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
fn a_column_that_stands_twice_is_refused() {
    let mut header = HEADER.to_vec();
    header.push("文书号");
    let bytes = table(TableFormat::Csv, Encoding::Utf8, &header, &[]);
    assert_eq!(read(&bytes).unwrap_err().code(), "columns-twice");
}

#[test]
fn a_file_over_the_limit_is_refused() {
    let bytes = vec![b'a'; 4096];
    assert_eq!(inspect(bytes.as_slice(), 1000).unwrap_err().code(), "file-too-large");
}

#[test]
fn a_workbook_cut_off_anywhere_is_refused() {
    let bytes = table(TableFormat::Xlsx, Encoding::Utf8, &HEADER, &[&ROW]);
    for length in [bytes.len() / 4, bytes.len() / 2, bytes.len() - 10] {
        assert_eq!(read(&bytes[..length]).unwrap_err().code(), "file-damaged", "{length}");
    }
}

#[test]
fn a_bomb_is_refused_before_it_unpacks() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("xl/workbook.xml", options).unwrap();
    let zeros = vec![0; 1 << 20];
    for _ in 0..64 {
        zip.write_all(&zeros).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(bytes.len() < 200_000, "{}", bytes.len());
    assert_eq!(read(&bytes).unwrap_err().code(), "file-bomb");
}

#[test]
fn a_quote_that_is_never_closed_does_not_eat_the_memory() {
    let mut bytes = table(TableFormat::Csv, Encoding::Utf8, &HEADER, &[&ROW]);
    bytes.push(b'"');
    bytes.extend(std::iter::repeat_n(b'x', 4 << 20));
    assert_eq!(read(&bytes).unwrap_err().code(), "row-too-long");
}

#[test]
fn dates_and_numbers_of_a_workbook() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, header) in (0..).zip(HEADER) {
        sheet.write(0, column, header).unwrap();
    }
    for (column, cell) in (0..).zip(ROW) {
        sheet.write(1, column, cell).unwrap();
    }
    let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    sheet.write_number_with_format(1, 6, 46_082, &format).unwrap();
    sheet.write_number(1, 7, 0.15).unwrap();
    sheet.write_number(1, 1, 999_901_197_001_010_011_f64).unwrap();
    let rows = read(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(rows[0].row.date(Field::DecidedOn), Some(date(2026, 3, 1)));
    assert_eq!(rows[0].row.fen(Field::Fine), Some(150_000));
    let codes: Vec<_> = rows[0].problems.iter().map(|p| p.code.as_str()).collect();
    assert_eq!(codes, ["id-number-lost-digits"]);
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
