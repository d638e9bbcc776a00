//! Every address of the house 地址表, who may use it, what the policies are asked there, and what answers.
//!
//! ```text
//!   get "/desk/check"  Clerk  form           => …   an empty form: what it sends is asked about
//!   post "/desk/check" Clerk  [CheckPerson]  => …   actions of policies/*.cedar: each is asked there for somebody
//!   get "/rules"       Anyone "for a reason" => …   nothing is asked, and why
//! ```
//!
//! An address without the fourth column is none: it does not compile. That the use cases behind it do ask so is tested in
//! `chengxin/tests/rights.rs`.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Method, Uri};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use usecases::Action;

use crate::answer::Refused;
use crate::dress::dress;
use crate::state::WebState;
use crate::unsent::give_back;
use crate::{api, site};

/// Who may use an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everybody.
    Anyone,
    /// Whoever knows the secret in the address; to all others it does not exist.
    Key,
    /// Whoever has shown only a part of what he signs in by.
    Midway,
    /// Everybody who is signed in.
    SignedIn,
    /// A person, about himself.
    Citizen,
    /// Who works for an agency.
    Clerk,
    /// Who works in the credit office, or audits it.
    Office,
    /// Who keeps the machine running, and who answers for that or audits it.
    Operator,
    /// A machine with a token.
    Api,
    /// A machine with a token, or anybody who is signed in.
    Log,
}

/// What the policies are asked behind an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Under {
    /// These actions: each is asked there for somebody.
    Policies(&'static [Action]),
    /// It is an empty form. What is sent by it to the same address is asked about.
    Form,
    /// Nothing, for this reason.
    NoPolicy(&'static str),
}

/// One address.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Template, for example `/my/looks/{seq}`.
    pub path: &'static str,
    /// Who may use it.
    pub who: Who,
    /// What the policies are asked there.
    pub under: Under,
}

impl Route {
    /// The only way to make one. Without an action, and without a reason to have none, the program is not built.
    const fn new(method: &'static str, path: &'static str, who: Who, under: Under) -> Self {
        match under {
            Under::Policies(actions) => {
                assert!(!actions.is_empty(), "an address without an action")
            }
            Under::NoPolicy(reason) => assert!(!reason.is_empty(), "an address without a reason"),
            Under::Form => {}
        }
        Self { method, path, who, under }
    }
}

macro_rules! under {
    (form) => { Under::Form };
    ([$($action:ident),+]) => { Under::Policies(&[$(Action::$action),+]) };
    ($reason:literal) => { Under::NoPolicy($reason) };
}

