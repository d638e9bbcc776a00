//! Random histories: whatever happens to a record in whatever order, it is shown exactly while it may
//! be (I4), marked exactly while it is contested or challenged (I5), and each change reaches each body
//! that received it exactly once (I13).
//!
//! The model below knows the days and the moves, and nothing of events, standings or the log.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use register::correction::{Change, Correction};
use register::{ChallengeId, ObjectionId, RecordId, RepairId};
use testkit::Engine::Sqlite;
use testkit::{City, LIU, MARKET};
use usecases::challenge::{self, NewChallenge};
use usecases::objection::{self, Answer, NewObjection};
use usecases::repair::{self, NewRepair};
use usecases::{Actor, check, correction, my};

/// What somebody does.
#[derive(Clone, Copy, Debug)]
enum Move {
    Look,
    Object,
    TakeBack,
    Confirm,
    Delete,
    AskRepair,
    GrantRepair,
    Challenge,
    Report,
    Annul,
    Uphold,
    Acknowledge,
    Jobs,
    Pass(i32),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        4 => Just(Move::Look),
        3 => Just(Move::Object),
        1 => Just(Move::TakeBack),
        2 => Just(Move::Confirm),
        1 => Just(Move::Delete),
        2 => Just(Move::AskRepair),
        1 => Just(Move::GrantRepair),
        2 => Just(Move::Challenge),
        2 => Just(Move::Report),
        1 => Just(Move::Annul),
        1 => Just(Move::Uphold),
        1 => Just(Move::Acknowledge),
        2 => Just(Move::Jobs),
        3 => (1..20_i32).prop_map(Move::Pass),
        1 => Just(Move::Pass(200)),
    ];
    proptest::collection::vec(one, 4..24)
}

/// What ought to be so.
#[derive(Debug)]
struct Model {
    today: Date,
    ends_on: Date,
    objection: Option<(ObjectionId, Date)>,
    repair: Option<RepairId>,
    challenge: Option<(ChallengeId, Option<Date>)>,
    /// For silence about an objection.
    is_suspended: bool,
    /// For silence about the result of a challenge.
    is_held: bool,
    is_withdrawn: bool,
    is_repaired: bool,
    was_seen: bool,
    corrections: usize,
}

impl Model {
    fn is_shown(&self) -> bool {
        let is_over = self.is_withdrawn || self.is_repaired || self.today >= self.ends_on;
        !is_over && !self.is_suspended && !self.is_held
    }

    /// A change that whoever received the record must learn.
    fn changes(&mut self) {
        self.corrections += usize::from(self.was_seen);
    }

    /// Kept from use on these accounts from now on: that too is learned, if it makes a difference.
    fn is_kept(&mut self, is_suspended: bool, is_held: bool) {
        let was = self.is_suspended || self.is_held;
        (self.is_suspended, self.is_held) = (is_suspended, is_held);
        if was != (is_suspended || is_held) && !self.is_withdrawn && !self.is_repaired {
            self.changes();
        }
    }
}

struct Story {
    city: City,
    liu: Actor,
    clerk: Actor,
    record: RecordId,
    model: Model,
}

impl Story {
    async fn begin() -> Self {
        let city = City::on(Sqlite).await;
        let liu = city.opens_account(LIU).await;
        let clerk = city.clerk(MARKET);
        let row = city.row(LIU, "2026-07-03", "2026-07-06");
        city.sends(&clerk, "NP04-MR", &[row]).await.unwrap();
        let file = my::file(&city.cx, &liu).await.unwrap();
        let record = file.facts().records[0].record.clone();
        let class = record.severity.unwrap();
        let model = Model {
            today: date(2026, 11, 23),
            ends_on: city.cx.rules.display(class, date(2026, 7, 3)).ends_on,
            objection: None,
            repair: None,
            challenge: None,
            is_suspended: false,
            is_held: false,
            is_withdrawn: false,
            is_repaired: false,
            was_seen: false,
            corrections: 0,
        };
        Self { city, liu, clerk, record: record.id, model }
    }

