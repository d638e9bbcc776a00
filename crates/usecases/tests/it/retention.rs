//! What is kept no longer: sealed when it is over, erased when its time is, and then nobody can bring it
//! back, not even from yesterday's copy of the database.

use register::RecordId;
use register::retention::month;
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, LIU, MARKET, ZHOU};
use usecases::health::{self, Finding};
use usecases::jobs::{self, What};
use usecases::objection::{self, Answer, NewObjection};
use usecases::record::Change;
use usecases::{Actor, correction, log, my, record, retention};
use vault::{Place, Vault};

/// Liu with one fine of July 2026 that the market bureau has seen.
async fn fined(engine: Engine) -> (City, Actor, RecordId) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    assert_eq!(city.sees(LIU).await, 1);
    let file = my::file(&city.cx, &liu).await.unwrap();
    (city, liu, file.facts().records[0].record.id)
}

async fn content_of(city: &City, liu: &Actor, record: RecordId) -> Vec<u8> {
    let stored = store::record::of_person(city.cx.store.read(), liu.person.unwrap()).await.unwrap();
    stored.into_iter().find(|stored| stored.id == record).unwrap().content
}

async fn is_sound(city: &City) -> log::Verified {
    let operator = usecases::account::operator(None);
    log::verify(&city.cx, &operator, 0, city.witnessed(), |_, _| {}).await.unwrap()
}

fn opens(city: &City, record: RecordId, content: &[u8]) -> bool {
    let place = Place { table: "record", column: "content", row: record.0.as_bytes() };
    city.cx.vault.open(place, content).is_ok()
}

#[rstest]
#[tokio::test]
async fn an_old_record_is_erased_and_no_copy_of_the_database_opens_any_more(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, liu, record) = fined(engine).await;
    let copy = content_of(&city, &liu, record).await;
    assert_eq!(Vault::month_of(&copy), Some(month("2031-07-04".parse().unwrap())));
    // Over, and sealed: nobody is shown it, the person sees until when it is kept.
    city.stands_on("2031-07-03");
    assert_eq!(city.sees(LIU).await, 0);
    let mine = my::file(&city.cx, &liu).await.unwrap().into_parts().0.records.remove(0);
    assert!(register::retention::is_archived(&mine.standing), "{:?}", mine.standing);
    assert_eq!(mine.record.erase_on, Some("2031-07-04".parse().unwrap()));
    let done = retention::erase(&city.cx).await.unwrap();
    assert_eq!((done.records, done.held), (0, 0), "its last day");

    city.stands_on("2031-07-04");
    assert!(opens(&city, record, &copy));
    let done = retention::erase(&city.cx).await.unwrap();
    assert_eq!(done.records, 1);
    assert!(my::file(&city.cx, &liu).await.unwrap().facts().records.is_empty());
    let looks = my::looks(&city.cx, &liu, u64::MAX, 50).await.unwrap().looks;
    let erasing = looks.iter().find(|look| look.door == "erasure").unwrap();
    assert_eq!(erasing.records, [record.to_string()], "he sees that it was erased, and when");
    assert!(opens(&city, record, &copy), "the month is not over");

    // A copy of the database from before, and all keys that are left: nothing.
    city.stands_on("2031-08-01");
    let done = retention::erase(&city.cx).await.unwrap();
    assert!(done.keys);
    assert!(!opens(&city, record, &copy));
    let again = Vault::month_of(&copy).unwrap();
    assert!(matches!(
        city.cx.vault.open(
            Place { table: "record", column: "content", row: record.0.as_bytes() },
            &copy
        ),
        Err(vault::VaultError::Destroyed(gone)) if gone == again
    ));
    let done = retention::erase(&city.cx).await.unwrap();
    assert_eq!(done, retention::Erasing::default(), "twice without harm");
    let verified = is_sound(&city).await;
    assert_eq!(verified.fault, None);
}

