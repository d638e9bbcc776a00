//! The letter: the rulebook's text with its places filled from the record and the rules.

use jiff::civil::Date;
use register::Record;
use register::record::History;
use rulebook::{Due, Remedy, Rules};

use super::{agency, by, record as card, statutes};
use crate::pages::format::{grouped, zh_date};
use crate::pages::{Fact, Link};
use register::Field;
use register::inquiry::Inquiry;
use register::notice::Notice;
use usecases::my::{MyLook, Subject};

/// What is said of remedies where we do not know who reviews the decision.
const OTHER_REMEDY: &str =
    "不服这份文书的，请按文书上写明的复议机关、法院和期限申请行政复议或者提起诉讼。";

/// What is said of the quiet period where it begins only when this very notice is served, as with a
/// letter on its way.
const QUIET_FROM_SERVICE: &str = "自本告知书送达之日起{quiet_days}个工作日以内，除报送单位以外没有人看得到这条信息，您可以先核对。";

/// What is said of remedies against a penalty on the spot: first the review, then the court.
const REVIEW_FIRST: &str = "这是当场作出的处罚，不能直接起诉。不服的，应当先自知道之日起{reconsideration_days}日内向{reconsideration_body}申请行政复议；对复议决定不服，或者复议机关逾期不作决定的，自收到决定书或者期满之日起{court_days}日内向{court}起诉。";

/// What a notice says, by the text of that code, whatever it is about. `is_case_below` on paper that holds
/// what was said in the case itself: whoever gets it may have no account.
pub(crate) fn says(
    code: &str,
    subject: &Subject,
    is_case_below: bool,
    rules: &Rules,
) -> Vec<String> {
    match subject {
        Subject::Record { record, history, extended_until } => {
            let letter = Letter { record, history, extended_until: *extended_until, rules };
            if is_case_below {
                letter.paragraphs_before_the_case(code)
            } else {
                letter.paragraphs(code)
            }
        }
        Subject::Inquiry(inquiry) => Answer { inquiry, is_case_below, rules }.paragraphs(code),
        Subject::Looks(looks) => Looks { looks, rules }.paragraphs(code),
        Subject::Incident(told) => super::incident::told(code, told, rules),
    }
}

/// What a notice rests on: its last words.
pub(crate) fn basis(code: &str, rules: &Rules) -> Option<String> {
    rules.notice(code).map(|text| format!("本告知书的依据：{}。", statutes(&text.basis)))
}

/// What stands beneath a notice, about what it is about.
pub(crate) struct Beneath {
    pub(crate) heading: &'static str,
    pub(crate) facts: Vec<Fact>,
    pub(crate) act: Link,
    pub(crate) from: String,
    pub(crate) quiet: Option<Due>,
}

/// What stands beneath this notice.
pub(crate) fn beneath(notice: &Notice, subject: &Subject, rules: &Rules) -> Beneath {
    match subject {
        Subject::Record { record, history, .. } => {
            let letter = Letter { record, history, extended_until: None, rules };
            let mut facts = card::facts(record, rules);
            if let Some(class) = record.severity {
                let display = rules.display(class, record.document.decided_on);
                facts.push(Fact::new("分类", class.title()));
                if display.shown {
                    let ends_on = format!("最迟 {}", zh_date(display.ends_on));
                    facts.push(Fact::new("停止展示", &ends_on));
                }
            }
            Beneath {
                heading: "这条信息",
                facts,
                act: Link::new(&format!("/my#r-{}", record.id), "看这条信息"),
                from: format!("{}报送", agency(rules, record.source.as_str())),
                quiet: letter.quiet().filter(|_| notice.text == "record-entered"),
            }
        }
        Subject::Inquiry(inquiry) => Beneath {
            heading: "这次查询",
            facts: vec![
                Fact::new("办件编号", &inquiry.number),
                Fact::new("查询", &format!("存证 {}", grouped(inquiry.look))),
                Fact::new("结果", inquiry.state.title()),
            ],
            act: Link::new(&format!("/my/inquiries/{}", inquiry.id), "看单位的说明"),
            from: format!("{}说明", agency(rules, inquiry.agency.as_str())),
            quiet: None,
        },
        Subject::Looks(looks) => Looks { looks, rules }.beneath(),
        Subject::Incident(told) => super::incident::beneath(told),
    }
}

