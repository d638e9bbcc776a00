//! 逐行审查: what can be decided about a row without the database; runs beside it on another core.

use intake::{Field as Sent, ReadRow};
use jiff::civil::Date;
use register::admission::{Candidate, Cell, Operator, Refusal, admit, sealed_at_sight};
use register::batch::Rejection;
use register::{Admitted, Content, DocumentId, Field, PersonId, RecordId, Uscc, Value};
use rulebook::Item;
use sha2::{Digest, Sha256};
use store::person::Mark;

use crate::cx::Cx;
use crate::error::Result;
use crate::{retention, seal, wording};

/// A row that is ready to enter.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) row: u64,
    pub(super) admitted: Admitted,
    /// How the person is found, by the key by which he was looked up when the row was prepared.
    pub(super) mark: Mark,
    /// The identifier that the person gets if he is new.
    pub(super) person: PersonId,
    pub(super) sealed_person: Vec<u8>,
    pub(super) record: RecordId,
    pub(super) document: DocumentId,
    pub(super) fingerprint: [u8; 32],
    pub(super) digest: [u8; 32],
    pub(super) sealed_content: Vec<u8>,
    pub(super) erase_on: Option<Date>,
}

/// What came of a number of rows that follow each other.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    /// Rows read.
    pub(super) rows: u64,
    pub(super) ready: Vec<Ready>,
    pub(super) rejections: Vec<Rejection>,
    /// Rows that were rejected (one row may have several rejections).
    pub(super) rejected: u64,
}

/// Decides one row.
///
/// # Errors
/// [`crate::Error::Vault`] if it cannot be sealed.
pub(super) fn prepare(
    cx: &Cx,
    item: &Item,
    agency: Uscc,
    today: Date,
    headers: &Headers,
    read: &ReadRow,
    chunk: &mut Chunk,
) -> Result<()> {
    chunk.rows += 1;
    let candidate = candidate(read);
    let mut outcome = admit(candidate, item, agency, &cx.rules, today);
    // A cell that could not be read may be the one that would have told.
    if !read.problems.is_empty() {
        let cells = read.raw.iter().map(String::as_str);
        if let Some(reason) = sealed_at_sight(cells, item, &cx.rules, today) {
            outcome = Err(vec![Refusal { cell: Cell::Row, reason }]);
        }
    }
    let sealed = match &outcome {
        Err(refusals) => refusals.iter().any(|refusal| refusal.reason.is_sealed()),
        Ok(_) => false,
    };
    let mut rejections = Vec::new();
    if !sealed {
        for problem in &read.problems {
            rejections.push(Rejection {
                row: read.number,
                column: problem.column.clone(),
                code: problem.code.as_str().to_owned(),
                says: problem.says.clone(),
                next: problem.next.clone(),
                is_sealed: false,
            });
        }
    }
    match outcome {
        Ok(admitted) if rejections.is_empty() => {
            chunk.ready.push(ready(cx, item, read.number, admitted)?);
            return Ok(());
        }
        Ok(_) => {}
        Err(refusals) => {
            for refusal in refusals {
                let column = headers.of(refusal.cell);
                // What could not be read has been said already.
                let said =
                    !sealed && rejections.iter().any(|r| !column.is_empty() && r.column == column);
                if said {
                    continue;
                }
                let (says, next) = wording::refusal(refusal);
                rejections.push(Rejection {
                    row: read.number,
                    column,
                    code: refusal.reason.code().to_owned(),
                    says,
                    next,
                    is_sealed: refusal.reason.is_sealed(),
                });
            }
        }
    }
    chunk.rejected += 1;
    chunk.rejections.append(&mut rejections);
    Ok(())
}

fn ready(cx: &Cx, item: &Item, row: u64, admitted: Admitted) -> Result<Ready> {
    let person = PersonId(cx.new_id());
    let record = RecordId(cx.new_id());
    let plain = store::convert::content_bytes(&admitted.content);
    let text = |field| admitted.content.text(field).unwrap_or_default().as_bytes();
    let what = match item.layout.as_str() {
        "penalty" => Field::Violation,
        "honour" => Field::HonourTitle,
        "volunteering" => Field::Organisation,
        _ => Field::LicenceNo,
    };
    let number = admitted.content.text(Field::DocumentNo).unwrap_or_default();
    let number = register::mask::bare(number);
    let fingerprint = cx.vault.fingerprint(
        "record",
        &[item.code.as_bytes(), admitted.issuer.as_str().as_bytes(), number.as_bytes(), text(what)],
    );
    let erase_on = register::retention::erase_on(
        admitted.severity,
        admitted.decided_on,
        &admitted.content,
        &cx.rules,
    );
    Ok(Ready {
        row,
        mark: seal::mark(cx, &admitted.document, &admitted.name)?,
        person,
        sealed_person: seal::identity(
            &cx.vault,
            person,
            &admitted.document,
            &admitted.name,
            cx.bytes(),
        ),
        record,
        document: DocumentId(cx.new_id()),
        fingerprint,
        digest: digest(&admitted.content),
        sealed_content: retention::seal(cx, erase_on, seal::content_place(&record), &plain)?,
        erase_on,
        admitted,
    })
}