/// Looks that were logged under the wrong clock say nothing for it.
#[rstest]
#[tokio::test]
async fn a_clock_that_leapt_ahead_destroys_no_key(#[values(Sqlite, Postgres)] engine: Engine) {
    let (city, liu, record) = fined(engine).await;
    let copy = content_of(&city, &liu, record).await;
    let operator = usecases::account::operator(None);
    let is_found = async || {
        let found = health::inside(&city.cx, &operator).await.unwrap();
        found.contains(&Finding::Gap)
    };
    assert!(!is_found().await);
    city.stands_on("2031-08-01");
    city.sees(LIU).await;
    assert!(!retention::erase(&city.cx).await.unwrap().keys);
    assert!(opens(&city, record, &copy), "a copy of the database brings it back");
    assert!(is_found().await, "the operator is told");
    // Nobody has set it right within a week: it is the time.
    city.stands_on("2031-08-09");
    assert!(!is_found().await);
    assert!(retention::erase(&city.cx).await.unwrap().keys);
    assert!(!opens(&city, record, &copy));
}

#[rstest]
#[tokio::test]
async fn the_keys_that_are_written_down_know_no_month_that_is_over(
    #[values(Sqlite)] engine: Engine,
) {
    let (city, liu, record) = fined(engine).await;
    let copy = content_of(&city, &liu, record).await;
    let before = std::fs::read_to_string(city.dir.path().join("months.key")).unwrap();
    city.stands_on("2031-07-20");
    city.sees(LIU).await;
    city.stands_on("2031-08-01");
    retention::erase(&city.cx).await.unwrap();
    let after = std::fs::read_to_string(city.dir.path().join("months.key")).unwrap();
    assert_ne!(before, after);
    // Another process that begins now reads them from the file.
    city.cx.vault.with_months(&after).unwrap();
    assert!(!opens(&city, record, &copy));
    // The test is worth something only because the old file would open it.
    city.cx.vault.with_months(&before).unwrap();
    assert!(opens(&city, record, &copy));
    let left = std::fs::read_dir(city.dir.path()).unwrap();
    let parts = left
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(".part"));
    assert_eq!(parts.count(), 0);
}

#[rstest]
#[tokio::test]
async fn nothing_of_an_erased_record_is_left_in_any_row(#[values(Postgres)] engine: Engine) {
    let (city, liu, record) = fined(engine).await;
    let clerk = city.clerk(MARKET);
    let opened = objection::open(
        &city.cx,
        &liu,
        liu.person.unwrap(),
        record,
        NewObjection {
            ground: "wrong-fact".to_owned(),
            request: "correct".to_owned(),
            words: "金额不对。".to_owned(),
            papers: vec![
                usecases::paper::receive(&city.cx, "收据.pdf", b"%PDF-1.7\n%%EOF\n")
                    .unwrap()
                    .unwrap(),
            ],
        },
    )
    .await
    .unwrap();
    let answer = Answer {
        outcome: "confirmed".to_owned(),
        reasons: "已核对决定书原件。".to_owned(),
        ..Answer::default()
    };
    objection::answer(&city.cx, &clerk, opened.id, answer).await.unwrap();
    let id = record.0.to_string();
    let holds = |rows: &[(std::path::PathBuf, Vec<u8>)]| {
        rows.iter()
            .filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains(&id))
            .map(|(table, _)| table.display().to_string())
            .collect::<Vec<_>>()
    };
    let before = holds(&city.all_rows().await);
    for table in ["record", "record_event", "notice", "objection"] {
        assert!(before.iter().any(|held| held == table), "{table}: {before:?}");
    }
    let papers = |city: &City| {
        let files = city.cx.files.all().unwrap();
        files.iter().filter(|(path, _)| path.extension().is_some_and(|e| e == "paper")).count()
    };
    assert_eq!(papers(&city), 1);
    city.stands_on("2031-07-04");
    assert_eq!(retention::erase(&city.cx).await.unwrap().records, 1);
    assert_eq!(holds(&city.all_rows().await), Vec::<String>::new());
    let case = opened.id.0.to_string();
    for (table, bytes) in city.all_rows().await {
        assert!(!String::from_utf8_lossy(&bytes).contains(&case), "{}", table.display());
    }
    assert_eq!(papers(&city), 0);
}

