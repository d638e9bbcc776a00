//! Files, dying half-way, running twice and in parallel; checks and who looked.

use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, HEADER, LIU, MARKET, TRANSPORT, ZHOU};
use usecases::Error;

#[rstest]
#[tokio::test]
async fn the_same_row_twice_is_one_record(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let clerk = city.clerk(MARKET);
    let row = city.row(LIU, "2026-07-03", "");
    let batch = city.sends(&clerk, "NP04-MR", &[row.clone(), row.clone()]).await.unwrap();
    assert_eq!((batch.counts.accepted, batch.counts.duplicates), (1, 1));
    let told = row.replace("2026-07-03,,", "2026-07-03,2026-07-06,2026-07-06");
    let batch = city.sends(&clerk, "NP04-MR", &[told]).await.unwrap();
    assert_eq!(batch.counts.duplicates, 1);
    assert_eq!(city.sees(LIU).await, 1, "the days of service completed the record");
    let row_of_zhou = city.row(ZHOU, "2026-07-03", "");
    let told = row_of_zhou.replace("2026-07-03,,", "2026-07-03,2026-07-06,2026-07-06");
    let batch = city.sends(&clerk, "NP04-MR", &[row_of_zhou, told]).await.unwrap();
    assert_eq!((batch.counts.accepted, batch.counts.duplicates), (1, 1));
    assert_eq!(city.sees(ZHOU).await, 1, "also within one file");
    let other = row.replace("0.15", "0.16");
    let batch = city.sends(&clerk, "NP04-MR", &[other]).await.unwrap();
    assert_eq!(batch.counts.rejected, 1, "the same document with another content");
    let other = row.replace(LIU.1, "柳明");
    let batch = city.sends(&clerk, "NP04-MR", &[other]).await.unwrap();
    assert_eq!(batch.counts.rejected, 1, "the same number with another name");
}

fn many(city: &City, rows: usize) -> String {
    let mut file = HEADER.to_owned();
    for n in 0..rows {
        let row = city.row(if n % 2 == 0 { LIU } else { ZHOU }, "2026-07-03", "2026-07-06");
        file.push('\n');
        file.push_str(&row);
    }
    file
}

