//! Every right is asked for, as far as the sources show it: each address asks the policies what it stands under, each use
//! case asks them or stands on a list with its reason, and each action of the policies is asked somewhere.
//!
//! The reader below knows which function calls which by their names and by what their files import. It knows no types: a
//! method belongs to a function of that name in its own file, or to none.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Every use case that asks no policy, with its file and the reason.
const ASK_NOBODY: &[(&str, &[&str], &str)] = &[
    ("access_log.rs", &["before", "before_many"], "logs a look that was permitted before it"),
    ("account/devices.rs", &["devices", "end", "end_others"], OWN_ACCOUNT),
    ("account/enrolment.rs", &["needs_enrolment_code"], COMES_IN),
    ("account/event.rs", &["own_events"], OWN_ACCOUNT),
    ("account/identity/attempt.rs", &["spend"], COMES_IN),
    ("account/identity/enter.rs", &["enter"], COMES_IN),
    (
        "account/may.rs",
        &["on_the_word_of"],
        "gives an actor to the command line, and opens nothing",
    ),
    ("account/passkey/add.rs", &["add", "begin"], OWN_ACCOUNT),
    ("account/passkey/mod.rs", &["can_add", "list", "one", "spare_left"], OWN_ACCOUNT),
    ("account/passkey/remove.rs", &["remove"], OWN_ACCOUNT),
    ("account/passkey/show.rs", &["ask", "pass"], COMES_IN),
    ("account/password.rs", &["change", "has"], OWN_ACCOUNT),
    ("account/password.rs", &["choose"], COMES_IN),
    ("account/second_factor.rs", &["enrol", "pass"], COMES_IN),
    (
        "account/second_factor.rs",
        &["give", "next_code"],
        "sets up a demonstration and tests; no door leads there",
    ),
    ("account/second_factor.rs", &["replace", "state"], OWN_ACCOUNT),
    ("account/sign_in.rs", &["by_session", "sign_in", "sign_out"], COMES_IN),
    ("account/tries.rs", &["begin", "came_to", "was_none", "was_right"], COMES_IN),
    ("batch/process.rs", &["process"], "goes on with a batch that somebody was permitted to send"),
    ("batch/process.rs", &["resume_all"], JOB),
    ("batch/returned.rs", &["erase_old"], JOB),
    ("challenge/silence.rs", &["silence"], JOB),
    ("client/bearer.rs", &["by_token"], COMES_IN),
    ("client/token.rs", &["token"], COMES_IN),
    ("correction/acknowledge.rs", &["acknowledged_by_system"], COURIER),
    ("correction/chase.rs", &["chase"], JOB),
    ("delivery/carry.rs", &["settle", "take"], COURIER),
    ("duty/recount.rs", &["recount"], JOB),
    ("duty/remind.rs", &["remind"], JOB),
    ("figures.rs", &["now"], "counts alone; the door shows them to whoever watches the machine"),
    ("impact/mod.rs", &["refresh"], JOB),
    ("impact/see.rs", &["published"], PUBLISHED),
    ("incident/erase.rs", &["erase"], JOB),
    ("incident/tell.rs", &["tell_waiting"], JOB),
    ("jobs.rs", &["run"], JOB),
    ("keys/directory.rs", &["refresh"], JOB),
    ("keys/reseal.rs", &["by_itself"], JOB),
    ("log/mod.rs", &["head"], PUBLISHED),
    ("notice.rs", &["deliver_waiting"], JOB),
    ("objection/silence.rs", &["silence"], JOB),
    (
        "report/draw_up.rs",
        &["keep"],
        "notes what was printed of a look that was permitted before it",
    ),
    (
        "report/verify.rs",
        &["verify"],
        "whoever holds a report asks, by its code; it says no more than holds or not",
    ),
    ("retention/erase.rs", &["erase"], JOB),
    ("supervision/mod.rs", &["supervise"], JOB),
    ("supervision/tell.rs", &["tell_waiting"], JOB),
];