    fn paper(&self) -> usecases::paper::Received {
        let paper = usecases::paper::receive(&self.city.cx, "收据.pdf", b"%PDF-1.7 paper");
        paper.unwrap().unwrap()
    }

    async fn answer(&mut self, outcome: &str) {
        let Some((id, _)) = self.model.objection.take() else { return };
        let answer = Answer {
            outcome: outcome.to_owned(),
            reasons: "已核对。".to_owned(),
            ..Answer::default()
        };
        objection::answer(&self.city.cx, &self.clerk, id, answer).await.unwrap();
        if outcome == "deleted" && !self.model.is_withdrawn {
            self.model.is_withdrawn = true;
            self.model.changes();
        }
        self.model.is_kept(false, self.model.is_held);
    }

    async fn settle(&mut self, ending: &str) {
        let Some((id, _)) = self.model.challenge.take() else { return };
        let words = "按文书办理。";
        challenge::settle(&self.city.cx, &self.clerk, id, ending, words).await.unwrap();
        if ending == "revoked" && !self.model.is_withdrawn {
            self.model.is_withdrawn = true;
            self.model.changes();
        }
        self.model.is_kept(self.model.is_suspended, false);
    }

    async fn make(&mut self, step: Move) {
        let (cx, liu) = (self.city.cx.clone(), self.liu.clone());
        let (whom, record) = (liu.person.unwrap(), self.record);
        match step {
            Move::Look => {
                let shown = self.city.sees(LIU).await > 0;
                self.model.was_seen |= shown;
            }
            Move::Object => {
                let new = NewObjection {
                    ground: "wrong-fact".to_owned(),
                    request: "correct".to_owned(),
                    words: "不对。".to_owned(),
                    papers: Vec::new(),
                };
                let opened = objection::open(&cx, &liu, whom, record, new).await;
                let may = self.model.objection.is_none() && !self.model.is_withdrawn;
                assert_eq!(opened.is_ok(), may, "{opened:?}");
                if let Ok(opened) = opened {
                    self.model.objection = Some((opened.id, opened.answer_due));
                }
            }
            Move::TakeBack => {
                if let Some((id, _)) = self.model.objection.take() {
                    objection::withdraw(&cx, &liu, whom, id).await.unwrap();
                    self.model.is_kept(false, self.model.is_held);
                }
            }
            Move::Confirm => self.answer("confirmed").await,
            Move::Delete => self.answer("deleted").await,
            Move::AskRepair => {
                let new = NewRepair {
                    words: "已改正。".to_owned(),
                    is_performed: true,
                    has_pledged: true,
                    papers: vec![self.paper()],
                };
                let over = self.model.is_withdrawn
                    || self.model.is_repaired
                    || self.model.today >= self.model.ends_on;
                let asked = repair::ask(&cx, &liu, whom, record, new).await;
                assert_eq!(asked.is_ok(), !over && self.model.repair.is_none(), "{asked:?}");
                if let Ok(asked) = asked {
                    self.model.repair = Some(asked.id);
                }
            }
            Move::GrantRepair => {
                if let Some(id) = self.model.repair.take() {
                    repair::decide(&cx, &self.clerk, id, "granted", "").await.unwrap();
                    if !self.model.is_withdrawn {
                        self.model.is_repaired = true;
                        self.model.changes();
                    }
                }
            }
            Move::Challenge => {
                let new = NewChallenge {
                    choice: "lawsuit".to_owned(),
                    words: "已立案。".to_owned(),
                    papers: vec![self.paper()],
                };
                let may = self.model.challenge.is_none() && !self.model.is_withdrawn;
                let entered = challenge::enter(&cx, &liu, whom, record, new).await;
                assert_eq!(entered.is_ok(), may, "{entered:?}");
                if let Ok(entered) = entered {
                    self.model.challenge = Some((entered.id, None));
                }
            }
            Move::Report => {
                if let Some((id, None)) = self.model.challenge {
                    let new = NewChallenge {
                        choice: "revoked".to_owned(),
                        words: "判决撤销。".to_owned(),
                        papers: vec![self.paper()],
                    };
                    let told = challenge::report(&cx, &liu, whom, id, new).await.unwrap();
                    self.model.challenge = Some((id, told.due));
                }
            }
            Move::Annul => self.settle("revoked").await,
            Move::Uphold => self.settle("upheld").await,
            Move::Acknowledge => {
                for received in correction::received(&cx, &self.clerk).await.unwrap() {
                    let id = received.correction.id;
                    correction::acknowledge(&cx, &self.clerk, id).await.unwrap();
                }
            }
            Move::Jobs => self.jobs().await,
            Move::Pass(days) => {
                self.model.today = self.model.today.checked_add(days.days()).unwrap();
                self.city.stands_on(&self.model.today.to_string());
            }
        }
    }

