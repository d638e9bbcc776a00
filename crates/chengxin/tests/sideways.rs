//! Nothing leaks sideways (I14), as far as the sources show it: what `Debug` prints, what log lines name, and that
//! every door for outside input is fuzzed. What the running system leaves behind is searched in `leaks.rs`.

use std::path::{Path, PathBuf};

/// Fields that hold what is personal, or secret.
const PERSONAL: &[&str] = &[
    "address",
    "content",
    "email",
    "explanation",
    "id_number",
    "noted",
    "password",
    "person_name",
    "phone",
    "raw",
    "relative_name",
    "relative_number",
    "secret",
    "statement",
    "typed_name",
    "words",
];

/// Fields of such a name that hold nothing personal: file, struct, field, and what it holds.
const NOT_PERSONAL: &[(&str, &str, &str)] = &[
    ("rulebook/src/model.rs", "Sealed", "words"),
    ("intake/src/row.rs", "Header", "raw"), // titles of columns
    ("identity/src/lib.rs", "ClaimNames", "id_number"), // the name of a claim
    ("web/src/state.rs", "DemoAccount", "password"), // printed on the page; nobody in it exists
];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All sources of the program by their path below `crates/`, without tests and without what serves tests alone.
fn sources() -> Vec<(String, String)> {
    let root = crates().canonicalize().unwrap();
    let mut folders = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            let is_source = name.contains("/src/") && name.ends_with(".rs");
            if path.is_dir() && !name.ends_with("/target") {
                folders.push(path);
            } else if is_source && !name.starts_with("testkit/") {
                found.push((name, std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    assert!(found.len() > 200, "{}", found.len());
    found.sort();
    found
}

/// Structs and variants that derive `Debug`: name of the type, and its fields with their types.
fn that_derive_debug(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut found = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if !line.trim_start().starts_with("#[derive(") {
            continue;
        }
        let mut derives = line.to_owned();
        while !derives.contains(")]") {
            derives.push_str(lines.next().unwrap_or(")]"));
        }
        if !derives.contains("Debug") {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let is_before = |line: &str| {
            let line = line.trim_start();
            line.starts_with("#[") || line.starts_with("///")
        };
        while lines.peek().is_some_and(|line| is_before(line)) {
            lines.next();
        }
        let Some(head) = lines.next() else { break };
        let mut words = head.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        let name = words.by_ref().skip_while(|word| !["struct", "enum"].contains(word)).nth(1);
        let Some(name) = name.map(str::to_owned) else { continue };
        let mut fields = Vec::new();
        if head.trim_end().ends_with('{') {
            for line in lines.by_ref() {
                if line.trim() == "}" && line.len() - line.trim_start().len() == indent {
                    break;
                }
                let line = line.trim().trim_start_matches("pub(crate) ").trim_start_matches("pub ");
                if let Some((field, kind)) = line.split_once(": ")
                    && field.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                {
                    fields.push((field.to_owned(), kind.to_owned()));
                }
            }
        }
        found.push((name, fields));
    }
    found
}

/// A field of a struct that prints itself, whose name says that it is personal and whose type does not hide it.
fn in_the_open(file: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (name, fields) in that_derive_debug(text) {
        for (field, kind) in fields {
            let is_text = kind.contains("String") || kind.contains("str");
            let is_known = NOT_PERSONAL.contains(&(file, name.as_str(), field.as_str()));
            if PERSONAL.contains(&field.as_str())
                && is_text
                && !kind.contains("Redacted<")
                && !is_known
            {
                found.push(format!("{file}: {name}.{field}: {kind}"));
            }
        }
    }
    found
}

#[test]
fn i14_no_struct_with_a_personal_value_prints_it() {
    let found: Vec<_> = sources().iter().flat_map(|(file, text)| in_the_open(file, text)).collect();
    assert!(
        found.is_empty(),
        "hide the value in `Redacted`, or the struct by `register::hidden!`:\n{}",
        found.join("\n")
    );
}

#[test]
fn the_reader_of_structs_finds_what_is_in_the_open() {
    let open = "#[derive(Clone, Debug)]\n/// Asked.\npub struct Ask {\n    /// Number.\n    pub id_number: String,\n}\n";
    assert_eq!(in_the_open("x.rs", open), ["x.rs: Ask.id_number: String,"]);
    let inner = "mod a {\n    #[derive(\n        Debug,\n    )]\n    enum Load {\n        Mail {\n            address: String,\n        },\n    }\n}\n";
    assert_eq!(in_the_open("x.rs", inner).len(), 1);
    for hidden in [
        open.replace(", Debug", ""),
        open.replace(": String", ": Redacted<String>"),
        open.replace("id_number", "number"),
    ] {
        assert!(in_the_open("x.rs", &hidden).is_empty(), "{hidden}");
    }
}

/// Words that no line of the log names: a field of that name would hold somebody.
const NEVER_LOGGED: &[&str] = &[
    "document",
    "id_number",
    "matter",
    "name",
    "number",
    "person_name",
    "query",
    "says",
    "typed",
    "uri",
    "words",
];

/// Everything between the brackets of each call that writes a line or begins a span.
fn logged(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for call in [
        "error!(",
        "warn!(",
        "info!(",
        "debug!(",
        "trace!(",
        "error_span!(",
        "info_span!(",
        "debug_span!(",
    ] {
        for (at, _) in text.match_indices(&format!("tracing::{call}")) {
            let mut depth = 0_i32;
            let inside = text[at..].chars().take_while(|c| {
                depth += i32::from(*c == '(') - i32::from(*c == ')');
                depth > 0 || *c != ')'
            });
            found.push(inside.collect());
        }
    }
    found
}

#[test]
fn i14_no_line_of_the_log_names_anybody() {
    let mut lines = 0;
    for (file, text) in sources() {
        for call in logged(&text) {
            lines += 1;
            // Names of fields: before `=`, or alone with `%` or `?`; what is said in quotes is fixed.
            let outside: String = call.split('"').step_by(2).collect();
            // What stands in curly brackets inside them is printed all the same.
            let inside: Vec<&str> = call.split('"').skip(1).step_by(2).collect();
            for part in inside.iter().flat_map(|text| text.split('{').skip(1)) {
                let field = part.split(['}', ':']).next().unwrap_or_default();
                assert!(!NEVER_LOGGED.contains(&field), "{file}: {field} in {call}");
            }
            for part in outside.split(['(', ',']) {
                let field = part.split('=').next().unwrap_or_default();
                let field = field.trim().trim_start_matches(['%', '?', '&']);
                assert!(!NEVER_LOGGED.contains(&field), "{file}: {field} in {call}");
            }
        }
    }
    assert!(lines > 30, "{lines}");
}
