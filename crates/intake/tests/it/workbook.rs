//! Workbooks: what spreadsheets write, what breaks on the way, and what is built to do harm.

use std::io::{Cursor, Write as _};

use intake::{Encoding, Field, TableFormat};
use jiff::civil::date;
use proptest::prelude::*;

use super::{HEADER, ROW, codes, read, table};

/// A workbook with one of its parts replaced.
fn tampered(bytes: &[u8], part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut file = from.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
        if name == part {
            bytes = change(String::from_utf8(bytes).unwrap()).into_bytes();
        }
        to.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        to.write_all(&bytes).unwrap();
    }
    to.finish().unwrap().into_inner()
}

fn workbook_with_shared_strings() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (at, cells) in (0..).zip([HEADER, ROW, ROW]) {
        sheet.write_row(at, 0, cells).unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_made_by_openpyxl_is_read_like_an_agency_means_it() {
    let rows = read(include_bytes!("../fixtures/agency.xlsx")).unwrap();
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [4, 5, 7]);
    assert_eq!(rows[0].problems, []);
    assert_eq!(rows[0].row.text(Field::PartyName), Some("𬴂㛃"));
    assert_eq!(rows[0].row.date(Field::DecidedOn), Some(date(2026, 3, 1)));
    assert_eq!(rows[0].row.date(Field::ServedOn), Some(date(2026, 3, 5)));
    assert_eq!(rows[0].row.fen(Field::Fine), Some(150_000), "the header says 元");
    assert_eq!(rows[1].problems, [], "cells that are not there at the end are blank");
    assert_eq!(rows[1].row.date(Field::DecidedOn), Some(date(2026, 3, 2)));
    assert_eq!(rows[1].raw.len(), 10);
    assert_eq!(rows[2].row.date(Field::DecidedOn), Some(date(2026, 3, 3)));
    assert_eq!(codes(&rows[2]), ["id-number-lost-digits", "formula-unreadable"]);
}

#[test]
fn what_libreoffice_saves_says_what_it_opened() {
    let before = read(include_bytes!("../fixtures/libreoffice-before.xlsx")).unwrap();
    let names: Vec<_> = before.iter().filter_map(|row| row.row.text(Field::PartyName)).collect();
    assert!(names.iter().any(|name| name.chars().any(|c| c > '\u{FFFF}')), "{names:?}");
    for after in [
        &include_bytes!("../fixtures/libreoffice.xlsx")[..],
        &include_bytes!("../fixtures/libreoffice-gb18030.csv")[..],
    ] {
        let after = read(after).unwrap();
        assert_eq!(after.len(), before.len());
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(after.problems, []);
            assert_eq!(format!("{:?}", after.row), format!("{:?}", before.row));
        }
    }
}

#[test]
fn a_workbook_that_counts_from_1904() {
    let rows = read(include_bytes!("../fixtures/agency-1904.xlsx")).unwrap();
    assert_eq!(rows[0].row.date(Field::DecidedOn), Some(date(2026, 3, 1)));
    assert_eq!(rows[0].row.date(Field::ServedOn), Some(date(2026, 3, 5)), "not marked as a date");
}

#[test]
fn a_workbook_with_a_password_is_told_from_an_old_one() {
    let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    bytes.extend([0; 4096]);
    assert_eq!(read(&bytes).unwrap_err().code(), "file-old-excel");
    bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    bytes.extend(std::iter::repeat_n(0, 400_000));
    assert_eq!(read(&bytes).unwrap_err().code(), "file-encrypted");
}

#[test]
fn strings_that_claim_to_be_too_many_do_not_take_the_memory() {
    let bytes = workbook_with_shared_strings();
    let strings = "xl/sharedStrings.xml";
    assert_eq!(read(&tampered(&bytes, strings, |xml| xml)).unwrap().len(), 2);
    for claim in ["uniqueCount=\"999999999999999\"", "uniqueCount = '99999999999999999999999'"] {
        let bytes = tampered(&bytes, strings, |xml| {
            let from = xml.find("uniqueCount").unwrap();
            let to = from + xml[from..].find('>').unwrap();
            format!("{}{claim}{}", &xml[..from], &xml[to..])
        });
        assert_eq!(read(&bytes).unwrap_err().code(), "file-damaged");
    }
}

