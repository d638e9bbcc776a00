//! `docs/status-codes.md` holds every stable code, in the words that people see.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use intake::{FileError, ProblemCode};
use jiff::civil::date;
use register::admission::{Cell, Refusal, RefusalReason as R};
use register::identity::IdError;
use register::name::NameError;
use usecases::{Error, wording};

type Rows = BTreeMap<String, (String, String)>;

fn row_codes() -> Rows {
    let reasons = [
        R::IdKindUnknown,
        R::IdNumber(IdError::FifteenDigits),
        R::IdNumber(IdError::CheckDigit),
        R::IdNumber(IdError::BirthDate),
        R::IdNumber(IdError::Region),
        R::IdNumber(IdError::Form),
        R::Name(NameError::NotAName),
        R::NotAPerson,
        R::SealedPublicSecurity,
        R::UnderAge,
        R::ActDateNeeded,
        R::Missing,
        R::InFuture,
        R::BeforeDecision,
        R::ActAfterDecision,
        R::NotEffective,
        R::PenaltyKindUnknown,
        R::ProcedureNotTaken,
        R::ProcedureUnknown,
        R::ProcedureNeeded,
        R::ProcedureNotSimple,
        R::BirthDateNeeded,
        R::NameOfShop,
        R::NoPenalty,
        R::NumberOfPerson,
        R::NotInForce,
        R::StateUnknown,
        R::AuthorityCode,
        R::VagueBasis,
        R::DisplayOver { ended_on: date(2026, 3, 1) },
        R::LicenceOver,
        R::NegativeAmount,
        R::BloodDonation,
        R::HoursUnreadable,
    ];
    let refused = reasons.into_iter().map(|reason| {
        (reason.code().to_owned(), wording::refusal(Refusal { cell: Cell::Row, reason }))
    });
    let unread = ProblemCode::ALL
        .iter()
        .map(|code| (code.as_str().to_owned(), (code.says().to_owned(), code.next().to_owned())));
    let entered = [
        wording::name_differs(1),
        wording::recorded_differently(1),
        wording::came_back(1),
        wording::person_dead(1),
        wording::no_consent(1),
    ]
    .map(|rejection| (rejection.code, (rejection.says, rejection.next)));
    refused.chain(unread).chain(entered).collect()
}

fn file_codes() -> Rows {
    let titles = || vec!["…".to_owned()];
    let errors = [
        FileError::TooLarge { limit: usecases::batch::SOURCE_LIMIT },
        FileError::Empty,
        FileError::NotATable,
        FileError::OldExcel,
        FileError::Encrypted,
        FileError::Damaged,
        FileError::Bomb,
        FileError::TwoTables,
        FileError::MissingColumns { titles: titles() },
        FileError::DuplicateColumns { titles: titles() },
        FileError::UnknownUnit { titles: titles() },
        FileError::Encoding,
        FileError::RecordTooLong { row: 8 },
        FileError::Io(std::io::Error::other("")),
    ];
    errors.iter().map(|error| (error.code().to_owned(), (error.says(), error.next()))).collect()
}

fn call_codes() -> Rows {
    let errors = [
        Error::Denied(access::Denied { action: access::Action::CheckPerson }),
        Error::NotFound,
        Error::Item,
        Error::NotAssessed,
        Error::SignIn,
        Error::TokenEnded,
        Error::OutsideScope,
        Error::Wait { seconds: 8 },
        Error::LoginTaken,
        Error::Log,
        Error::Internal(""),
    ];
    let said = errors.iter().map(wording::said);
    said.map(|said| (said.code, (said.says, said.next))).collect()
}

fn document() -> String {
    let mut text =
        "# Stable codes\n\nWhat a program may rely on; the words may get better. Made by \
                    `crates/usecases/tests/it/codes.rs`\n(`INSTA_UPDATE=always` writes it anew).\n"
            .to_owned();
    for (title, rows) in [
        ("A row that came back", row_codes()),
        ("A file that is not taken, or not to its end", file_codes()),
        ("A call that is refused", call_codes()),
    ] {
        let _ = writeln!(text, "\n## {title}\n\n| code | says | next |\n|---|---|---|");
        for (code, (says, next)) in rows {
            let _ = writeln!(text, "| `{code}` | {says} | {next} |");
        }
    }
    text
}

#[test]
fn every_code_is_documented() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = root.join("docs/status-codes.md");
    let document = document();
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(&path, &document).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == document, "docs/status-codes.md is not what the code says: {document}");
    // A code that the lists above forgot would stand in its source and not in the document.
    for source in ["register/src/admission.rs", "intake/src/error.rs"] {
        let text = std::fs::read_to_string(root.join("crates").join(source)).unwrap();
        let body = text.split("pub const fn code(").nth(1).unwrap().split("\n    }\n").next();
        for code in body.unwrap().split('"').skip(1).step_by(2) {
            assert!(document.contains(&format!("| `{code}` |")), "{code} in {source}");
        }
    }
}