#[rstest]
#[tokio::test]
async fn what_is_under_dispute_or_not_yet_corrected_is_not_destroyed(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, liu, record) = fined(engine).await;
    let clerk = city.clerk(MARKET);
    let operator = usecases::account::operator(Some(register::Uscc::parse(MARKET).unwrap()));
    let person = liu.person.unwrap();
    let copy = content_of(&city, &liu, record).await;
    record::change(&city.cx, &operator, person, record, Change::Withdraw).await.unwrap();
    // Taken back: kept for half a year, not for five.
    let mine = my::file(&city.cx, &liu).await.unwrap().into_parts().0.records.remove(0);
    assert_eq!(mine.record.erase_on, Some("2027-05-23".parse().unwrap()));
    city.stands_on("2027-05-23");
    let done = retention::erase(&city.cx).await.unwrap();
    assert_eq!((done.records, done.held), (0, 1), "the market bureau has not acknowledged it");
    city.stands_on("2027-06-23");
    retention::erase(&city.cx).await.unwrap();
    assert!(opens(&city, record, &copy));
    let sent = correction::received(&city.cx, &clerk).await.unwrap();
    let sent = sent.first().unwrap().correction.id;
    correction::acknowledge(&city.cx, &clerk, sent).await.unwrap();
    assert_eq!(retention::erase(&city.cx).await.unwrap().records, 1);
}

#[rstest]
#[tokio::test]
async fn i17_what_was_taken_back_stays_out_also_after_it_was_erased(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let clerk = city.clerk(MARKET);
    // A heavy one, so that it could come in again half a year later.
    let row = city.row(LIU, "2026-07-03", "2026-07-06").replace("罚款,0.15", "吊销许可证件,");
    city.sends(&clerk, "NP04-MR", std::slice::from_ref(&row)).await.unwrap();
    let file = my::file(&city.cx, &liu).await.unwrap();
    let record = file.facts().records[0].record.id;
    let operator = usecases::account::operator(Some(register::Uscc::parse(MARKET).unwrap()));
    let person = liu.person.unwrap();
    record::change(&city.cx, &operator, person, record, Change::Withdraw).await.unwrap();
    city.stands_on("2027-05-24");
    assert_eq!(retention::erase(&city.cx).await.unwrap().records, 1);
    let batch = city.sends(&clerk, "NP04-MR", std::slice::from_ref(&row)).await.unwrap();
    assert_eq!((batch.counts.accepted, batch.counts.rejected), (0, 1));
    // Once it would be too old anyway, not even its hash is kept.
    city.stands_on("2029-07-03");
    retention::erase(&city.cx).await.unwrap();
    let left = store::retention::erased_of(city.cx.store.read(), &[person]).await.unwrap();
    assert_eq!(left, []);
    let batch = city.sends(&clerk, "NP04-MR", &[row]).await.unwrap();
    assert_eq!((batch.counts.accepted, batch.counts.rejected), (0, 1));
}

#[rstest]
#[tokio::test]
async fn i07_old_looks_go_their_leaves_stay_and_a_young_one_cannot_pass_for_old(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, liu, _) = fined(engine).await;
    city.stands_on("2031-11-22");
    my::file(&city.cx, &liu).await.unwrap();
    let before = is_sound(&city).await;
    assert_eq!(before.fault, None);
    assert_eq!(retention::erase(&city.cx).await.unwrap().looks, 0);
    city.stands_on("2031-11-24");
    let done = retention::erase(&city.cx).await.unwrap();
    assert!(done.looks > 0);
    let verified = is_sound(&city).await;
    assert_eq!(verified.fault, None, "the tree stands");
    assert!(verified.size > before.size - 1);
    // A head that says it was signed long ago makes no young look an old one.
    let forged = "UPDATE log_head SET at = (SELECT MIN(at) FROM log_head) \
                  WHERE size = (SELECT MAX(size) FROM log_head)";
    assert_eq!(city.tampers(forged).await, 1);
    let operator = usecases::account::operator(None);
    assert_eq!(retention::erase(&city.cx).await.unwrap().looks, 0);
    let old = log::fault_at(&city.cx, &operator, verified.size - 1).await.unwrap();
    assert_eq!(old, None, "it is still there");
    assert_eq!(is_sound(&city).await.fault.unwrap().what, "signed head does not fit");
    let honest = "UPDATE log_head SET at = (SELECT MAX(at) FROM access_entry) \
                  WHERE size = (SELECT MAX(size) FROM log_head)";
    assert_eq!(city.tampers(honest).await, 1);
    // A look of yesterday that is taken away is missed.
    let taken = city
        .tampers(
            "DELETE FROM access_entry WHERE seq = (SELECT MAX(seq) FROM access_entry) \
             AND person_id IS NOT NULL",
        )
        .await;
    assert_eq!(taken, 1);
    let operator = usecases::account::operator(None);
    let missed = log::fault_at(&city.cx, &operator, verified.size - 1).await.unwrap().unwrap();
    assert_eq!(missed.what, "entry is missing");
}