#[test]
fn one_long_string_in_many_cells_does_not_take_the_memory() {
    let long = "长".repeat(200_000);
    let bytes = workbook_with_shared_strings();
    let bytes = tampered(&bytes, "xl/sharedStrings.xml", |xml| xml.replace("罚款", &long));
    let bytes = tampered(&bytes, "xl/worksheets/sheet1.xml", |xml| {
        let cells = "<c t=\"s\"><v>14</v></c>".repeat(1000);
        xml.replacen("</row></sheetData>", &format!("{cells}</row></sheetData>"), 1)
    });
    assert_eq!(read(&bytes).unwrap_err().code(), "row-too-long");
}

#[test]
fn rows_that_go_back_are_a_damaged_workbook() {
    let bytes = tampered(&workbook_with_shared_strings(), "xl/worksheets/sheet1.xml", |xml| {
        xml.replace("<row r=\"3\"", "<row r=\"1\"").replace("r=\"A3\"", "r=\"A1\"")
    });
    assert_eq!(read(&bytes).unwrap_err().code(), "file-damaged");
}

#[test]
fn a_thread_that_dies_is_not_a_file_that_ends() {
    // This range makes the reader of sheets subtract below nothing, which stops its thread in a
    // build that checks for it and does no harm in one that does not.
    let bytes = tampered(&workbook_with_shared_strings(), "xl/worksheets/sheet1.xml", |xml| {
        let from = xml.find("<dimension ref=\"").unwrap();
        let to = from + xml[from..].find("/>").unwrap();
        format!("{}<dimension ref=\"B9:A1\"{}", &xml[..from], &xml[to..])
    });
    match read(&bytes) {
        Ok(rows) => assert_eq!(rows.len(), 2),
        Err(error) => assert_eq!(error.code(), "file-damaged"),
    }
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
    let tags = b"<a/>".repeat(1 << 18);
    for _ in 0..64 {
        zip.write_all(&tags).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(bytes.len() < 400_000, "{}", bytes.len());
    assert_eq!(read(&bytes).unwrap_err().code(), "file-bomb");
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

proptest! {
    #[test]
    fn no_damage_to_a_workbook_makes_it_panic(
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = workbook_with_shared_strings();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read(&bytes);
    }
}

fn sheets(of: &[(&str, bool, &[[&str; HEADER.len()]])]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, is_hidden, rows) in of {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        sheet.set_hidden(*is_hidden);
        for (at, cells) in (0..).zip(*rows) {
            sheet.write_row(at, 0, *cells).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn rows_on_two_sheets_are_not_lost_without_a_word() {
    let two = sheets(&[("一月", false, &[HEADER, ROW]), ("二月", false, &[HEADER, ROW])]);
    assert_eq!(read(&two).unwrap_err().code(), "file-two-tables");
    let empty = sheets(&[("一月", false, &[HEADER]), ("二月", false, &[HEADER, ROW])]);
    assert_eq!(read(&empty).unwrap().len(), 1);
    let hidden = sheets(&[
        ("说明", false, &[]),
        ("样例", true, &[HEADER, ROW, ROW]),
        ("表", false, &[HEADER, ROW]),
    ]);
    assert_eq!(read(&hidden).unwrap().len(), 1, "what is hidden is passed over");
}

#[test]
fn a_workbook_built_to_fill_the_memory_is_refused() {
    let good = workbook_with_shared_strings();
    let styles = |xml: String| {
        let format = format!(
            "<numFmts count=\"1\"><numFmt numFmtId=\"200\" formatCode=\"{}\"/></numFmts>",
            "0".repeat(1_000_000)
        );
        let formats = "<xf numFmtId=\"200\"/>".repeat(30_000);
        xml.replace("<fonts", &format!("{format}<fonts"))
            .replace("<cellXfs", &format!("{formats}<cellXfs"))
    };
    let bomb = tampered(&good, "xl/styles.xml", styles);
    assert!(bomb.len() < 1_000_000, "it packs well");
    assert_eq!(read(&bomb).unwrap_err().code(), "file-bomb");
    let cell = |xml: String| {
        xml.replace(
            "</sheetData>",
            &format!(
                "<row r=\"9\"><c r=\"A9\" t=\"inlineStr\"><is><t>{}</t></is></c></row></sheetData>",
                "长".repeat(2_000_000)
            ),
        )
    };
    let bomb = tampered(&good, "xl/worksheets/sheet1.xml", cell);
    assert_eq!(read(&bomb).unwrap_err().code(), "file-bomb");
}