/// Looks that should not have been.
struct Looks<'a> {
    looks: &'a [MyLook],
    rules: &'a Rules,
}

impl Looks<'_> {
    fn paragraphs(&self, code: &str) -> Vec<String> {
        let text = self.rules.notice(code);
        let paragraphs = text.into_iter().flat_map(|text| &text.paragraphs);
        paragraphs.map(|paragraph| fill(paragraph, |place| self.place(place))).collect()
    }

    fn source(&self) -> String {
        let code = self.looks.first().and_then(|look| look.agency.as_deref());
        code.map_or_else(|| "信用办".to_owned(), |code| agency(self.rules, code))
    }

    fn place(&self, name: &str) -> String {
        let on = |look: &MyLook| zh_date(usecases::china_date(look.at));
        match name {
            "source" => self.source(),
            "number" => {
                let found = self.looks.first().and_then(|look| look.wrongful.as_ref());
                found.map(|found| found.number.clone()).unwrap_or_default()
            }
            "looks" => {
                let each = self.looks.iter();
                let each = each.map(|look| format!("存证 {}（{}）", grouped(look.seq), on(look)));
                each.collect::<Vec<_>>().join("、")
            }
            _ => String::new(),
        }
    }

    fn beneath(&self) -> Beneath {
        let fact = |look: &MyLook| {
            let row = crate::site::my::row(look, self.rules);
            Fact::new(&format!("存证 {}", row.seq_text), &format!("{}，{}", row.at, row.purpose))
        };
        let first = self.looks.first().map_or(0, |look| look.seq);
        Beneath {
            heading: "这些查询",
            facts: self.looks.iter().map(fact).collect(),
            act: Link::new(&format!("/my/looks/{first}"), "看这次查询"),
            // Of its own looks the office is not said to be the judge.
            from: if self.looks.iter().all(|look| look.agency.is_none()) {
                "核对认定".to_owned()
            } else {
                "信用办认定".to_owned()
            },
            quiet: None,
        }
    }
}

/// The answer to a question about a look.
struct Answer<'a> {
    inquiry: &'a Inquiry,
    is_case_below: bool,
    rules: &'a Rules,
}

impl Answer<'_> {
    fn paragraphs(&self, code: &str) -> Vec<String> {
        let text = self.rules.notice(code);
        let paragraphs = text.into_iter().flat_map(|text| &text.paragraphs);
        paragraphs.map(|paragraph| fill(paragraph, |place| self.place(place))).collect()
    }

    fn place(&self, name: &str) -> String {
        match name {
            "source" => agency(self.rules, self.inquiry.agency.as_str()),
            "number" => self.inquiry.number.clone(),
            "case" if self.is_case_below => "下文".to_owned(),
            "case" => "“我的办件”".to_owned(),
            // Where the office is reached: at the foot of every letter, and on the page of the rights.
            "contact" if self.is_case_below => "本信末尾".to_owned(),
            "contact" => "“您的权利”".to_owned(),
            _ => String::new(),
        }
    }
}