const fn name(method: &'static str) -> &'static str {
    match method.as_bytes() {
        b"post" => "POST",
        _ => "GET",
    }
}

macro_rules! routes {
    ($($method:ident $path:literal $who:ident $under:tt => $($handler:ident)::+;)*) => {
        /// All addresses.
        pub const ROUTES: &[Route] = &[$(
            Route::new(name(stringify!($method)), $path, Who::$who, under!($under)),
        )*];

        fn all() -> Router<WebState> {
            Router::new()
                $(.route($path, $method($($handler)::+).layer(DefaultBodyLimit::max(limit($path)))))*
        }
    };
}

routes! {
    get  "/"                                           Anyone   "what this is, and what it never does" => site::portal::home;
    get  "/rules"                                      Anyone   "the rules are everybody's"      => site::portal::rules;
    get  "/rights"                                     Anyone   "rights are everybody's"         => site::portal::rights;
    get  "/verify"                                     Anyone   "an empty form"                  => site::reports::form;
    post "/verify"                                     Anyone   "whoever holds a report asks whether it holds, by its code" => site::reports::verify;
    get  "/incident"                                   Anyone   form                             => site::incidents::form;
    post "/incident"                                   Anyone   [ReportIncident]                 => site::incidents::report;
    get  "/incident/tasks"                             SignedIn [SeeIncidentTasks]               => site::incidents::tasks;
    post "/incident/tasks/{id}/{task}"                 SignedIn [SeeIncidentTasks]               => site::incidents::finish_task;
    get  "/assets/{*name}"                             Anyone   "files of the pages"             => site::portal::asset;
    get  "/.well-known/security.txt"                   Anyone   "whom to tell of a hole"         => site::security::txt;
    get  "/sign-in"                                    Anyone   "how one comes in"               => site::sign_in::form;
    post "/sign-in"                                    Anyone   "how one comes in"               => site::sign_in::sign_in;
    get  "/sign-in/identity"                           Anyone   "how one comes in"               => site::identity::begin;
    get  "/sign-in/identity/back"                      Anyone   "how one comes in"               => site::identity::back;
    get  "/sign-in/identity/out"                       Anyone   "how one comes in"               => site::identity::out;
    get  "/sign-in/second"                             Midway   "how one comes in"               => site::sign_in::second;
    post "/sign-in/second"                             Midway   "how one comes in"               => site::sign_in::show_second;
    get  "/sign-in/enrol"                              Midway   "how one comes in"               => site::sign_in::enrol;
    post "/sign-in/enrol"                              Midway   "how one comes in"               => site::sign_in::set_second;
    get  "/sign-in/password"                           Midway   "how one comes in"               => site::sign_in::password;
    post "/sign-in/password"                           Midway   "how one comes in"               => site::sign_in::choose_password;
    get  "/account"                                    SignedIn "about one's own account alone"  => site::account::show;
    post "/account"                                    SignedIn "about one's own account alone"  => site::account::password;
    post "/account/devices"                            SignedIn "about one's own account alone"  => site::account::devices;
    get  "/account/second-factor"                      SignedIn "about one's own account alone"  => site::account::setup;
    post "/account/second-factor"                      SignedIn "about one's own account alone"  => site::account::replace;
    get  "/account/passkeys/new"                       SignedIn "about one's own account alone"  => site::passkeys::form;
    post "/account/passkeys/new"                       SignedIn "about one's own account alone"  => site::passkeys::begin;
    post "/account/passkeys"                           SignedIn "about one's own account alone"  => site::passkeys::add;
    get  "/account/passkeys/{id}"                      SignedIn "about one's own account alone"  => site::passkeys::show;
    post "/account/passkeys/{id}"                      SignedIn "about one's own account alone"  => site::passkeys::remove;
    get  "/office/accounts"                            Office   [AskAccount, SeeAccounts]        => site::accounts::list;
    post "/office/accounts"                            Office   [AskAccount]                     => site::accounts::ask;
    post "/office/accounts/{id}"                       Office   [ManageAccounts]                 => site::accounts::decide;
    post "/sign-out"                                   SignedIn "whoever is in may leave"        => site::sign_in::sign_out;

    get  "/calendar/{file}"                            Key      [AnswerObjection, SeeOffice]     => site::calendar::feed;

    get  "/my"                                         Citizen  [SeeOwnFile]                     => site::my::file;
    get  "/my/copy.json"                               Citizen  [SeeOwnFile]                     => site::my_copy::json;
    get  "/my/copy.csv"                                Citizen  [SeeOwnFile]                     => site::my_copy::table;
    get  "/my/looks"                                   Citizen  [SeeOwnFile]                     => site::my::looks;
    get  "/my/looks/{seq}"                             Citizen  [SeeOwnFile]                     => site::my::look;
    get  "/my/looks/{seq}/proof.json"                  Citizen  [SeeOwnFile]                     => site::my::proof;
    get  "/my/notices"                                 Citizen  [SeeOwnFile]                     => site::my::notices;
    get  "/my/notices/{id}"                            Citizen  [SeeOwnFile]                     => site::my::notice;

    get  "/my/contact"                                 Citizen  [SeeOwnFile]                     => site::contact::mine;
    post "/my/contact"                                 Citizen  [SeeOwnFile]                     => site::contact::choose;
    post "/my/contact/code"                            Citizen  [SeeOwnFile]                     => site::contact::confirm;
    post "/my/contact/remove"                          Citizen  [SeeOwnFile]                     => site::contact::remove;
    get  "/my/report"                                  Citizen  [SeeOwnFile]                     => site::reports::mine;
    post "/my/report"                                  Citizen  [SeeOwnFile]                     => site::reports::issue;

    get  "/my/cases"                                   Citizen  [SeeOwnFile]                     => site::my_cases::list;
    get  "/my/objections/new"                          Citizen  [SeeOwnFile]                     => site::my_objections::form;
    post "/my/objections/new"                          Citizen  [OpenObjection]                  => site::my_objections::open;
    get  "/my/objections/{id}"                         Citizen  [SeeOwnFile]                     => site::my_objections::one;
    post "/my/objections/{id}/withdraw"                Citizen  [OpenObjection]                  => site::my_objections::withdraw;
    get  "/my/objections/{id}/papers/{paper}"          Citizen  [SeeOwnFile]                     => site::my_objections::read_paper;
    get  "/my/repairs/new"                             Citizen  [SeeOwnFile]                     => site::my_repairs::form;
    post "/my/repairs/new"                             Citizen  [OpenObjection]                  => site::my_repairs::ask;
    get  "/my/repairs/{id}"                            Citizen  [SeeOwnFile]                     => site::my_repairs::one;
    post "/my/repairs/{id}/withdraw"                   Citizen  [OpenObjection]                  => site::my_repairs::withdraw;
    post "/my/repairs/{id}/hearing"                    Citizen  [OpenObjection]                  => site::my_repairs::hear;
    get  "/my/repairs/{id}/papers/{paper}"             Citizen  [SeeOwnFile]                     => site::my_repairs::read_paper;
    get  "/my/looks/{seq}/inquiry"                     Citizen  [SeeOwnFile]                     => site::inquiries::form;
    post "/my/looks/{seq}/inquiry"                     Citizen  [SeeOwnFile]                     => site::inquiries::ask;
    get  "/my/inquiries/{id}"                          Citizen  [SeeOwnFile]                     => site::inquiries::one;
    get  "/my/records/{id}/remedies"                   Citizen  [SeeOwnFile]                     => site::my_challenges::remedies;
    get  "/my/challenges/new"                          Citizen  [SeeOwnFile]                     => site::my_challenges::form;
    post "/my/challenges/new"                          Citizen  [OpenObjection]                  => site::my_challenges::enter;
    get  "/my/challenges/{id}"                         Citizen  [SeeOwnFile]                     => site::my_challenges::one;
    post "/my/challenges/{id}/result"                  Citizen  [OpenObjection]                  => site::my_challenges::report;
    post "/my/challenges/{id}/withdraw"                Citizen  [OpenObjection]                  => site::my_challenges::withdraw;
    get  "/my/challenges/{id}/papers/{paper}"          Citizen  [SeeOwnFile]                     => site::my_challenges::read_paper;
    get  "/my/honours"                                 Citizen  [SeeOwnFile]                     => site::honours::list;
    post "/my/honours/{item}/{step}"                   Citizen  [SeeOwnFile]                     => site::honours::settle;
    post "/my/honours/records/{id}/remove"             Citizen  [SeeOwnFile]                     => site::honours::remove;
    get  "/my/mandates"                                Citizen  [SeeOwnFile]                     => site::mandates::list;
    get  "/my/mandates/new"                            Citizen  [SeeOwnFile]                     => site::mandates::form;
    post "/my/mandates/new"                            Citizen  [SeeOwnFile]                     => site::mandates::give;
    post "/my/mandates/{id}/code"                      Citizen  [SeeOwnFile]                     => site::mandates::new_code;
    post "/my/mandates/{id}/revoke"                    Citizen  [SeeOwnFile]                     => site::mandates::revoke;
    get  "/my/records/{id}/statement"                  Citizen  [SeeOwnFile]                     => site::my_objections::statement_form;
    post "/my/records/{id}/statement"                  Citizen  [OpenObjection]                  => site::my_objections::state_it;

    get  "/desk"                                       Clerk    [SeeBatch, AnswerObjection]      => site::desk::today;
    get  "/desk/send"                                  Clerk    form                             => site::send::form;
    post "/desk/send"                                  Clerk    [SendBatch]                      => site::send::send;
    get  "/desk/samples/{file}"                        Clerk    "a table without rows"           => site::send::sample;
    get  "/desk/batches/{id}"                          Clerk    [SeeBatch]                       => site::desk::batch;
    get  "/desk/batches/{id}/part"                     Clerk    [SeeBatch]                       => site::desk::part;
    get  "/desk/batches/{id}/rejections.csv"           Clerk    [SeeBatch]                       => site::desk::rejections;
    get  "/desk/check"                                 Clerk    form                             => site::check::form;
    post "/desk/check"                                 Clerk    [CheckPerson]                    => site::check::check;
    get  "/desk/cases"                                 Clerk    [AnswerObjection]                => site::desk::by_number;
    get  "/desk/objections/{id}"                       Clerk    [AnswerObjection]                => site::desk_objections::one;
    post "/desk/objections/{id}"                       Clerk    [AnswerObjection]                => site::desk_objections::answer;
    post "/desk/objections/{id}/extend"                Clerk    [AnswerObjection]                => site::desk_objections::extend;
    get  "/desk/objections/{id}/papers/{paper}"        Clerk    [AnswerObjection]                => site::desk_objections::read_paper;
    get  "/desk/repairs/{id}"                          Clerk    [AnswerObjection]                => site::desk_repairs::one;
    post "/desk/repairs/{id}"                          Clerk    [AnswerObjection]                => site::desk_repairs::decide;
    get  "/desk/repairs/{id}/papers/{paper}"           Clerk    [AnswerObjection]                => site::desk_repairs::read_paper;
    get  "/desk/challenges/{id}"                       Clerk    [AnswerObjection]                => site::desk_challenges::one;
    get  "/desk/challenges/{id}/bundle.pdf"            Clerk    [AnswerObjection]                => site::desk_challenges::bundle;
    post "/desk/challenges/{id}"                       Clerk    [AnswerObjection]                => site::desk_challenges::settle;
    post "/desk/challenges/{id}/papers"                Clerk    [AnswerObjection]                => site::desk_challenges::hand_in;
    get  "/desk/challenges/{id}/papers/{paper}"        Clerk    [AnswerObjection]                => site::desk_challenges::read_paper;
    get  "/desk/inquiries/{id}"                        Clerk    [AnswerInquiry]                  => site::inquiries::desk;
    post "/desk/inquiries/{id}"                        Clerk    [AnswerInquiry]                  => site::inquiries::desk_answer;
    get  "/desk/supervision/{id}"                      Clerk    [AnswerSupervision]              => site::supervision::desk;
    post "/desk/supervision/{id}/answer"               Clerk    [AnswerSupervision]              => site::supervision::desk_answer;
    get  "/desk/supervision/{id}/papers/{paper}"       Clerk    [AnswerSupervision]              => site::supervision::desk_paper;
    get  "/desk/calendar"                              Clerk    [AnswerObjection]                => site::calendar::desk;
    post "/desk/calendar"                              Clerk    [AnswerObjection]                => site::calendar::desk_change;
    get  "/desk/mandates"                              Clerk    form                             => site::mandates::redeem_form;
    post "/desk/mandates"                              Clerk    [RedeemMandate]                  => site::mandates::redeem;
    get  "/desk/corrections"                           Clerk    [AcknowledgeCorrection]          => site::desk_objections::corrections;
    post "/desk/corrections/{id}"                      Clerk    [AcknowledgeCorrection]          => site::desk_objections::acknowledge;
    get  "/desk/number/{kind}/{id}"                    Clerk    [SeeWholeNumber]                 => site::whole_numbers::desk;
    post "/desk/number/{kind}/{id}"                    Clerk    [SeeWholeNumber]                 => site::whole_numbers::desk_show;

    get  "/operator"                                   Operator [SeeHealth]                      => site::operator::show;

    get  "/office"                                     Office   [SeeOffice]                      => site::office::overview;
    get  "/office/cases"                               Office   [SeeOffice]                      => site::office::cases;
    get  "/office/calendar"                            Office   [SeeOffice]                      => site::calendar::office;
    post "/office/calendar"                            Office   [SeeOffice]                      => site::calendar::office_change;
    get  "/office/inquiries/{id}"                      Office   [AnswerInquiry]                  => site::inquiries::office;
    post "/office/inquiries/{id}"                      Office   [AnswerInquiry]                  => site::inquiries::office_answer;
    get  "/office/counter"                             Office   form                             => site::counter::form;
    post "/office/counter"                             Office   [HelpAtCounter]                  => site::counter::find;
    get  "/office/counter/objection"                   Office   [HelpAtCounter]                  => site::counter::objection;
    post "/office/counter/objection"                   Office   [HelpAtCounter, OpenObjection]   => site::counter::object;
    get  "/office/openings"                            Office   [SeeOffice]                      => site::openings::list;
    get  "/office/openings/new"                        Office   form                             => site::openings::form;
    post "/office/openings/new"                        Office   [AskOpening]                     => site::openings::ask;
    get  "/office/openings/relative"                   Office   form                             => site::openings::relative_form;
    post "/office/openings/relative"                   Office   [AskOpening]                     => site::openings::relative_ask;
    get  "/office/openings/{person}/{id}"              Office   [AskOpening]                     => site::openings::one;
    post "/office/openings/{person}/{id}"              Office   [DecideOpening]                  => site::openings::decide;
    get  "/office/openings/{person}/{id}/papers/{paper}" Office   [AskOpening]                     => site::openings::read_paper;
    get  "/office/deaths"                              Office   [SeeOffice]                      => site::deaths::list;
    post "/office/deaths"                              Office   [NoteDeath]                      => site::deaths::note;
    get  "/office/deaths/{person}/{id}"                Office   [NoteDeath]                      => site::deaths::one;
    post "/office/deaths/{person}/{id}"                Office   [ConfirmDeath]                   => site::deaths::settle;
    get  "/office/deaths/{person}/{id}/papers/{paper}" Office   [NoteDeath]                      => site::deaths::read_paper;
    get  "/office/deliveries"                          Office   [SeeOffice]                      => site::deliveries::overview;
    post "/office/deliveries/{person}/{id}"            Office   [TendDeliveries]                 => site::deliveries::again;
    get  "/office/letters/{person}"                    Office   [TendDeliveries]                 => site::deliveries::letter;
    post "/office/letters/{person}"                    Office   [TendDeliveries]                 => site::deliveries::print;
    post "/office/letters/{person}/{id}"               Office   [TendDeliveries]                 => site::deliveries::progress;
    get  "/office/number/{kind}/{person}/{id}"         Office   [SeeWholeNumber]                 => site::whole_numbers::office;
    post "/office/number/{kind}/{person}/{id}"         Office   [SeeWholeNumber]                 => site::whole_numbers::office_show;
    get  "/office/systems"                             Office   [SeeOffice]                      => site::systems::list;
    get  "/office/doubts"                              Office   [SeeOffice]                      => site::doubts::list;
    post "/office/doubts/{id}"                         Office   [ManageAccounts]                 => site::doubts::settle;
    get  "/office/incidents"                           Office   [SeeIncidents]                   => site::incidents::list;
    get  "/office/incidents/{id}"                      Office   [SeeIncidents]                   => site::incidents::one;
    get  "/office/incidents/{id}/notice.pdf"           Office   [SeeIncidents]                   => site::incidents::notice;
    get  "/office/incidents/{id}/report.pdf"           Office   [SeeIncidents]                   => site::incidents::closing_report;
    post "/office/incidents/{id}/{step}"               Office   [HandleIncident]                 => site::incidents::step;
    get  "/office/assessments"                         Office   [SeeAssessments]                 => site::assessments::list;
    get  "/office/assessments/new"                     Office   form                             => site::assessments::form;
    post "/office/assessments/new"                     Office   [WriteAssessment]                => site::assessments::write;
    get  "/office/assessments/{id}"                    Office   [SeeAssessments]                 => site::assessments::one;
    post "/office/assessments/{id}"                    Office   [DecideAssessment]               => site::assessments::decide;
    get  "/office/supervision"                         Office   [SuperviseLooks]                 => site::supervision::list;
    post "/office/supervision/ask-samples"             Office   [AskExplanation]                 => site::supervision::ask_samples;
    get  "/office/supervision/month"                   Office   [SuperviseLooks]                 => site::supervision::month;
    get  "/office/supervision/month.pdf"               Office   [SuperviseLooks]                 => site::supervision::month_pdf;
    get  "/office/supervision/month.xlsx"              Office   [SuperviseLooks]                 => site::supervision::month_xlsx;
    get  "/office/supervision/{id}"                    Office   [SuperviseLooks]                 => site::supervision::one;
    post "/office/supervision/{id}/ask"                Office   [AskExplanation]                 => site::supervision::ask;
    post "/office/supervision/{id}/answer"             Office   [AnswerSupervision]              => site::supervision::answer;
    post "/office/supervision/{id}/finding"            Office   [RecordFinding]                  => site::supervision::find;
    get  "/office/supervision/{id}/papers/{paper}"     Office   [SuperviseLooks]                 => site::supervision::read_paper;
    get  "/office/rules"                               Office   [SeeRules]                       => site::office::rules;
    get  "/office/log"                                 Office   [SeeOffice]                      => site::office::log;

    post "/api/v1/checks"                              Api      [CheckPerson]                    => api::checks::one;
    post "/api/v1/checks/batch"                        Api      [CheckPerson]                    => api::checks::many;
    post "/api/v1/mandates/redeem"                     Api      [RedeemMandate]                  => api::mandates::redeem;
    get  "/api/v1/corrections"                         Api      [AcknowledgeCorrection]          => api::corrections::list;
    post "/api/v1/corrections/{id}/acknowledge"        Api      [AcknowledgeCorrection]          => api::corrections::acknowledge;
    post "/api/v1/intake/batches"                      Api      [SendBatch]                      => api::batches::send;
    get  "/api/v1/intake/batches/{id}"                 Api      [SeeBatch]                       => api::batches::see;
    get  "/api/v1/intake/batches/{id}/rejections"      Api      [SeeBatch]                       => api::batches::rejections;
    post "/api/v1/reports/verify"                      Anyone   "whoever holds a report asks whether it holds, by its code" => api::reports::verify;
    get  "/api/v1/log/head"                            Anyone   "published, so that others can compare" => api::log::head;
    get  "/api/v1/log/proof"                           Log      [SeeLog]                         => api::log::proof;
    get  "/api/v1/log/consistency"                     Log      [SeeLog]                         => api::log::consistency;
    get  "/api/openapi.json"                           Anyone   "how to speak to the API"        => api::openapi::document;
    post "/oauth/token"                                Anyone   "how a machine comes in"         => api::token::token;

    get  "/healthz"                                    Anyone   "whether the process runs"       => api::ops::healthz;
    get  "/readyz"                                     Anyone   "whether the database answers"   => api::ops::readyz;
    get  "/metrics"                                    Anyone   "figures for whom metrics_from names" => api::ops::metrics;
}

/// Who may use what is asked for; `None` if there is no such address.
pub(crate) fn who(method: &Method, path: &str) -> Option<Who> {
    let method = if *method == Method::HEAD { "GET" } else { method.as_str() };
    ROUTES.iter().find(|one| one.method == method && one.path == path).map(|one| one.who)
}

/// Largest body in bytes, by address: files are large, lists of questions middling, all else small.
#[must_use]
pub fn limit(path: &str) -> usize {
    match path {
        "/desk/send" | "/api/v1/intake/batches" => (1 << 30) + (50 << 20),
        "/verify" => 11 << 20,
        // Ten papers and the words.
        "/my/objections/new"
        | "/office/counter/objection"
        | "/office/openings/new"
        | "/office/openings/relative"
        | "/office/deaths"
        | "/my/repairs/new"
        | "/my/challenges/new"
        | "/my/challenges/{id}/result"
        | "/desk/challenges/{id}/papers"
        | "/desk/supervision/{id}/answer"
        | "/office/supervision/{id}/answer"
        | "/desk/objections/{id}" => 110 << 20,
        "/api/v1/checks/batch" => 2 << 20,
        _ => 64 << 10,
    }
}

/// Whether forms are sent to that address by somebody who is signed in.
pub(crate) fn needs_session(path: &str) -> bool {
    let is_open = |who| {
        matches!(who, Who::Anyone | Who::Key | Who::Midway | Who::SignedIn | Who::Api | Who::Log)
    };
    ROUTES.iter().any(|one| one.method == "POST" && one.path == path && !is_open(one.who))
}

/// The page on which the form stands that is sent to this address: the address itself, or the nearest above it that can be
/// opened. `route` is its template.
pub(crate) fn page_of_form(route: &str, address: &Uri) -> Option<String> {
    let can_be_opened =
        |route: &str| ROUTES.iter().any(|one| one.method == "GET" && one.path == route);
    if can_be_opened(route) {
        return address.path_and_query().map(|address| address.as_str().to_owned());
    }
    let (mut route, mut path) = (route, address.path());
    while let (Some((route_above, _)), Some((path_above, _))) =
        (route.rsplit_once('/'), path.rsplit_once('/'))
    {
        (route, path) = (route_above, path_above);
        if can_be_opened(route) {
            return Some(path.to_owned());
        }
    }
    None
}

async fn nowhere() -> Refused {
    Refused::not_found()
}

/// The whole door.
pub fn router(state: WebState) -> Router {
    all()
        .fallback(nowhere)
        .layer(from_fn_with_state(state.clone(), give_back))
        .layer(from_fn_with_state(state.clone(), dress))
        .with_state(state)
}

#[cfg(test)]
mod tests {
    use access::{Access, What};
    use register::Role;

    use super::*;

    #[test]
    fn a_form_leads_back_to_the_page_on_which_it_stands() {
        for (route, address, page) in [
            ("/my/objections/new", "/my/objections/new?record=7", "/my/objections/new?record=7"),
            ("/my/repairs/{id}/hearing", "/my/repairs/7/hearing", "/my/repairs/7"),
            ("/my/mandates/{id}/code", "/my/mandates/7/code", "/my/mandates"),
            ("/my/contact/code", "/my/contact/code", "/my/contact"),
            ("/office/letters/{person}/{id}", "/office/letters/7/8", "/office/letters/7"),
        ] {
            let address: Uri = address.parse().unwrap();
            assert_eq!(page_of_form(route, &address).as_deref(), Some(page), "{route}");
        }
        assert!(needs_session("/my/contact") && !needs_session("/sign-in"));
        assert!(!needs_session("/sign-out") && !needs_session("/api/v1/checks"));
    }

    #[test]
    fn every_address_stands_once_and_in_the_place_of_those_who_may_use_it() {
        for (at, route) in ROUTES.iter().enumerate() {
            let twice = ROUTES
                .iter()
                .skip(at + 1)
                .any(|other| other.path == route.path && other.method == route.method);
            assert!(!twice, "{} {}", route.method, route.path);
            let place = route.path.split('/').nth(1).unwrap_or_default();
            let fits = match route.who {
                Who::Citizen => place == "my",
                Who::Clerk => place == "desk",
                Who::Office => place == "office",
                Who::Operator => place == "operator",
                Who::Api | Who::Log => route.path.starts_with("/api/v1/"),
                Who::Key => place == "calendar",
                Who::Anyone => !["my", "desk", "office", "operator"].contains(&place),
                Who::Midway => route.path.starts_with("/sign-in/"),
                Who::SignedIn => ["sign-out", "account", "incident"].contains(&place),
            };
            assert!(fits, "{}", route.path);
        }
    }

    /// Whose role an address is for.
    fn roles(who: Who) -> &'static [Role] {
        match who {
            Who::Anyone | Who::Key | Who::Midway | Who::SignedIn | Who::Log => &Role::ALL,
            Who::Citizen => &[Role::Citizen],
            Who::Clerk => &[Role::AgencyClerk, Role::AgencyLead],
            Who::Office => &[Role::OfficeClerk, Role::OfficeLead, Role::Auditor],
            Who::Operator => &[Role::Operator, Role::OfficeLead, Role::Auditor],
            Who::Api => &[Role::System, Role::Institution],
        }
    }

    /// Whether the policies let such a role do it in any affair at all.
    fn may(access: &Access, role: Role, action: Action) -> bool {
        let kinds = ["market-regulation".to_owned(), "credit-office".to_owned()];
        let own = role.needs_agency();
        let who = access::Who {
            role: role.code(),
            agency: own.then_some("A"),
            agency_kind: own.then_some("market-regulation"),
            person: Some("himself"),
            ..access::Who::default()
        };
        ["himself", "another"].into_iter().any(|person| {
            let what = What {
                agency: Some("A"),
                person: Some(person),
                allowed_kinds: Some(&kinds),
                item: Some("NP04-MR"),
                purpose: Some("food-licence-review"),
                has_matter: true,
            };
            access.permit(who, action, what).is_ok()
        })
    }

    /// A page for a role that may do nothing there would be a page for nobody; one that asks nothing says nothing of anybody.
    #[test]
    fn every_address_stands_under_a_policy_that_lets_its_people_in_or_says_why_under_none() {
        let access = Access::bundled().unwrap();
        for route in ROUTES {
            let at = format!("{} {}", route.method, route.path);
            match route.under {
                Under::Policies(actions) => {
                    for action in actions {
                        let is_let_in = |role: &Role| may(&access, *role, *action);
                        assert!(
                            roles(route.who).iter().any(is_let_in),
                            "{at}: nobody may {action:?}"
                        );
                    }
                }
                Under::Form => {
                    let sent =
                        ROUTES.iter().find(|one| one.method == "POST" && one.path == route.path);
                    let sent = sent.unwrap_or_else(|| panic!("{at}: nothing takes what is sent"));
                    assert_eq!(route.method, "GET", "{at}");
                    assert!(matches!(sent.under, Under::Policies(_)), "{at}: under no policy");
                }
                Under::NoPolicy(_) => {
                    let is_everybodys =
                        matches!(route.who, Who::Anyone | Who::Key | Who::Midway | Who::SignedIn);
                    let is_a_sample = route.path == "/desk/samples/{file}";
                    assert!(
                        is_everybodys || is_a_sample,
                        "{at}: for some, and yet under no policy"
                    );
                }
            }
        }
    }
}