#[rstest]
#[tokio::test]
async fn a_batch_that_is_cut_off_goes_on_where_it_stopped(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let clerk = city.clerk(MARKET);
    let file = many(&city, 4_500);
    let (batch, source) = city.begins(&clerk, "NP04-MR", file.as_bytes()).await.unwrap();
    let id = batch.id;
    let (first, mut seen) = tokio::sync::mpsc::unbounded_channel();
    let cx = city.cx.clone();
    let work = tokio::spawn(async move {
        usecases::batch::process(&cx, batch, source, move |_| first.send(()).unwrap_or(())).await
    });
    seen.recv().await;
    work.abort();
    let _ = work.await;
    let half = usecases::batch::see(&city.cx, &clerk, id).await.unwrap();
    assert!(half.counts.read >= 2_000 && half.ended_at.is_none(), "{half:?}");

    assert_eq!(usecases::batch::resume_all(&city.cx).await.unwrap(), 1);
    assert_eq!(usecases::batch::resume_all(&city.cx).await.unwrap(), 0, "nothing is left to do");
    let done = usecases::batch::see(&city.cx, &clerk, id).await.unwrap();
    assert_eq!((done.counts.read, done.counts.accepted), (4_500, 4_500));
    assert_eq!((done.counts.duplicates, done.counts.rejected), (0, 0));
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_files_about_the_same_people_at_once(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let clerk = city.clerk(MARKET);
    let (one, two) = (many(&city, 300), many(&city, 300));
    let (one, two) = tokio::join!(
        city.sends_file(&clerk, "NP04-MR", one.as_bytes()),
        city.sends_file(&clerk, "NP04-MR", two.as_bytes())
    );
    assert_eq!((one.unwrap().counts.accepted, two.unwrap().counts.accepted), (300, 300));
    let person = city.opens_account(LIU).await;
    let file = usecases::my::file(&city.cx, &person).await.unwrap();
    assert_eq!(file.facts().records.len(), 300);
}

#[rstest]
#[tokio::test]
async fn a_purpose_sees_its_items_only_and_strangers_look_like_nobody(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    let transport = city.clerk(TRANSPORT);
    let look = |who, purpose: &str| {
        let ask = city.ask(who, purpose);
        let (cx, actor) = (city.cx.clone(), transport.clone());
        async move { usecases::check::one(&cx, &actor, &ask).await }
    };
    let own = look(LIU, "transport-qualification-review").await.unwrap();
    assert!(own.facts().is_empty(), "the purpose does not need market regulation");
    let licences = look(LIU, "licence-review").await.unwrap();
    assert!(licences.facts().is_empty(), "it needs licences, no penalties");
    assert_eq!(city.sees(LIU).await, 1);
    assert_eq!(city.sees((LIU.0, "柳明")).await, 0, "another name is nobody");
    assert!(look(ZHOU, "licence-review").await.unwrap().facts().is_empty());
    assert!(look((LIU.0, "柳明"), "licence-review").await.unwrap().facts().is_empty());
    let foreign = look(LIU, "food-licence-review").await;
    assert!(matches!(foreign, Err(Error::Denied(_))));
    let nonsense = look(("123", ""), "nothing").await;
    let Err(Error::Mistakes(mistakes)) = nonsense else { panic!("{nonsense:?}") };
    assert_eq!(mistakes.len(), 3);

    let person = city.opens_account(LIU).await;
    let looks = usecases::my::looks(&city.cx, &person, u64::MAX, 100).await.unwrap();
    assert_eq!((looks.looks.len(), looks.refused), (5, 1));
    let nobody = city.opens_account(ZHOU).await;
    let looks = usecases::my::looks(&city.cx, &nobody, u64::MAX, 100).await.unwrap();
    assert_eq!(looks.looks.len(), 1, "also looks from before the person was known");
    let proof = usecases::my::proof(&city.cx, &nobody, looks.looks[0].seq).await.unwrap();
    proof
        .check(|key, message, signature| {
            vault::verify(&key.parse().unwrap(), message, signature).is_ok()
        })
        .unwrap();
    let stranger = usecases::my::proof(&city.cx, &person, looks.looks[0].seq).await;
    assert!(matches!(stranger, Err(Error::NotFound)));
}

#[rstest]
#[tokio::test]
async fn many_questions_have_one_entry_each(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    let clerk = city.clerk(MARKET);
    city.sends(&clerk, "NP04-MR", &[row]).await.unwrap();
    let mut asks = vec![city.ask(LIU, "food-licence-review"); 3];
    asks[1].matter.clear();
    let answers = usecases::check::many(&city.cx, &clerk, &asks).await.unwrap();
    assert_eq!(answers[0].as_ref().unwrap().facts().len(), 1);
    assert!(matches!(answers[1], Err(Error::Mistakes(_))));
    assert_eq!(answers[2].as_ref().unwrap().position().seq, 1);
    let too_many = vec![city.ask(LIU, "food-licence-review"); 1_001];
    assert!(usecases::check::many(&city.cx, &clerk, &too_many).await.is_err());
}

#[rstest]
#[tokio::test]
async fn columns_that_were_not_read_are_named_later_too(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let clerk = city.clerk(MARKET);
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    let file = format!("{HEADER},科室,999901197001010011\n{row},二科,x\n");
    let batch = city.sends_file(&clerk, "NP04-MR", file.as_bytes()).await.unwrap();
    assert_eq!(batch.counts.accepted, 1);
    let seen = usecases::batch::see(&city.cx, &clerk, batch.id).await.unwrap();
    assert_eq!(seen.unread, ["科室", "******************"], "a number is no header to be kept");
}

#[rstest]
#[tokio::test]
async fn looks_are_counted_by_day(#[values(Sqlite, Postgres)] engine: Engine) {
    use usecases::log::days;
    let city = City::on(engine).await;
    let lead = city.staff(register::Role::OfficeLead);
    assert!(days(&city.cx, &lead).await.unwrap().is_empty());
    let clerk = city.clerk(MARKET);
    let check = |purpose| {
        let (cx, clerk, ask) = (city.cx.clone(), clerk.clone(), city.ask(LIU, purpose));
        async move { usecases::check::one(&cx, &clerk, &ask).await.is_ok() }
    };
    assert!(check("licence-review").await);
    assert!(!check("tax-supervision").await, "refused, and counted as refused");
    let today = city.cx.today();
    city.stands_on(&today.tomorrow().unwrap().to_string());
    assert!(check("licence-review").await);
    let counted: Vec<_> = days(&city.cx, &lead)
        .await
        .unwrap()
        .into_iter()
        .map(|day| (day.day, day.answered, day.refused))
        .collect();
    assert_eq!(counted, [(today.tomorrow().unwrap(), 1, 0), (today, 1, 1)]);
    let later = today.saturating_add(jiff::ToSpan::days(30));
    city.stands_on(&later.to_string());
    assert!(days(&city.cx, &lead).await.unwrap().is_empty(), "two weeks only");
    assert!(matches!(days(&city.cx, &clerk).await, Err(Error::Denied(_))));
}

#[rstest]
#[tokio::test]
async fn opening_a_notice_is_one_look(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let person = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    let notice = usecases::my::notices(&city.cx, &person).await.unwrap().remove(0);
    let opened = usecases::my::notice(&city.cx, &person, notice.id).await.unwrap();
    assert_eq!(opened.facts().name.as_str(), LIU.1);
    assert!(opened.facts().notice.state.read_at().is_some());
    assert_eq!(usecases::my::looks(&city.cx, &person, u64::MAX, 100).await.unwrap().looks.len(), 1);
}

#[rstest]
#[tokio::test]
async fn two_processes_write_one_log(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let other = city.beside();
    let clerk = city.clerk(MARKET);
    let busy = tokio::spawn({
        let store = cx.store.clone();
        async move {
            loop {
                store.begin().await.unwrap().commit().await.unwrap();
                tokio::task::yield_now().await;
            }
        }
    });
    for turn in 0..6 {
        let cx = if turn % 2 == 0 { cx } else { &other };
        let ask = city.ask(LIU, "licence-review");
        let look = usecases::check::one(cx, &clerk, &ask).await.unwrap();
        assert_eq!(look.position().seq, turn, "each look stands in the log once");
    }
    assert!(!busy.is_finished(), "whoever else writes is never handed a transaction of the log");
    busy.abort();
}

#[rstest]
#[tokio::test]
async fn what_is_suspended_or_taken_back_is_seen_by_nobody_else(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    use usecases::record::{Change, change};
    let city = City::on(engine).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    let person = city.opens_account(LIU).await;
    let file = usecases::my::file(&city.cx, &person).await.unwrap();
    let (who, record) = (person.person.unwrap(), file.facts().records[0].record.id);
    let cx = &city.cx;
    let office = city.staff(register::Role::OfficeClerk);
    change(cx, &office, who, record, Change::Suspend).await.unwrap();
    assert_eq!(city.sees(LIU).await, 0);
    change(cx, &office, who, record, Change::Resume).await.unwrap();
    assert_eq!(city.sees(LIU).await, 1);

    let stranger = city.clerk(TRANSPORT);
    let refused = change(cx, &stranger, who, record, Change::Withdraw).await;
    assert!(matches!(refused, Err(Error::Denied(_))), "only who supplied it takes it back");
    let source = city.clerk(MARKET);
    assert!(change(cx, &source, who, record, Change::Withdraw).await.unwrap());
    assert!(!change(cx, &source, who, record, Change::Withdraw).await.unwrap());
    assert_eq!(city.sees(LIU).await, 0);
    let file = usecases::my::file(cx, &person).await.unwrap();
    assert!(file.facts().records[0].history.withdrawn_on.is_some(), "the person still sees it");
}

#[rstest]
#[tokio::test]
async fn a_letter_says_who_can_see_the_record(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let person = city.opens_account(LIU).await;
    let clerk = city.clerk(MARKET);
    // The document's number is made new each time; so are the records.
    let told = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&clerk, "NP04-MR", &[told]).await.unwrap();
    let untold = city.row(LIU, "2026-07-03", "");
    city.sends(&clerk, "NP04-MR", &[untold]).await.unwrap();
    let slight = city.row(LIU, "2026-10-09", "").replace("罚款", "警告").replace("0.15", "");
    city.sends(&clerk, "NP04-MR", &[slight]).await.unwrap();
    let notices = usecases::my::notices(&city.cx, &person).await.unwrap();
    let mut texts: Vec<_> = notices.iter().map(|notice| notice.text.as_str()).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["record-entered", "record-entered-slight", "record-entered-told"]);
}

