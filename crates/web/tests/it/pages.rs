//! Every page of [`ALL`] renders, keeps the content security policy, and is kept as a snapshot.
//!
//! With `CHENGXIN_SAMPLE_PAGES=DIR` the pages are also written to `DIR`, the assets beside them, for
//! axe and for screenshots.

use std::path::Path;

use askama::Template;
use web::pages::{desk, identity, my, office, operator, passkey, portal, sign_in, whole_number};

/// A name and how to render it.
type Sample = (&'static str, fn() -> askama::Result<String>);

macro_rules! all {
    ($($name:literal => $page:expr),* $(,)?) => { &[$(($name, || $page.render())),*] };
}

const ALL: &[Sample] = all![
    "home" => portal::HomePage::sample(),
    "rules" => portal::RulesPage::sample(),
    "rights" => portal::RightsPage::sample(),
    "error-404" => portal::ErrorPage::sample(),
    "error-403" => portal::ErrorPage::sample_forbidden(),
    "error-500" => portal::ErrorPage::sample_broken(),
    "error-unsent" => portal::ErrorPage::sample_unsent(),
    "sign-in" => sign_in::SignInPage::sample(),
    "sign-in-refused" => sign_in::SignInPage::sample_refused(),
    "sign-in-second" => sign_in::SecondPage::sample(),
    "sign-in-second-refused" => sign_in::SecondPage::sample_refused(),
    "sign-in-second-passkey" => sign_in::SecondPage::sample_passkey(),
    "sign-in-second-passkey-refused" => sign_in::SecondPage::sample_passkey_refused(),
    "account-passkey-new" => passkey::PasskeyNewPage::sample(),
    "account-passkey-new-refused" => passkey::PasskeyNewPage::sample_refused(),
    "account-passkey-new-ask" => passkey::PasskeyNewPage::sample_ask(),
    "account-passkey" => passkey::PasskeyPage::sample(),
    "account-passkey-last" => passkey::PasskeyPage::sample_last(),
    "sign-in-enrol" => sign_in::EnrolPage::sample(),
    "sign-in-spare" => sign_in::SparePage::sample(),
    "sign-in-password" => sign_in::PasswordPage::sample(),
    "account" => sign_in::AccountPage::sample(),
    "account-identity" => sign_in::AccountPage::sample_identity(),
    "office-accounts" => sign_in::AccountsPage::sample(),
    "office-accounts-asked" => sign_in::AccountsPage::sample_asked(),
    "office-accounts-audit" => sign_in::AccountsPage::sample_audit(),
    "sign-in-identity" => sign_in::SignInPage::sample_identity(),
    "identity-stop" => identity::IdentityPage::sample(),
    "identity-doubt" => identity::IdentityPage::sample_doubt(),
    "identity-out" => identity::IdentityPage::sample_out(),
    "office-doubts" => office::DoubtsPage::sample(),
    "office-doubts-empty" => office::DoubtsPage::sample_empty(),
    "my-file" => my::FilePage::sample(),
    "my-file-empty" => my::FilePage::sample_empty(),
    "my-file-large" => my::FilePage::sample_large(),
    "my-looks" => my::LooksPage::sample(),
    "my-looks-empty" => my::LooksPage::sample_empty(),
    "my-looks-no-older" => my::LooksPage::sample_no_older(),
    "my-look" => my::LookPage::sample(),
    "my-look-wrongful" => my::LookPage::sample_wrongful(),
    "my-look-touched" => my::LookPage::sample_touched(),
    "my-notices" => my::NoticesPage::sample(),
    "my-notices-empty" => my::NoticesPage::sample_empty(),
    "my-notice" => my::NoticePage::sample(),
    "my-cases" => my::CasesPage::sample(),
    "my-cases-empty" => my::CasesPage::sample_empty(),
    "my-objection-new" => my::NewObjectionPage::sample(),
    "my-objection-new-mistakes" => my::NewObjectionPage::sample_mistakes(),
    "my-objection" => my::CasePage::sample(),
    "my-objection-closed" => my::CasePage::sample_closed(),
    "my-repair-new" => my::NewRepairPage::sample(),
    "my-repair-new-court" => my::NewRepairPage::sample_court(),
    "my-repair-hearing" => my::CasePage::sample_hearing(),
    "desk-repair" => desk::DeskRepairPage::sample(),
    "my-inquiry-new" => my::NewInquiryPage::sample(),
    "my-remedies" => my::RemediesPage::sample(),
    "my-challenge-new" => my::NewChallengePage::sample(),
    "my-challenge" => my::ChallengePage::sample(),
    "desk-calendar" => desk::CalendarPage::sample(),
    "desk-calendar-empty" => desk::CalendarPage::sample_empty(),
    "desk-challenge" => desk::DeskChallengePage::sample(),
    "desk-inquiry" => desk::InquiryPage::sample(),
    "my-mandates" => my::MandatesPage::sample(),
    "my-mandates-empty" => my::MandatesPage::sample_empty(),
    "my-mandate-new" => my::NewMandatePage::sample(),
    "my-mandate-code" => my::MandateCodePage::sample(),
    "desk-mandate" => my::RedeemPage::sample(),
    "desk-mandate-result" => my::RedeemedPage::sample(),
    "desk-mandate-nothing" => my::RedeemedPage::sample_nothing(),
    "my-contact" => my::ContactPage::sample(),
    "my-contact-code" => my::ContactPage::sample_code(),
    "my-report" => my::ReportPage::sample(),
    "verify" => portal::VerifyPage::sample(),
    "verify-superseded" => portal::VerifyPage::sample_superseded(),
    "office-counter" => office::CounterPage::sample(),
    "office-counter-found" => office::CounterPage::sample_found(),
    "office-counter-objection" => office::CounterObjectionPage::sample(),
    "my-honours" => my::HonoursPage::sample(),
    "office-openings" => office::OpeningsPage::sample(),
    "office-opening-new" => office::OpeningNewPage::sample(),
    "office-opening-relative" => office::OpeningNewPage::sample_relative(),
    "office-opening" => office::OpeningPage::sample(),
    "office-opening-open" => office::OpeningPage::sample_open(),
    "incident" => portal::IncidentReportPage::sample(),
    "incident-office" => portal::IncidentReportPage::sample_office(),
    "incident-done" => portal::IncidentReportPage::sample_done(),
    "incident-tasks" => portal::IncidentTasksPage::sample(),
    "office-incidents" => office::IncidentsPage::sample(),
    "office-incidents-empty" => office::IncidentsPage::sample_empty(),
    "office-incident" => office::IncidentPage::sample(),
    "office-incident-work" => office::IncidentPage::sample_work(),
    "office-incident-closing" => office::IncidentPage::sample_closing(),
    "office-assessments" => office::AssessmentsPage::sample(),
    "office-assessments-empty" => office::AssessmentsPage::sample_empty(),
    "office-assessment-new" => office::AssessmentNewPage::sample(),
    "office-assessment" => office::AssessmentPage::sample(),
    "office-assessment-approved" => office::AssessmentPage::sample_approved(),
    "office-deaths" => office::DeathsPage::sample(),
    "office-death" => office::DeathPage::sample(),
    "office-deliveries" => office::DeliveriesPage::sample(),
    "office-letter" => office::LetterPage::sample(),
    "my-statement" => my::StatementPage::sample(),
    "whole-number" => whole_number::WholeNumberPage::sample(),
    "whole-number-refused" => whole_number::WholeNumberPage::sample_refused(),
    "whole-number-shown" => whole_number::WholeNumberShownPage::sample(),
    "desk-objection" => desk::DeskObjectionPage::sample(),
    "desk-corrections" => desk::CorrectionsPage::sample(),
    "desk-corrections-empty" => desk::CorrectionsPage::sample_empty(),
    "office-cases" => office::CasesPage::sample(),
    "office-cases-empty" => office::CasesPage::sample_empty(),
    "desk-today" => desk::TodayPage::sample(),
    "desk-today-due" => desk::TodayPage::sample_due(),
    "desk-send" => desk::SendPage::sample(),
    "desk-send-mistakes" => desk::SendPage::sample_mistakes(),
    "desk-batch" => desk::BatchPage::sample(),
    "desk-batch-erased" => desk::BatchPage::sample_erased(),
    "desk-batch-running" => desk::BatchPage::sample_running(),
    "desk-batch-failed" => desk::BatchPage::sample_failed(),
    "desk-check" => desk::CheckPage::sample(),
    "desk-check-mistakes" => desk::CheckPage::sample_mistakes(),
    "desk-check-result" => desk::CheckResultPage::sample(),
    "desk-check-nothing" => desk::CheckResultPage::sample_nothing(),
    "office-overview" => office::OverviewPage::sample(),
    "office-systems" => office::SystemsPage::sample(),
    "office-systems-empty" => office::SystemsPage::sample_empty(),
    "office-rules" => office::OfficeRulesPage::sample(),
    "office-rules-findings" => office::OfficeRulesPage::sample_findings(),
    "office-supervision" => office::SupervisionPage::sample(),
    "office-supervision-empty" => office::SupervisionPage::sample_empty(),
    "office-supervision-case" => office::SupervisionCasePage::sample(),
    "office-supervision-answered" => office::SupervisionCasePage::sample_answered(),
    "desk-supervision" => office::SupervisionCasePage::sample_desk(),
    "office-supervision-month" => office::SupervisionMonthPage::sample(),
    "office-log" => office::LogPage::sample(),
    "operator-health" => operator::HealthPage::sample(),
    "operator-health-well" => operator::HealthPage::sample_well(),
];

#[test]
fn pages_look_as_they_did() {
    for (name, render) in ALL {
        insta::assert_snapshot!(*name, without_versions(&render().unwrap()));
    }
    let part = desk::BatchPart::sample().render().unwrap();
    insta::assert_snapshot!("desk-batch-part", part);
}

/// What stands in a page does not run: no inline style, no inline script, no event attribute. And but for the page of a
/// batch and those that ask for a passkey no page may run anything (`web/src/headers.rs`), so none asks for it.
#[test]
fn pages_have_nothing_inline() {
    for (name, render) in ALL {
        let html = render().unwrap();
        for forbidden in
            [" style=", "<style", "<script>", " onclick", " onload", "javascript:", "hx-on"]
        {
            assert!(!html.contains(forbidden), "{name} has {forbidden}");
        }
        let runs = html.contains("<script") || html.contains(" hx-get");
        let may = ["desk-batch", "sign-in-second-passkey", "account-passkey-new-ask"];
        let may = may.iter().any(|page| name.starts_with(page));
        assert!(!runs || may, "{name} needs a script");
        assert!(!html.contains("src=\"data:"), "{name} has a picture that is no file");
    }
}

/// No word that shames, and the calm way of addressing the reader.
#[test]
fn pages_shame_nobody() {
    for (name, render) in ALL {
        let html = render().unwrap();
        for word in ["失信人", "老赖", "黑名单", "红名单", "污点", "你"] {
            assert!(!html.contains(word), "{name} says {word}");
        }
    }
}

/// One question of the reader can be answered by the same page only if it does not say why (I3, I4).
#[test]
fn nothing_to_show_does_not_say_why() {
    let html = desk::CheckResultPage::sample_nothing().render().unwrap();
    for word in ["查无此人", "没有登记", "告知期内", "已停止展示"] {
        assert!(!html.contains(word), "the answer gives away {word}");
    }
}

#[test]
fn pages_are_written_for_axe() {
    let Some(dir) = std::env::var_os("CHENGXIN_SAMPLE_PAGES") else { return };
    let dir = Path::new(&dir);
    std::fs::create_dir_all(dir.join("assets")).unwrap();
    for name in ["chengxin.css", "htmx.min.js", "passkey.js"] {
        std::fs::write(dir.join("assets").join(name), web::assets::get(name).unwrap().bytes)
            .unwrap();
    }
    for (name, render) in ALL {
        std::fs::write(dir.join(format!("{name}.html")), render().unwrap()).unwrap();
    }
}

/// A new style sheet is no new page: the version in an address is left out.
fn without_versions(html: &str) -> String {
    let mut parts = html.split("?v=");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    out
}

/// A number of days, papers or characters is the rulebook's or a constant's: a page that writes it down
/// says something else when that changes.
#[test]
fn no_template_and_no_notice_writes_down_a_number_of_days_papers_or_characters() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("templates")];
    let mut files = vec![root.join("../../rulebook/notices.toml")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for unit in
            ["个工作日", "日内", "日以内", "个月内", "天", "小时", "分钟", "份", "个字。", "字以内"]
        {
            for (at, _) in text.match_indices(unit) {
                let before = text[..at].trim_end();
                let digit = before.ends_with(|sign: char| sign.is_ascii_digit());
                let said = "两二三四五六七八九十".chars().any(|sign| before.ends_with(sign));
                // 一天 and 一份 are mostly no numbers: 哪一天, 再打印一份.
                let said = said || before.ends_with('一') && text[at..].starts_with("天以内");
                assert!(!digit && !said, "{}: …{unit} at byte {at}", file.display());
            }
        }
    }
}
