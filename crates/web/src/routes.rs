//! Every address of the house 地址表, who may use it, and what answers.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Uri;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

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
    /// A machine with a token.
    Api,
    /// A machine with a token, or anybody who is signed in.
    Log,
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
}

const fn name(method: &'static str) -> &'static str {
    match method.as_bytes() {
        b"post" => "POST",
        _ => "GET",
    }
}

macro_rules! routes {
    ($($method:ident $path:literal $who:ident => $($handler:ident)::+;)*) => {
        /// All addresses.
        pub const ROUTES: &[Route] = &[$(
            Route { method: name(stringify!($method)), path: $path, who: Who::$who },
        )*];

        fn all() -> Router<WebState> {
            Router::new()
                $(.route($path, $method($($handler)::+).layer(DefaultBodyLimit::max(limit($path)))))*
        }
    };
}

routes! {
    get  "/"                                      Anyone   => site::portal::home;
    get  "/rules"                                 Anyone   => site::portal::rules;
    get  "/rights"                                Anyone   => site::portal::rights;
    get  "/verify"                                Anyone   => site::reports::form;
    post "/verify"                                Anyone   => site::reports::verify;
    get  "/incident"                              Anyone   => site::incidents::form;
    post "/incident"                              Anyone   => site::incidents::report;
    get  "/incident/tasks"                        SignedIn => site::incidents::tasks;
    post "/incident/tasks/{id}/{task}"            SignedIn => site::incidents::finish_task;
    get  "/assets/{*name}"                        Anyone   => site::portal::asset;
    get  "/.well-known/security.txt"              Anyone   => site::security::txt;
    get  "/sign-in"                               Anyone   => site::sign_in::form;
    post "/sign-in"                               Anyone   => site::sign_in::sign_in;
    get  "/sign-in/identity"                      Anyone   => site::identity::begin;
    get  "/sign-in/identity/back"                 Anyone   => site::identity::back;
    get  "/sign-in/identity/out"                  Anyone   => site::identity::out;
    get  "/sign-in/second"                        Midway   => site::sign_in::second;
    post "/sign-in/second"                        Midway   => site::sign_in::show_second;
    get  "/sign-in/enrol"                         Midway   => site::sign_in::enrol;
    post "/sign-in/enrol"                         Midway   => site::sign_in::set_second;
    get  "/sign-in/password"                      Midway   => site::sign_in::password;
    post "/sign-in/password"                      Midway   => site::sign_in::choose_password;
    get  "/account"                               SignedIn => site::account::show;
    post "/account"                               SignedIn => site::account::password;
    post "/account/devices"                       SignedIn => site::account::devices;
    get  "/account/second-factor"                 SignedIn => site::account::setup;
    post "/account/second-factor"                 SignedIn => site::account::replace;
    get  "/office/accounts"                       Office   => site::accounts::list;
    post "/office/accounts"                       Office   => site::accounts::ask;
    post "/office/accounts/{id}"                  Office   => site::accounts::decide;
    post "/sign-out"                              SignedIn => site::sign_in::sign_out;

    get  "/calendar/{file}"                       Key      => site::calendar::feed;

    get  "/my"                                    Citizen  => site::my::file;
    get  "/my/copy.json"                          Citizen  => site::my_copy::json;
    get  "/my/copy.csv"                           Citizen  => site::my_copy::table;
    get  "/my/looks"                              Citizen  => site::my::looks;
    get  "/my/looks/{seq}"                        Citizen  => site::my::look;
    get  "/my/looks/{seq}/proof.json"             Citizen  => site::my::proof;
    get  "/my/notices"                            Citizen  => site::my::notices;
    get  "/my/notices/{id}"                       Citizen  => site::my::notice;

    get  "/my/contact"                            Citizen  => site::contact::mine;
    post "/my/contact"                            Citizen  => site::contact::choose;
    post "/my/contact/code"                       Citizen  => site::contact::confirm;
    post "/my/contact/remove"                     Citizen  => site::contact::remove;
    get  "/my/report"                             Citizen  => site::reports::mine;
    post "/my/report"                             Citizen  => site::reports::issue;

    get  "/my/cases"                              Citizen  => site::my_cases::list;
    get  "/my/objections/new"                     Citizen  => site::my_objections::form;
    post "/my/objections/new"                     Citizen  => site::my_objections::open;
    get  "/my/objections/{id}"                    Citizen  => site::my_objections::one;
    post "/my/objections/{id}/withdraw"           Citizen  => site::my_objections::withdraw;
    get  "/my/objections/{id}/papers/{paper}"     Citizen  => site::my_objections::read_paper;
    get  "/my/repairs/new"                        Citizen  => site::my_repairs::form;
    post "/my/repairs/new"                        Citizen  => site::my_repairs::ask;
    get  "/my/repairs/{id}"                       Citizen  => site::my_repairs::one;
    post "/my/repairs/{id}/withdraw"              Citizen  => site::my_repairs::withdraw;
    post "/my/repairs/{id}/hearing"               Citizen  => site::my_repairs::hear;
    get  "/my/repairs/{id}/papers/{paper}"        Citizen  => site::my_repairs::read_paper;
    get  "/my/looks/{seq}/inquiry"                Citizen  => site::inquiries::form;
    post "/my/looks/{seq}/inquiry"                Citizen  => site::inquiries::ask;
    get  "/my/inquiries/{id}"                     Citizen  => site::inquiries::one;
    get  "/my/records/{id}/remedies"              Citizen  => site::my_challenges::remedies;
    get  "/my/challenges/new"                     Citizen  => site::my_challenges::form;
    post "/my/challenges/new"                     Citizen  => site::my_challenges::enter;
    get  "/my/challenges/{id}"                    Citizen  => site::my_challenges::one;
    post "/my/challenges/{id}/result"             Citizen  => site::my_challenges::report;
    post "/my/challenges/{id}/withdraw"           Citizen  => site::my_challenges::withdraw;
    get  "/my/challenges/{id}/papers/{paper}"     Citizen  => site::my_challenges::read_paper;
    get  "/my/honours"                            Citizen  => site::honours::list;
    post "/my/honours/{item}/{step}"              Citizen  => site::honours::settle;
    post "/my/honours/records/{id}/remove"        Citizen  => site::honours::remove;
    get  "/my/mandates"                           Citizen  => site::mandates::list;
    get  "/my/mandates/new"                       Citizen  => site::mandates::form;
    post "/my/mandates/new"                       Citizen  => site::mandates::give;
    post "/my/mandates/{id}/code"                 Citizen  => site::mandates::new_code;
    post "/my/mandates/{id}/revoke"               Citizen  => site::mandates::revoke;
    get  "/my/records/{id}/statement"             Citizen  => site::my_objections::statement_form;
    post "/my/records/{id}/statement"             Citizen  => site::my_objections::state_it;

    get  "/desk"                                  Clerk    => site::desk::today;
    get  "/desk/send"                             Clerk    => site::send::form;
    post "/desk/send"                             Clerk    => site::send::send;
    get  "/desk/samples/{file}"                   Clerk    => site::send::sample;
    get  "/desk/batches/{id}"                     Clerk    => site::desk::batch;
    get  "/desk/batches/{id}/part"                Clerk    => site::desk::part;
    get  "/desk/batches/{id}/rejections.csv"      Clerk    => site::desk::rejections;
    get  "/desk/check"                            Clerk    => site::check::form;
    post "/desk/check"                            Clerk    => site::check::check;
    get  "/desk/cases"                            Clerk    => site::desk::by_number;
    get  "/desk/objections/{id}"                  Clerk    => site::desk_objections::one;
    post "/desk/objections/{id}"                  Clerk    => site::desk_objections::answer;
    post "/desk/objections/{id}/extend"           Clerk    => site::desk_objections::extend;
    get  "/desk/objections/{id}/papers/{paper}"   Clerk    => site::desk_objections::read_paper;
    get  "/desk/repairs/{id}"                     Clerk    => site::desk_repairs::one;
    post "/desk/repairs/{id}"                     Clerk    => site::desk_repairs::decide;
    get  "/desk/repairs/{id}/papers/{paper}"      Clerk    => site::desk_repairs::read_paper;
    get  "/desk/challenges/{id}"                  Clerk    => site::desk_challenges::one;
    get  "/desk/challenges/{id}/bundle.pdf"       Clerk    => site::desk_challenges::bundle;
    post "/desk/challenges/{id}"                  Clerk    => site::desk_challenges::settle;
    post "/desk/challenges/{id}/papers"           Clerk    => site::desk_challenges::hand_in;
    get  "/desk/challenges/{id}/papers/{paper}"   Clerk    => site::desk_challenges::read_paper;
    get  "/desk/inquiries/{id}"                   Clerk    => site::inquiries::desk;
    post "/desk/inquiries/{id}"                   Clerk    => site::inquiries::desk_answer;
    get  "/desk/supervision/{id}"                 Clerk    => site::supervision::desk;
    post "/desk/supervision/{id}/answer"          Clerk    => site::supervision::desk_answer;
    get  "/desk/supervision/{id}/papers/{paper}"  Clerk    => site::supervision::desk_paper;
    get  "/desk/calendar"                         Clerk    => site::calendar::desk;
    post "/desk/calendar"                         Clerk    => site::calendar::desk_change;
    get  "/desk/mandates"                         Clerk    => site::mandates::redeem_form;
    post "/desk/mandates"                         Clerk    => site::mandates::redeem;
    get  "/desk/corrections"                      Clerk    => site::desk_objections::corrections;
    post "/desk/corrections/{id}"                 Clerk    => site::desk_objections::acknowledge;

    get  "/office"                                Office   => site::office::overview;
    get  "/office/cases"                          Office   => site::office::cases;
    get  "/office/calendar"                       Office   => site::calendar::office;
    post "/office/calendar"                       Office   => site::calendar::office_change;
    get  "/office/inquiries/{id}"                 Office   => site::inquiries::office;
    post "/office/inquiries/{id}"                 Office   => site::inquiries::office_answer;
    get  "/office/counter"                        Office   => site::counter::form;
    post "/office/counter"                        Office   => site::counter::find;
    get  "/office/counter/objection"              Office   => site::counter::objection;
    post "/office/counter/objection"              Office   => site::counter::object;
    get  "/office/openings"                       Office   => site::openings::list;
    get  "/office/openings/new"                   Office   => site::openings::form;
    post "/office/openings/new"                   Office   => site::openings::ask;
    get  "/office/openings/relative"              Office   => site::openings::relative_form;
    post "/office/openings/relative"              Office   => site::openings::relative_ask;
    get  "/office/openings/{person}/{id}"         Office   => site::openings::one;
    post "/office/openings/{person}/{id}"         Office   => site::openings::decide;
    get  "/office/openings/{person}/{id}/papers/{paper}" Office => site::openings::read_paper;
    get  "/office/deaths"                         Office   => site::deaths::list;
    post "/office/deaths"                         Office   => site::deaths::note;
    get  "/office/deaths/{person}/{id}"           Office   => site::deaths::one;
    post "/office/deaths/{person}/{id}"           Office   => site::deaths::settle;
    get  "/office/deaths/{person}/{id}/papers/{paper}" Office => site::deaths::read_paper;
    get  "/office/deliveries"                     Office   => site::deliveries::overview;
    post "/office/deliveries/{person}/{id}"       Office   => site::deliveries::again;
    get  "/office/letters/{person}"               Office   => site::deliveries::letter;
    post "/office/letters/{person}"               Office   => site::deliveries::print;
    post "/office/letters/{person}/{id}"          Office   => site::deliveries::progress;
    get  "/office/systems"                        Office   => site::systems::list;
    get  "/office/doubts"                         Office   => site::doubts::list;
    post "/office/doubts/{id}"                    Office   => site::doubts::settle;
    get  "/office/incidents"                      Office   => site::incidents::list;
    get  "/office/incidents/{id}"                 Office   => site::incidents::one;
    get  "/office/incidents/{id}/notice.pdf"      Office   => site::incidents::notice;
    get  "/office/incidents/{id}/report.pdf"      Office   => site::incidents::closing_report;
    post "/office/incidents/{id}/{step}"          Office   => site::incidents::step;
    get  "/office/assessments"                    Office   => site::assessments::list;
    get  "/office/assessments/new"                Office   => site::assessments::form;
    post "/office/assessments/new"                Office   => site::assessments::write;
    get  "/office/assessments/{id}"               Office   => site::assessments::one;
    post "/office/assessments/{id}"               Office   => site::assessments::decide;
    get  "/office/supervision"                    Office   => site::supervision::list;
    post "/office/supervision/ask-samples"        Office   => site::supervision::ask_samples;
    get  "/office/supervision/month"              Office   => site::supervision::month;
    get  "/office/supervision/month.pdf"          Office   => site::supervision::month_pdf;
    get  "/office/supervision/month.xlsx"         Office   => site::supervision::month_xlsx;
    get  "/office/supervision/{id}"               Office   => site::supervision::one;
    post "/office/supervision/{id}/ask"           Office   => site::supervision::ask;
    post "/office/supervision/{id}/answer"        Office   => site::supervision::answer;
    post "/office/supervision/{id}/finding"       Office   => site::supervision::find;
    get  "/office/supervision/{id}/papers/{paper}" Office  => site::supervision::read_paper;
    get  "/office/rules"                          Office   => site::office::rules;
    get  "/office/log"                            Office   => site::office::log;

    post "/api/v1/checks"                         Api      => api::checks::one;
    post "/api/v1/checks/batch"                   Api      => api::checks::many;
    post "/api/v1/mandates/redeem"                Api      => api::mandates::redeem;
    get  "/api/v1/corrections"                    Api      => api::corrections::list;
    post "/api/v1/corrections/{id}/acknowledge"   Api      => api::corrections::acknowledge;
    post "/api/v1/intake/batches"                 Api      => api::batches::send;
    get  "/api/v1/intake/batches/{id}"            Api      => api::batches::see;
    get  "/api/v1/intake/batches/{id}/rejections" Api      => api::batches::rejections;
    post "/api/v1/reports/verify"                 Anyone   => api::reports::verify;
    get  "/api/v1/log/head"                       Anyone   => api::log::head;
    get  "/api/v1/log/proof"                      Log      => api::log::proof;
    get  "/api/v1/log/consistency"                Log      => api::log::consistency;
    get  "/api/openapi.json"                      Anyone   => api::openapi::document;
    post "/oauth/token"                           Anyone   => api::token::token;

    get  "/healthz"                               Anyone   => api::ops::healthz;
    get  "/readyz"                                Anyone   => api::ops::readyz;
    get  "/metrics"                               Anyone   => api::ops::metrics;
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
                Who::Api | Who::Log => route.path.starts_with("/api/v1/"),
                Who::Key => place == "calendar",
                Who::Anyone => !["my", "desk", "office"].contains(&place),
                Who::Midway => route.path.starts_with("/sign-in/"),
                Who::SignedIn => ["sign-out", "account", "incident"].contains(&place),
            };
            assert!(fits, "{}", route.path);
        }
    }
}