/// What the row states, without the dates that an agency may complete later.
fn digest(content: &Content) -> [u8; 32] {
    let mut hash = Sha256::new();
    for field in Field::ALL {
        if matches!(field, Field::ServedOn | Field::EffectiveOn) {
            continue;
        }
        if let Some(value) = content.get(*field) {
            hash.update(field.code().as_bytes());
            hash.update([0]);
            hash.update(register::mask::plain(value).as_bytes());
            hash.update([0]);
        }
    }
    hash.finalize().into()
}

/// The agency's own headers, to name a column as it did.
#[derive(Debug)]
pub(super) struct Headers(Vec<(Sent, String)>);

impl Headers {
    pub(super) fn new(headers: Vec<(Sent, String)>) -> Self {
        Self(headers)
    }

    fn of(&self, cell: Cell) -> String {
        let wanted = match cell {
            Cell::Row => return String::new(),
            Cell::Party => Sent::PartyCategory,
            Cell::Name => Sent::PartyName,
            Cell::IdKind => Sent::IdKind,
            Cell::IdNumber => Sent::IdNumber,
            Cell::BornOn => Sent::BornOn,
            Cell::RepairNotice => Sent::RepairNoticeServedOn,
            Cell::Field(field) => {
                let Some((sent, _)) = FIELDS.iter().find(|(_, kept)| *kept == field) else {
                    return field.title().to_owned();
                };
                *sent
            }
        };
        let header = self.0.iter().find(|(sent, _)| *sent == wanted).map(|(_, header)| header);
        match (header, cell) {
            (Some(header), _) => header.clone(),
            (None, Cell::Field(field)) => field.title().to_owned(),
            (None, _) => String::new(),
        }
    }
}

/// Which column of a layout becomes which field of a record. What is not here is not kept.
const FIELDS: &[(Sent, Field)] = &[
    (Sent::DocumentNo, Field::DocumentNo),
    (Sent::DocumentTitle, Field::DocumentTitle),
    (Sent::ViolationType, Field::Violation),
    (Sent::Facts, Field::Facts),
    (Sent::LegalBasis, Field::LegalBasis),
    (Sent::PenaltyKinds, Field::PenaltyKinds),
    (Sent::PenaltyContent, Field::PenaltyContent),
    (Sent::Fine, Field::FineFen),
    (Sent::Confiscated, Field::ConfiscatedFen),
    (Sent::LicenceTaken, Field::LicenceTaken),
    (Sent::Procedure, Field::Procedure),
    (Sent::ActOn, Field::ActOn),
    (Sent::LicenceTitle, Field::LicenceTitle),
    (Sent::LicenceKind, Field::LicenceKind),
    (Sent::CertificateName, Field::Certificate),
    (Sent::LicenceNo, Field::LicenceNo),
    (Sent::LicenceContent, Field::LicenceContent),
    (Sent::State, Field::LicenceState),
    (Sent::ValidFrom, Field::ValidFrom),
    (Sent::ValidUntil, Field::ValidUntil),
    (Sent::DecidedOn, Field::DecidedOn),
    (Sent::ServedOn, Field::ServedOn),
    (Sent::EffectiveOn, Field::EffectiveOn),
    (Sent::HonourTitle, Field::HonourTitle),
    (Sent::Organisation, Field::Organisation),
    (Sent::Service, Field::Service),
    (Sent::Hours, Field::Hours),
    (Sent::Authority, Field::Authority),
    (Sent::AuthorityCode, Field::AuthorityCode),
];

fn candidate(read: &ReadRow) -> Candidate<'_> {
    let row = &read.row;
    let content = FIELDS
        .iter()
        .filter_map(|(sent, field)| {
            let value = row
                .date(*sent)
                .map(Value::Day)
                .or_else(|| row.fen(*sent).map(Value::Fen))
                .or_else(|| row.text(*sent).map(|text| Value::Text(text.to_owned())))?;
            Some((*field, value))
        })
        .collect();
    Candidate {
        id_kind: row.text(Sent::IdKind).unwrap_or_default(),
        id_number: row.text(Sent::IdNumber).unwrap_or_default(),
        name: row.text(Sent::PartyName).unwrap_or_default(),
        party: row.text(Sent::PartyCategory).unwrap_or_default(),
        operator: Operator {
            id_kind: row.text(Sent::OperatorIdKind).unwrap_or_default(),
            id_number: row.text(Sent::OperatorIdNumber).unwrap_or_default(),
            name: row.text(Sent::OperatorName).unwrap_or_default(),
        },
        born_on: row.date(Sent::BornOn),
        repair_notice_served_on: row.date(Sent::RepairNoticeServedOn),
        content,
    }
}
