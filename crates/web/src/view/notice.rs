//! The letter: the rulebook's text with its places filled from the record and the rules.

use jiff::civil::Date;
use register::Record;
use register::record::History;
use rulebook::{Due, Remedy, Rules};

use super::{agency, record as card};
use crate::pages::format::zh_date;
use register::Field;

/// What is said of remedies where we do not know who reviews the decision.
const OTHER_REMEDY: &str =
    "不服这份文书的，请按文书上写明的复议机关、法院和期限申请行政复议或者提起诉讼。";

/// What a letter needs.
pub(crate) struct Letter<'a> {
    pub(crate) record: &'a Record,
    pub(crate) history: &'a History,
    pub(crate) rules: &'a Rules,
}

impl Letter<'_> {
    /// Until when nobody else sees the record; `None` where there is no quiet period.
    pub(crate) fn quiet(&self) -> Option<Due> {
        self.record.severity?;
        self.rules.due("quiet", self.history.told_on?)
    }

    /// The paragraphs of the text of that code.
    pub(crate) fn paragraphs(&self, code: &str) -> Vec<String> {
        let text = self.rules.notice(code);
        text.into_iter()
            .flat_map(|text| &text.paragraphs)
            .map(|paragraph| {
                let names_remedy = paragraph.contains("{reconsideration_body}");
                if names_remedy && self.remedy().is_none() { OTHER_REMEDY } else { paragraph }
            })
            .map(|paragraph| fill(paragraph, |place| self.place(place)))
            .collect()
    }

    /// Who reviews the decision, if its issuer is a body of the rulebook: those of the body that sent
    /// it may be others.
    fn remedy(&self) -> Option<&Remedy> {
        let issuer = self.rules.agency(self.record.document.issuer.as_str())?;
        self.rules.remedy(issuer)
    }

    fn place(&self, name: &str) -> String {
        let (record, rules) = (self.record, self.rules);
        let display = record.severity.map(|class| rules.display(class, record.document.decided_on));
        let remedy = self.remedy();
        let source = rules.agency(record.source.as_str());
        let at_the_source = source.and_then(|source| rules.remedy(source));
        let number = |kind: &str| {
            rules.deadline(kind).map(|deadline| deadline.n.to_string()).unwrap_or_default()
        };
        let day = |day: Option<Date>| day.map(zh_date).unwrap_or_default();
        match name {
            "title" => card::title(record, rules),
            "document_no" => {
                record.content.text(Field::DocumentNo).unwrap_or("（没有文书号）").to_owned()
            }
            "authority" => card::authority(record, rules),
            "decided_on" => zh_date(record.document.decided_on),
            "source" => agency(rules, record.source.as_str()),
            "class" => record.severity.map(|class| class.title().to_owned()).unwrap_or_default(),
            "told_on" => day(self.history.told_on),
            "quiet_until" => day(self.quiet().map(|due| due.on)),
            "ends_on" => day(match display {
                Some(display) => Some(display.ends_on),
                None => record.content.day(Field::ValidUntil),
            }),
            "repair_from" => day(display.map(|display| display.repair_from)),
            "objection_days" => number("objection"),
            "reconsideration_days" => number("reconsideration"),
            "reconsideration_body" => remedy.map(|remedy| remedy.body.clone()).unwrap_or_default(),
            "court" => remedy.map(|remedy| remedy.court.clone()).unwrap_or_default(),
            "court_months" => number("sue_direct"),
            // Whoever answers a case is the body that sent the record.
            "source_body" => at_the_source.map(|remedy| remedy.body.clone()).unwrap_or_default(),
            "source_court" => at_the_source.map(|remedy| remedy.court.clone()).unwrap_or_default(),
            "hearing_days" => number("repair_hearing"),
            "silence_days" => number("objection_silent_delete"),
            _ => String::new(),
        }
    }
}

/// What can be done against what a body decided in a case.
pub(crate) fn remedy_of_case(rules: &Rules, agency: &str) -> String {
    let found = rules.agency(agency).and_then(|agency| rules.remedy(agency));
    let Some(remedy) = found else { return OTHER_REMEDY.to_owned() };
    let number = |kind: &str| rules.deadline(kind).map_or(0, |deadline| deadline.n);
    format!(
        "不服这个结果的，可以自知道之日起 {} 日内向{}申请行政复议，也可以在 {} 个月内向{}起诉。",
        number("reconsideration"),
        remedy.body,
        number("sue_direct"),
        remedy.court
    )
}

/// Fills `{places}`.
fn fill(text: &str, place: impl Fn(&str) -> String) -> String {
    let mut parts = text.split('{');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}') {
            Some((name, rest)) => {
                out.push_str(&place(name));
                out.push_str(rest);
            }
            None => {
                out.push('{');
                out.push_str(part);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn places_are_filled_once() {
        let filled = super::fill("{a}和{b}，{", |name| format!("<{name}{{a}}>"));
        assert_eq!(filled, "<a{a}>和<b{a}>，{");
    }
}