const OWN_ACCOUNT: &str = "about the actor's own account alone, whatever his role";
const COMES_IN: &str = "before anybody is known: it finds out who is there";
const JOB: &str = "runs by itself: the clock asks, nobody else can";
const COURIER: &str = "carries what somebody was permitted to send";
const PUBLISHED: &str = "published, and about nobody";

// ---- Reading ----------------------------------------------------------------------------------------------------

/// A function: in which file, and its name.
type Name = (String, String);

/// A path in the sources: `my::looks` is `["my", "looks"]`.
type Segments = Vec<String>;

struct Source {
    /// Where it stands among the modules, its room first.
    module: Segments,
    /// Functions and methods by name: signature and body.
    functions: BTreeMap<String, Vec<String>>,
    /// What a name stands for that is imported.
    imports: BTreeMap<String, Vec<Segments>>,
    /// Types that it declares.
    types: BTreeSet<String>,
}

/// The rooms in which somebody asks.
struct House {
    files: BTreeMap<String, Source>,
    calls: RefCell<BTreeMap<Name, BTreeSet<Name>>>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All Rust files of a room below `src`, by their path in it, without tests.
fn files_of(room: &str) -> Vec<(String, String)> {
    let src = root().join("crates").join(room).join("src");
    let (mut folders, mut found) = (vec![src.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&src).unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".rs") {
                found.push((name, std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    assert!(found.len() > 3, "{room}");
    found
}

/// The same without tests, comments and what stands in quotation marks: only that can be told apart by signs.
fn bare(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    let signs: Vec<char> = text.chars().collect();
    let is = |at: usize, sign: char| signs.get(at) == Some(&sign);
    let (mut out, mut at) = (String::new(), 0);
    while let Some(sign) = signs.get(at).copied() {
        let before = at.checked_sub(1).and_then(|before| signs.get(before)).copied();
        let is_word = before.is_some_and(|sign| sign.is_alphanumeric() || sign == '_');
        let hashes = (at + 1..).take_while(|next| is(*next, '#')).count();
        if sign == '/' && is(at + 1, '/') {
            while at < signs.len() && !is(at, '\n') {
                at += 1;
            }
        } else if sign == 'r' && !is_word && is(at + 1 + hashes, '"') {
            at += hashes + 2;
            while at < signs.len() && !(is(at, '"') && (1..=hashes).all(|n| is(at + n, '#'))) {
                at += 1;
            }
            at += hashes + 1;
        } else if sign == '"' {
            at += 1;
            while at < signs.len() && !is(at, '"') {
                at += if is(at, '\\') { 2 } else { 1 };
            }
            at += 1;
        } else if sign == '\'' && is(at + 1, '\\') {
            at += 3;
            while at < signs.len() && !is(at, '\'') {
                at += 1;
            }
            at += 1;
        } else if sign == '\'' && is(at + 2, '\'') {
            at += 3;
        } else {
            out.push(sign);
            at += 1;
        }
    }
    out
}

fn is_name(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

/// Functions of a file that was made bare: each from its name to the end of its body.
fn functions(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (at, _) in text.match_indices("fn ") {
        let line = text[..at].rsplit('\n').next().unwrap_or_default();
        let begins = ["pub", "pub(crate)", "pub(super)", "const", "async"];
        if !line.split_whitespace().all(|word| begins.contains(&word)) {
            continue;
        }
        let rest = &text[at + 3..];
        let name: String = rest.chars().take_while(|sign| is_name(*sign)).collect();
        let (mut round, mut curly, mut end) = (0, 0, None);
        for (here, sign) in rest.char_indices() {
            match sign {
                '(' | '[' => round += 1,
                ')' | ']' => round -= 1,
                '{' => curly += 1,
                '}' => curly -= 1,
                _ => {}
            }
            let is_over = round == 0 && curly == 0 && (sign == '}' || sign == ';');
            if is_over {
                end = Some(here + 1);
                break;
            }
        }
        let body = &rest[..end.unwrap_or(rest.len())];
        found.entry(name).or_default().push(format!("{line}fn {body}"));
    }
    found
}

/// Types that are declared in a file that was made bare, and the word for the one at hand.
fn types(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::from(["Self".to_owned()]);
    for word in ["struct ", "enum "] {
        for (at, _) in text.match_indices(word) {
            found.insert(
                text[at + word.len()..].chars().take_while(|sign| is_name(*sign)).collect(),
            );
        }
    }
    found
}

/// What `use` makes known in a file that was made bare.
fn imports(text: &str) -> BTreeMap<String, Vec<Segments>> {
    let mut found = BTreeMap::new();
    for (at, _) in text.match_indices("use ") {
        let line = text[..at].rsplit('\n').next().unwrap_or_default();
        if !line.split_whitespace().all(|word| word.starts_with("pub")) {
            continue;
        }
        let Some((what, _)) = text[at + 4..].split_once(';') else { continue };
        let what: String = what.split_whitespace().collect::<Vec<_>>().join(" ");
        import(&what, &[], &mut found);
    }
    found
}

fn import(what: &str, before: &[String], found: &mut BTreeMap<String, Vec<Segments>>) {
    let what = what.trim();
    if let Some((head, inner)) = what.strip_suffix('}').and_then(|what| what.split_once('{')) {
        let head: Segments = before.iter().cloned().chain(segments(head)).collect();
        let (mut depth, mut part) = (0, String::new());
        for sign in inner.chars().chain([',']) {
            match sign {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if sign == ',' && depth == 0 {
                import(&part, &head, found);
                part.clear();
            } else {
                part.push(sign);
            }
        }
        return;
    }
    let (path, name) =
        what.split_once(" as ").map_or((what, None), |(path, name)| (path, Some(name)));
    let mut path: Segments = before.iter().cloned().chain(segments(path)).collect();
    if path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    let name = name.map(str::to_owned).or_else(|| path.last().cloned());
    if let Some(name) = name.filter(|_| !what.is_empty()) {
        found.entry(name).or_default().push(path);
    }
}

fn segments(path: &str) -> impl Iterator<Item = String> {
    path.split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned)
}

/// A path as it stands in a body: whether it is a method, and whether it is called.
struct Mention {
    path: Segments,
    is_method: bool,
    is_called: bool,
}

fn mentions(body: &str) -> Vec<Mention> {
    let signs: Vec<char> = body.chars().collect();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < signs.len() {
        if !is_name(signs[at]) || signs[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let before = signs[..at].iter().rev().find(|sign| !sign.is_whitespace());
        let (mut path, mut part) = (Vec::new(), String::new());
        while at < signs.len() {
            if is_name(signs[at]) {
                part.push(signs[at]);
                at += 1;
            } else if signs[at..].starts_with(&[':', ':'])
                && signs.get(at + 2).is_some_and(|s| is_name(*s))
            {
                path.push(std::mem::take(&mut part));
                at += 2;
            } else {
                break;
            }
        }
        path.push(part);
        let is_called = signs.get(at) == Some(&'(');
        found.push(Mention { path, is_method: before == Some(&'.'), is_called });
    }
    found
}

impl House {
    fn read(rooms: &[&str]) -> Self {
        let mut files = BTreeMap::new();
        for room in rooms {
            for (name, text) in files_of(room) {
                let mut module: Segments = vec![(*room).to_owned()];
                module.extend(name.trim_end_matches(".rs").split('/').map(str::to_owned));
                if module.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str()))
                {
                    module.pop();
                }
                files.insert(format!("{room}/{name}"), Self::source(module, &text));
            }
        }
        Self { files, calls: RefCell::default() }
    }

    fn source(module: Segments, text: &str) -> Source {
        let text = bare(text);
        Source { module, functions: functions(&text), imports: imports(&text), types: types(&text) }
    }

    /// What a path may stand for in a file.
    fn resolve(&self, path: &[String], file: &str) -> Vec<Name> {
        let source = &self.files[file];
        let Some((name, before)) = path.split_last() else { return Vec::new() };
        if before.is_empty() && source.functions.contains_key(name) {
            return vec![(file.to_owned(), name.clone())];
        }
        let Some(imported) = source.imports.get(&path[0]) else {
            // `Box::new` is not the `new` of this file.
            let is_foreign =
                path[0].starts_with(char::is_uppercase) && !source.types.contains(&path[0]);
            return if is_foreign { Vec::new() } else { self.resolve_from(path, file, 0) };
        };
        let mut found = Vec::new();
        for full in imported {
            let full: Segments = full.iter().chain(&path[1..]).cloned().collect();
            found.extend(self.resolve_from(&full, file, 0));
        }
        found
    }

    /// The same for a path that begins at a room, at `crate`, `super` or `self`, or below the file's own module.
    fn resolve_from(&self, path: &[String], file: &str, depth: u8) -> Vec<Name> {
        let module = &self.files[file].module;
        let Some((name, before)) = path.split_last() else { return Vec::new() };
        // What belongs to a type stands beside it.
        let mut before =
            before.iter().filter(|part| !part.starts_with(char::is_uppercase)).peekable();
        let mut place = module.clone();
        let is_room =
            |part: &String| self.files.values().any(|file| file.module.first() == Some(part));
        if before.next_if(|part| *part == "crate").is_some() {
            place.truncate(1);
        } else if before.peek().is_some_and(|part| is_room(part)) {
            place.clear();
        } else {
            before.next_if(|part| *part == "self");
            while before.next_if(|part| *part == "super").is_some() {
                place.pop();
            }
        }
        place.extend(before.cloned());
        let mut found = Vec::new();
        for (at, source) in self.files.iter().filter(|(_, source)| source.module == place) {
            if source.functions.contains_key(name) {
                found.push((at.clone(), name.clone()));
                continue;
            }
            for full in source.imports.get(name).into_iter().flatten().filter(|_| depth < 5) {
                found.extend(self.resolve_from(full, at, depth + 1));
            }
        }
        found
    }

    fn bodies(&self, (file, name): &Name) -> &[String] {
        self.files
            .get(file)
            .and_then(|source| source.functions.get(name))
            .map_or(&[], Vec::as_slice)
    }

    /// Which functions a function calls, or hands on.
    fn calls(&self, function: &Name) -> BTreeSet<Name> {
        if let Some(known) = self.calls.borrow().get(function) {
            return known.clone();
        }
        let mut found = BTreeSet::new();
        for mention in self.bodies(function).iter().flat_map(|body| mentions(body)) {
            if mention.is_method {
                let own = (function.0.clone(), mention.path[0].clone());
                let takes_itself = |body: &String| {
                    body.split('{').next().is_some_and(|signature| signature.contains("self"))
                };
                if mention.is_called && self.bodies(&own).iter().any(takes_itself) {
                    found.insert(own);
                }
            } else if mention.is_called || mention.path.len() > 1 {
                found.extend(self.resolve(&mention.path, &function.0));
            }
        }
        self.calls.borrow_mut().insert(function.clone(), found.clone());
        found
    }

    /// The actions that are asked in a function and in all that it calls.
    fn asks(&self, function: &Name) -> BTreeSet<String> {
        let (mut found, mut seen, mut open) =
            (BTreeSet::new(), BTreeSet::new(), vec![function.clone()]);
        while let Some(function) = open.pop() {
            if !seen.insert(function.clone()) {
                continue;
            }
            for mention in self.bodies(&function).iter().flat_map(|body| mentions(body)) {
                if let [.., kind, action] = mention.path.as_slice()
                    && kind == "Action"
                {
                    found.insert(action.clone());
                }
            }
            open.extend(self.calls(&function));
        }
        found
    }
}

// ---- Addresses --------------------------------------------------------------------------------------------------

/// A line of the table in `web/src/routes.rs`.
struct Line {
    method: String,
    path: String,
    under: String,
    handler: Name,
}

fn lines(house: &House) -> Vec<Line> {
    let text = std::fs::read_to_string(root().join("crates/web/src/routes.rs")).unwrap();
    let (_, table) = text.split_once("\nroutes! {\n").unwrap();
    let (table, _) = table.split_once("\n}\n").unwrap();
    let mut lines = Vec::new();
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (left, handler) = line.trim_end_matches(';').split_once(" => ").unwrap();
        let (method, rest) = left.split_once('"').unwrap();
        let (path, rest) = rest.split_once('"').unwrap();
        let (_, under) = rest.trim().split_once(' ').unwrap();
        let handler: Segments = segments(handler).collect();
        let found = house.resolve_from(&handler, "web/lib.rs", 0);
        let [handler] = found.as_slice() else { panic!("{line}: {found:?}") };
        let of = |text: &str| text.trim().to_owned();
        lines.push(Line {
            method: of(method),
            path: of(path),
            under: of(under),
            handler: handler.clone(),
        });
    }
    assert!(lines.len() > 150, "{}", lines.len());
    lines
}

/// The actions that a line stands under.
fn actions(under: &str) -> Option<Vec<String>> {
    let inner = under.strip_prefix('[')?.strip_suffix(']')?;
    Some(inner.split(',').map(|action| action.trim().to_owned()).collect())
}

#[test]
fn every_address_asks_what_it_stands_under() {
    let house = House::read(&["usecases", "web"]);
    let mut wrong = Vec::new();
    for line in lines(&house) {
        let asked = house.asks(&line.handler);
        let at = format!("{} {}", line.method, line.path);
        match actions(&line.under) {
            Some(actions) => {
                for action in actions.iter().filter(|action| !asked.contains(*action)) {
                    wrong.push(format!("{at}: {action} is not asked behind it, but {asked:?}"));
                }
            }
            None if !asked.is_empty() => {
                wrong.push(format!(
                    "{at}: {asked:?} is asked behind it, and it stands under {}",
                    line.under
                ));
            }
            None => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_address_is_made_in_the_table_alone() {
    for (file, text) in files_of("web") {
        let routes = bare(&text).matches(".route(").count();
        let allowed = usize::from(file == "routes.rs");
        assert!(routes <= allowed, "{file}: put it into the table of routes.rs");
        let is_door = bare(&text).contains("Router::new(");
        assert!(!is_door || file == "routes.rs", "{file}: a second way into the house");
    }
}

// ---- Use cases --------------------------------------------------------------------------------------------------

/// Use cases, that is public functions that wait and work with a context; and whether each asks.
fn use_cases(house: &House) -> Vec<(Name, bool)> {
    let mut found = Vec::new();
    for (file, source) in house.files.iter().filter(|(file, _)| file.starts_with("usecases/")) {
        for (name, bodies) in &source.functions {
            let is_use_case = |body: &String| {
                let signature = body.split('{').next().unwrap_or_default();
                body.trim_start().starts_with("pub async fn ") && signature.contains("Cx")
            };
            if bodies.iter().any(is_use_case) {
                let function = (file.clone(), name.clone());
                let asks = !house.asks(&function).is_empty();
                found.push((function, asks));
            }
        }
    }
    assert!(found.len() > 150, "{}", found.len());
    found
}

#[test]
fn every_use_case_asks_the_policies_or_says_why_not() {
    let house = House::read(&["usecases"]);
    let reason = |(file, name): &Name| {
        let file = file.trim_start_matches("usecases/");
        let known =
            ASK_NOBODY.iter().find(|(at, names, _)| *at == file && names.contains(&name.as_str()));
        known.map(|(_, _, reason)| *reason)
    };
    let mut wrong = Vec::new();
    let all = use_cases(&house);
    for (function, asks) in &all {
        let (file, name) = function;
        match (asks, reason(function)) {
            (false, None) => {
                wrong.push(format!("{file}: {name} asks no policy, and nothing says why"))
            }
            (true, Some(_)) => {
                wrong.push(format!("{file}: {name} asks a policy: take it from the list"))
            }
            (true, None) | (false, Some(_)) => {}
        }
    }
    for (file, names, _) in ASK_NOBODY {
        for name in *names {
            let known = (format!("usecases/{file}"), (*name).to_owned());
            if !all.iter().any(|(function, _)| *function == known) {
                wrong.push(format!("{file}: {name} is gone: take it from the list"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// ---- Actions ----------------------------------------------------------------------------------------------------

/// The actions of the schema, as they are called in the sources.
fn schema() -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("policies/schema.cedarschema")).unwrap();
    let (_, all) = text.split_once("\naction ").unwrap();
    let (all, _) = all.split_once("appliesTo").unwrap();
    let upper = |name: &str| format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    all.split(',').map(|name| upper(name.trim())).collect()
}

#[test]
fn every_action_of_the_policies_is_asked_and_every_action_that_is_asked_stands_there() {
    let house = House::read(&["usecases", "web", "chengxin", "courier"]);
    let mut asked = BTreeSet::new();
    for line in lines(&house) {
        asked.extend(house.asks(&line.handler));
    }
    let begins = |file: &str| file.starts_with("chengxin/command/") || file == "usecases/jobs.rs";
    for (file, source) in house.files.iter().filter(|(file, _)| begins(file)) {
        for name in source.functions.keys() {
            asked.extend(house.asks(&(file.clone(), name.clone())));
        }
    }
    let schema = schema();
    let unasked: Vec<_> = schema.difference(&asked).collect();
    assert!(unasked.is_empty(), "no address, job or command asks {unasked:?}");
    let unknown: Vec<_> = asked.difference(&schema).collect();
    assert!(unknown.is_empty(), "the schema of the policies has no {unknown:?}");

    let policies = std::fs::read_to_string(root().join("policies/policies.cedar")).unwrap();
    let permits: Vec<&str> =
        policies.split("@id(").filter(|one| one.contains("permit (")).collect();
    for action in &schema {
        let name = format!("Action::\"{}{}\"", action[..1].to_lowercase(), &action[1..]);
        assert!(permits.iter().any(|one| one.contains(&name)), "no policy permits {name}");
    }
}

// ---- The reader itself ------------------------------------------------------------------------------------------

/// A house of three files: one use case asks by a helper in another module, one asks nobody, one is called by a method.
fn sample() -> House {
    let file = |module: &str, text: &str| House::source(segments(module).collect(), text);
    let files = [
        (
            "usecases/a/see.rs",
            file(
                "usecases::a::see",
                "use super::{may, open as shut};\n\
                 pub async fn one(cx: &Cx) -> [u8; 2] {\n    may(cx)?;\n    [1; 2]\n}\n\
                 pub async fn all(cx: &Cx) { let text = \"may(cx)\"; // may(cx)\n    shut('}') }\n\
                 impl Desk<'_> {\n    async fn page(self) { may(self.cx) }\n}\n\
                 pub async fn by_method(cx: &Cx, At { place }: At) { desk.page().await }\n\
                 #[cfg(test)]\nmod tests { fn all() { may(cx) } }\n",
            ),
        ),
        ("usecases/a/mod.rs", file("usecases::a", "pub use crate::b::{may, open};\n")),
        (
            "usecases/b.rs",
            file(
                "usecases::b",
                "pub fn may(cx: &Cx) { cx.permit(actor, Action::SeeLog, What::default()) }\n\
                 pub fn open(sign: char) { let raw = r#\"Action::SeeOffice {\"#; Box::new(1); }\n\
                 impl Key { fn new(cx: &Cx) -> Self { may(cx); Self } }\n",
            ),
        ),
    ];
    let files = files.into_iter().map(|(name, source)| (name.to_owned(), source)).collect();
    House { files, calls: RefCell::default() }
}

#[test]
fn the_reader_finds_who_asks_and_who_does_not() {
    let house = sample();
    let asks = |name: &str| house.asks(&("usecases/a/see.rs".to_owned(), name.to_owned()));
    let log = BTreeSet::from(["SeeLog".to_owned()]);
    assert_eq!(asks("one"), log, "through the helper");
    assert_eq!(asks("by_method"), log, "through a method of its file");
    assert_eq!(
        asks("all"),
        BTreeSet::new(),
        "what stands in a comment, a text or a test asks nobody"
    );
    let known: Vec<_> = house.files["usecases/a/see.rs"].functions.keys().collect();
    assert_eq!(known, ["all", "by_method", "one", "page"]);
    assert_eq!(house.files["usecases/a/see.rs"].functions["all"].len(), 1, "not that of the tests");
}