#[rstest]
#[tokio::test]
async fn of_a_person_without_an_account_nothing_is_left_in_the_end(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let clerk = city.clerk(MARKET);
    let row = city.row(ZHOU, "2026-07-03", "2026-07-06");
    city.sends(&clerk, "NP04-MR", &[row]).await.unwrap();
    assert_eq!(city.sees(ZHOU).await, 1);
    city.stands_on("2031-07-04");
    let done = jobs::run(&city.cx, What::Erase).await.unwrap();
    assert!(done >= 1);
    let blind = |city: &City| {
        let document =
            register::IdDocument::parse(register::IdKind::Citizen, ZHOU.0, city.cx.today())
                .unwrap();
        city.cx.vault.blind(1, document.kind().code(), document.number()).unwrap().0
    };
    let key = [blind(&city)];
    let known = store::person::find(city.cx.store.read(), &key).await.unwrap();
    assert_eq!(known.len(), 1, "looks at him are still kept, and are his");
    // That it was erased is the last look; five years later that goes too.
    city.stands_on("2036-07-06");
    let done = retention::erase(&city.cx).await.unwrap();
    assert_eq!(done.persons, 1);
    let known = store::person::find(city.cx.store.read(), &key).await.unwrap();
    assert!(known.is_empty());
    assert_eq!(is_sound(&city).await.fault, None);
}

fn licence(until: &str) -> String {
    format!(
        "XK_XDR_MC,XK_XDR_ZJHM,XK_WSH,XK_XKWS,XK_XKLB,XK_XKBH,XK_NR,XK_JDRQ,XK_YXQZ,XK_YXQZI\n\
         {},{},示市监许〔2026〕7号,食品经营许可决定书,普通,JY21130000007,食品销售,2026-07-03,2026-07-03,{until}\n",
        LIU.1, LIU.0
    )
}

#[rstest]
#[tokio::test]
async fn a_licence_whose_last_day_was_set_right_is_kept_by_the_right_day(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let clerk = city.clerk(MARKET);
    let batch = city.sends_file(&clerk, "NP03", licence("2027-07-02").as_bytes()).await.unwrap();
    assert_eq!(batch.counts.accepted, 1);
    let mine = my::file(&city.cx, &liu).await.unwrap().into_parts().0.records.remove(0);
    let (record, was) = (mine.record.id, mine.record.erase_on.unwrap());
    let person = liu.person.unwrap();
    let new = NewObjection {
        ground: "wrong-fact".to_owned(),
        request: "correct".to_owned(),
        words: "有效期是十年。".to_owned(),
        papers: Vec::new(),
    };
    let opened = objection::open(&city.cx, &liu, person, record, new).await.unwrap();
    let answer = Answer {
        outcome: "corrected".to_owned(),
        reasons: "核对底档，确实是十年。".to_owned(),
        fields: vec![(register::Field::ValidUntil, "2036-07-02".to_owned())],
        ..Answer::default()
    };
    objection::answer(&city.cx, &clerk, opened.id, answer).await.unwrap();
    let mine = my::file(&city.cx, &liu).await.unwrap().into_parts().0.records.remove(0);
    let now = mine.record.erase_on.unwrap();
    assert!(now > was, "{now} is not later than {was}");
    assert_eq!(Vault::month_of(&content_of(&city, &liu, record).await), Some(month(now)));
    // The month of the wrong day is over, and its key destroyed; nothing of the licence goes with it.
    city.stands_on("2032-12-20");
    city.sees(LIU).await;
    city.stands_on("2033-01-05");
    let done = retention::erase(&city.cx).await.unwrap();
    assert!(done.keys && done.records == 0);
    let mine = my::file(&city.cx, &liu).await.unwrap().into_parts().0.records.remove(0);
    assert_eq!(
        mine.record.content.day(register::Field::ValidUntil),
        Some("2036-07-02".parse().unwrap())
    );
    let case = objection::one_of_mine(&city.cx, &liu, opened.id).await.unwrap();
    assert_eq!(case.facts().steps[0].words, "有效期是十年。");
}