    /// Silence counts, and what was missed is sent; all of it twice.
    async fn jobs(&mut self) {
        for _ in 0..2 {
            for job in usecases::jobs::JOBS {
                usecases::jobs::run(&self.city.cx, job.what).await.unwrap();
            }
            if let Some((_, Some(due))) = self.model.challenge {
                let is_held = self.model.is_held || self.model.today > due;
                self.model.is_kept(self.model.is_suspended, is_held);
            }
            let Some((_, due)) = self.model.objection else { continue };
            if self.model.is_suspended {
                let last = self.city.cx.rules.due("objection_silent_delete", due).unwrap().on;
                if self.model.today > last {
                    self.model.objection = None;
                    if !self.model.is_withdrawn {
                        self.model.is_withdrawn = true;
                        self.model.changes();
                    }
                    self.model.is_suspended = false;
                }
            } else if self.model.today > due {
                self.model.is_kept(true, self.model.is_held);
            }
        }
    }

    async fn holds(&mut self) -> Result<(), TestCaseError> {
        let model = &self.model;
        let ask = self.city.ask(LIU, "food-licence-review");
        let told = check::one(&self.city.cx, &self.clerk, &ask).await.unwrap();
        let facts = told.facts();
        prop_assert_eq!(!facts.is_empty(), model.is_shown(), "i04: {:?}", model);
        for fact in facts {
            prop_assert_eq!(fact.is_contested, model.objection.is_some(), "i05: {:?}", model);
            prop_assert_eq!(fact.is_challenged, model.challenge.is_some(), "i05: {:?}", model);
        }
        self.model.was_seen |= !told.facts().is_empty();
        let person = self.liu.person.unwrap();
        let sent = store::correction::of_person(self.city.cx.store.read(), person).await.unwrap();
        let is_open = |one: &&Correction| one.acknowledged_at.is_none();
        let open = correction::received(&self.city.cx, &self.clerk).await.unwrap();
        prop_assert_eq!(open.len(), sent.iter().filter(is_open).count());
        let last = sent.last().map(|one| one.id);
        for one in sent.iter().filter(is_open) {
            let is_passing = [Change::Suspended, Change::Resumed].contains(&one.change);
            let is_stale = is_passing && Some(one.id) != last;
            prop_assert!(!is_stale, "{:?} is waited for though more followed", one.change);
        }
        let sent = sent.len();
        prop_assert_eq!(sent, self.model.corrections, "i13: {:?}", self.model);
        Ok(())
    }
}

#[test]
fn i04_i05_i13_hold_over_random_histories() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config { cases: 24, max_shrink_iters: 64, ..Config::default() };
    TestRunner::new(config)
        .run(&moves(), |moves| {
            runtime.block_on(async {
                let mut story = Story::begin().await;
                for step in moves {
                    story.make(step).await;
                    story.holds().await?;
                }
                Ok(())
            })
        })
        .unwrap();
}