#[rstest]
#[tokio::test]
async fn the_counter_marks_a_record_by_its_number(#[values(Sqlite, Postgres)] engine: Engine) {
    use usecases::record::{Change, change_by_number};
    let city = City::on(engine).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", std::slice::from_ref(&row)).await.unwrap();
    let number = row.split(',').find(|cell| cell.contains('〔')).unwrap();
    let document =
        register::IdDocument::parse(register::IdKind::Citizen, LIU.0, city.cx.today()).unwrap();
    let operator = testkit::lead();
    let note = async |number: &str, what| {
        change_by_number(&city.cx, &operator, &document, number, what).await
    };
    assert_eq!(note(number, Change::Contest).await.unwrap(), 1);
    assert_eq!(note(number, Change::Contest).await.unwrap(), 0, "twice is once");
    assert!(matches!(note("无此文书", Change::Contest).await, Err(Error::NotFound)));
    assert!(matches!(note(number, Change::Withdraw).await, Err(Error::Denied(_))));
    let ask = city.ask(LIU, "food-licence-review");
    let seen = usecases::check::one(&city.cx, &city.clerk(MARKET), &ask).await.unwrap();
    assert!(seen.facts()[0].is_contested);
}

#[rstest]
#[tokio::test]
async fn a_sealed_row_is_not_kept_because_a_cell_of_it_is_unreadable(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let clerk = city.clerk(MARKET);
    let row = city
        .row(LIU, "2026-02-30", "")
        .replace("食品安全法第一百二十二条", "治安管理处罚法第四十三条");
    let shifted = row.replacen("经查", "经,查", 1);
    let batch = city.sends(&clerk, "NP04-MR", &[shifted]).await.unwrap();
    assert_eq!(batch.counts.rejected, 1);
    let rejections = store::batch::rejections(city.cx.store.read(), batch.id, 0, 10).await.unwrap();
    assert_eq!(rejections.len(), 1, "{rejections:?}");
    assert!(rejections[0].is_sealed && rejections[0].code == "sealed-public-security");
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_batch_read_by_two_processes_is_counted_once(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let clerk = city.clerk(MARKET);
    let bad = city.row(LIU, "2026-02-30", "");
    let file = format!("{}\n{bad}\n", many(&city, 6_000));
    let (batch, source) = city.begins(&clerk, "NP04-MR", file.as_bytes()).await.unwrap();
    let other = city.beside();
    let (one, two) = tokio::join!(
        usecases::batch::process(&city.cx, batch.clone(), source.clone(), |_| {}),
        usecases::batch::process(&other, batch.clone(), source, |_| {})
    );
    one.unwrap();
    two.unwrap();
    let done = usecases::batch::see(&city.cx, &clerk, batch.id).await.unwrap();
    let counts = done.counts;
    assert!(done.ended_at.is_some());
    assert_eq!((counts.read, counts.accepted), (6_001, 6_000), "{counts:?}");
    assert_eq!((counts.duplicates, counts.rejected), (0, 1), "{counts:?}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_file_sent_twice_at_once_is_one_batch(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let clerk = city.clerk(MARKET);
    let file = many(&city, 10);
    for _ in 0..5 {
        let (one, two) = tokio::join!(
            city.begins(&clerk, "NP04-MR", file.as_bytes()),
            city.begins(&clerk, "NP04-MR", file.as_bytes())
        );
        let (one, two) = (one.unwrap().0, two.unwrap().0);
        assert_eq!(one.id, two.id);
        usecases::batch::see(&city.cx, &clerk, one.id).await.unwrap();
    }
}