/// What a letter needs.
pub(crate) struct Letter<'a> {
    pub(crate) record: &'a Record,
    pub(crate) history: &'a History,
    /// The last day of a case that was extended.
    pub(crate) extended_until: Option<Date>,
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
        self.filled(code, |place| self.place(place))
    }

    /// The same for paper that holds what was said in the case itself: whoever gets it may have no account.
    pub(crate) fn paragraphs_before_the_case(&self, code: &str) -> Vec<String> {
        self.filled(code, |place| match place {
            "case" => "下文".to_owned(),
            place => self.place(place),
        })
    }

    fn filled(&self, code: &str, place: impl Fn(&str) -> String) -> Vec<String> {
        let text = self.rules.notice(code);
        text.into_iter()
            .flat_map(|text| &text.paragraphs)
            .map(|paragraph| fill(self.fitting(paragraph), &place))
            .collect()
    }

    /// The paragraph, or what is said instead of it where it would not be true of this record.
    fn fitting<'text>(&self, paragraph: &'text str) -> &'text str {
        if paragraph.contains("{quiet_until}") && self.quiet().is_none() {
            return QUIET_FROM_SERVICE;
        }
        if !paragraph.contains("{reconsideration_body}") {
            return paragraph;
        }
        match self.remedy() {
            None => OTHER_REMEDY,
            Some(_) if card::is_on_the_spot(self.record) => REVIEW_FIRST,
            Some(_) => paragraph,
        }
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
            "quiet_days" => number("quiet"),
            "item_basis" => {
                rules.item(&record.item).map(|item| statutes(&item.basis)).unwrap_or_default()
            }
            "due" => self.extended_until.map(|due| by(due, rules)).unwrap_or_default(),
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
            "court_days" => number("sue_after_reconsideration"),
            // Whoever answers a case is the body that sent the record.
            "source_body" => at_the_source.map(|remedy| remedy.body.clone()).unwrap_or_default(),
            "source_court" => at_the_source.map(|remedy| remedy.court.clone()).unwrap_or_default(),
            "hearing_days" => number("repair_hearing"),
            "silence_days" => number("objection_silent_delete"),
            // Where what was said in the case stands.
            "case" => "“我的办件”".to_owned(),
            "opening_hours" => rules.limit("opening_hours").to_string(),
            "repair_documents" => rules.limit("repair_documents").to_string(),
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
pub(crate) fn fill(text: &str, place: impl Fn(&str) -> String) -> String {
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
    use super::*;

    /// Texts about an incident; see `view::incident`.
    const INCIDENTS: [&str; 2] = ["incident-told", "incident-authority"];

    /// Texts about a question, and not about a record.
    const ANSWERS: [&str; 4] = [
        "inquiry-explained",
        "inquiry-mistaken",
        "inquiry-explained-office",
        "inquiry-mistaken-office",
    ];

    fn asked() -> Inquiry {
        Inquiry {
            id: register::InquiryId(uuid::Uuid::nil()),
            number: "WX20261123-7F3K2Q".to_owned(),
            person: register::PersonId(uuid::Uuid::nil()),
            look: 41,
            agency: register::Uscc::parse("11999901TEMR000151").unwrap(),
            state: register::inquiry::State::Mistaken,
            asked_at: jiff::Timestamp::UNIX_EPOCH,
            due: jiff::civil::date(2026, 11, 30),
            closed_at: None,
        }
    }

    #[test]
    fn an_answer_says_what_it_answers_and_has_no_empty_place() {
        let rules = Rules::bundled().unwrap();
        let inquiry = asked();
        for is_case_below in [false, true] {
            let answer = Answer { inquiry: &inquiry, is_case_below, rules: &rules };
            for code in ANSWERS {
                let said = answer.paragraphs(code).join("\n");
                assert!(said.contains("WX20261123-7F3K2Q") && !said.contains('{'), "{said}");
                assert_eq!(said.contains("见下文"), is_case_below, "{said}");
                for paragraph in &rules.notice(code).unwrap().paragraphs {
                    fill(paragraph, |place| {
                        let value = answer.place(place);
                        assert!(!value.is_empty(), "{code}: {place}");
                        value
                    });
                }
            }
        }
    }

    #[test]
    fn a_wrongful_look_is_told_by_position_and_day_and_has_no_empty_place() {
        let rules = Rules::bundled().unwrap();
        let look = |seq| MyLook {
            seq,
            at: "2026-11-18T02:42:00Z".parse().unwrap(),
            agency: Some("11999901TEMR000151".to_owned()),
            door: "check".to_owned(),
            purpose: None,
            matter: String::new(),
            records: Vec::new(),
            is_own: false,
            is_whole: true,
            wrongful: Some(store::supervision::Wrongful {
                seq,
                number: "JD20261201-7F3K2Q".to_owned(),
                at: "2026-12-01T02:42:00Z".parse().unwrap(),
            }),
        };
        let of_office = [MyLook { agency: None, ..look(7) }];
        let own = Looks { looks: &of_office, rules: &rules };
        let said = own.paragraphs("look-wrongful-office").join("\n");
        assert!(said.contains("信用办对您的下列查询") && !said.contains("信用办核对"), "{said}");
        assert!(!said.contains('{') && !said.contains("（）"), "{said}");
        assert_eq!(own.beneath().from, "核对认定");
        let looks = Looks { looks: &[look(41), look(48_190)], rules: &rules };
        let said = looks.paragraphs("look-wrongful").join("\n");
        for part in [
            "JD20261201-7F3K2Q",
            "存证 41（2026年11月18日）、存证 48,190（",
            "示例市市场监督管理局",
        ] {
            assert!(said.contains(part), "{part} in {said}");
        }
        for paragraph in &rules.notice("look-wrongful").unwrap().paragraphs {
            fill(paragraph, |place| {
                let value = looks.place(place);
                assert!(!value.is_empty(), "{place}");
                value
            });
        }
    }

    /// Whoever has nothing but the paper reads on it by what law (N8), and to which day a case was extended.
    #[test]
    fn every_text_says_what_it_rests_on_and_an_extension_its_last_day() {
        let rules = Rules::bundled().unwrap();
        let record = card::sample(&rules, "普通程序");
        let item = rules.item(&record.item).unwrap();
        let subject = Subject::Record {
            record: Box::new(record),
            history: History::default(),
            extended_until: Some(jiff::civil::date(2026, 12, 14)),
        };
        for text in rules.notices() {
            let last = basis(&text.code, &rules).unwrap();
            for basis in &text.basis {
                assert!(last.contains(&basis.to_string()), "{}: {last}", text.code);
            }
            let said = says(&text.code, &subject, false, &rules).join("\n");
            if text.code.contains("-entered") {
                assert!(said.contains(&statutes(&item.basis)), "{}: {said}", text.code);
            }
            if text.code.ends_with("-extended") {
                assert!(said.contains("最迟2026年12月14日"), "{}: {said}", text.code);
            }
        }
    }

    /// Told or not yet, and however it was decided: no paragraph has an empty place.
    #[test]
    fn no_text_has_an_empty_place() {
        let rules = Rules::bundled().unwrap();
        let mut told = History::default();
        told.told_on = Some(jiff::civil::date(2026, 11, 10));
        for procedure in ["普通程序", "简易程序"] {
            let record = card::sample(&rules, procedure);
            for history in [&History::default(), &told] {
                let extended_until = Some(jiff::civil::date(2026, 12, 14));
                let letter = Letter { record: &record, history, extended_until, rules: &rules };
                let about_records = rules.notices().iter().filter(|text| {
                    let code = text.code.as_str();
                    !ANSWERS.contains(&code)
                        && !INCIDENTS.contains(&code)
                        && !code.starts_with("look-wrongful")
                });
                for text in about_records {
                    for paragraph in &text.paragraphs {
                        fill(letter.fitting(paragraph), |place| {
                            let value = letter.place(place);
                            assert!(!value.is_empty() && value != "0", "{}: {place}", text.code);
                            value
                        });
                    }
                }
            }
        }
    }

    #[test]
    fn a_letter_on_its_way_counts_from_its_service_and_one_on_the_spot_goes_to_review_first() {
        let rules = Rules::bundled().unwrap();
        let mut told = History::default();
        told.told_on = Some(jiff::civil::date(2026, 11, 10));
        let said = |procedure: &str, history: &History| {
            let record = card::sample(&rules, procedure);
            let letter = Letter { record: &record, history, extended_until: None, rules: &rules };
            letter.paragraphs("record-entered").join("\n")
        };
        let printed = said("普通程序", &History::default());
        assert!(printed.contains("自本告知书送达之日起5个工作日以内"), "{printed}");
        let read = said("普通程序", &told);
        assert!(read.contains("到2026年11月17日当天结束为止"), "{read}");
        assert!(read.contains("也可以在6个月内向"), "{read}");
        let on_the_spot = said("简易程序", &told);
        assert!(on_the_spot.contains("不能直接起诉"), "{on_the_spot}");
        assert!(!on_the_spot.contains("6个月"), "{on_the_spot}");
    }

    #[test]
    fn places_are_filled_once() {
        let filled = fill("{a}和{b}，{", |name| format!("<{name}{{a}}>"));
        assert_eq!(filled, "<a{a}>和<b{a}>，{");
    }
}