#[rstest]
#[tokio::test]
async fn what_cannot_be_erased_keeps_nothing_else_waiting(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, liu, _) = fined(engine).await;
    let zhou = city.opens_account(ZHOU).await;
    // One that comes before all others.
    let row = city.row(ZHOU, "2026-07-02", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    let id = zhou.person.unwrap().0.simple();
    let id = if engine == Sqlite { format!("x'{id}'") } else { format!("'{id}'") };
    let bytes = if engine == Sqlite { "x'00'" } else { "'\\x00'" };
    assert_eq!(
        city.tampers(&format!("UPDATE record SET content = {bytes} WHERE person_id = {id}")).await,
        1
    );
    // Old enough for looks to go as well.
    city.stands_on("2031-11-24");
    retention::erase(&city.cx).await.unwrap_err();
    let looks = my::looks(&city.cx, &liu, u64::MAX, 50).await.unwrap().looks;
    assert!(looks.iter().all(|look| look.door == "erasure"), "{looks:?}");
    let left = store::record::of_person(city.cx.store.read(), zhou.person.unwrap()).await.unwrap();
    assert_eq!(left.len(), 1, "it is looked into by people");
    let due = store::retention::due(city.cx.store.read(), city.cx.today(), None, 10).await.unwrap();
    assert_eq!(due.len(), 1, "the other is gone");
}

#[rstest]
#[tokio::test]
async fn whoever_removed_an_honour_is_erased_like_anybody(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let union = city.clerk("11999901TEGH00015D");
    usecases::consent::give(&city.cx, &liu, "NP10").await.unwrap();
    let file = format!(
        "姓名,证件号码,表彰文件文号,荣誉称号,表彰日期,备注\n{},{},示工表〔2026〕7号,示例市劳动模范,2026-05-01,\n",
        LIU.1, LIU.0
    );
    city.sends_file(&union, "NP10", file.as_bytes()).await.unwrap();
    let record = my::file(&city.cx, &liu).await.unwrap().facts().records[0].record.id;
    usecases::consent::remove(&city.cx, &liu, record).await.unwrap();
    assert_eq!(retention::erase(&city.cx).await.unwrap().records, 1);
    let lead = testkit::lead();
    usecases::account::disable(&city.cx, &lead, &liu.login).await.unwrap();
    city.stands_on("2031-11-30");
    assert_eq!(retention::erase(&city.cx).await.unwrap().persons, 1);
}

/// Who looked stays in the books as long as his looks do, though he has left and nothing is about him.
#[rstest]
#[tokio::test]
async fn who_has_left_is_named_as_long_as_his_looks_are_kept(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let document =
        register::IdDocument::parse(register::IdKind::Citizen, ZHOU.0, city.cx.today()).unwrap();
    let new = usecases::account::NewAccount {
        login: "mr-clerk".to_owned(),
        role: register::Role::AgencyClerk,
        agency: Some(register::Uscc::parse(MARKET).unwrap()),
        person: Some((document, register::PersonName::parse(ZHOU.1).unwrap())),
        password: None,
    };
    let lead = testkit::lead();
    let (account, _) = usecases::account::add(&city.cx, &lead, new).await.unwrap();
    let person = account.person.unwrap();
    let clerk = Actor::from(account.clone());
    let ask = city.ask(LIU, "food-licence-review");
    usecases::check::one(&city.cx, &clerk, &ask).await.unwrap();
    usecases::account::give_second_factor(&city.cx, account.id, [7; 20]).await.unwrap();
    usecases::account::disable(&city.cx, &lead, "mr-clerk").await.unwrap();
    let kept = async || {
        retention::erase(&city.cx).await.unwrap();
        let db = city.cx.store.read();
        let account = store::account::by_id(db, account.id).await.unwrap();
        account.map(|account| (account.login, account.person))
    };
    let named = Some(("mr-clerk".to_owned(), Some(person)));
    assert_eq!(kept().await, named);
    // The looks about others are still there on that day.
    city.stands_on("2031-11-20");
    assert_eq!(kept().await, named);
    let looks = my::looks(&city.cx, &liu, u64::MAX, 50).await.unwrap().looks;
    assert!(!looks.is_empty());
    city.stands_on("2031-12-01");
    assert_eq!(kept().await, None, "his looks are gone, and so is he");
    let left = store::second_factor::all_accounts(city.cx.store.read()).await.unwrap();
    assert!(left.is_empty(), "nothing of the account is left behind");
    assert!(store::person::sealed(city.cx.store.read(), person).await.unwrap().is_none());
}
