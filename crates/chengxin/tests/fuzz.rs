//! Every reader of outside input, with real samples broken in many ways: nothing panics, nothing grows without end,
//! nothing that was sent stands in what is said of it.
//!
//! [`READERS`] is the one list of readers; a reader in these rooms that is not in it fails a test. What comes in by the
//! web door is fuzzed address by address from the table of all addresses (`web/tests/it/fuzz.rs`), so a new address
//! needs no entry.

use std::io::{Cursor, Read as _};
use std::path::{Component, Path};

use courier::{Carrier as _, Folder, FolderSettings};
use intake::{
    Encoding, Input, Layout, Limits, TableFormat, TableWriter, inspect, open, read_day, read_yuan,
};
use jiff::civil::date;
use ledger::{Frontier, HashKind, ProofFile};
use register::contact::read_address;
use register::delivery::Channel;
use register::statement::Statement;
use register::{IdDocument, IdKind, PersonName, RecordId, Role, Uscc, mask};
use testkit::fuzz::{fuzz, fuzz_text};
use testkit::{City, Engine, MARKET};
use usecases::backup::Signed;
use vault::{Place, PublicKey, Suite, Vault};

/// File and function, and the test that breaks what it reads.
const READERS: &[(&str, &str, &str)] = &[
    ("courier/src/folder.rs", "read", "fuzz_receipts"),
    ("courier/src/webhook.rs", "acknowledges", "fuzz_answers_of_systems"),
    ("intake/src/decode.rs", "read", "fuzz_tables"),
    ("intake/src/inspect.rs", "inspect", "fuzz_tables"),
    ("intake/src/lib.rs", "read_day", "fuzz_days_and_amounts"),
    ("intake/src/lib.rs", "read_yuan", "fuzz_days_and_amounts"),
    ("intake/src/row.rs", "read", "fuzz_tables"),
    ("ledger/src/frontier.rs", "from_bytes", "fuzz_frontiers"),
    ("ledger/src/proof_file.rs", "check", "fuzz_proof_files"),
    ("register/src/account.rs", "from_str", "fuzz_codes"),
    ("register/src/client.rs", "parse", "fuzz_codes"),
    ("register/src/contact.rs", "read_address", "fuzz_addresses"),
    ("register/src/id.rs", "from_str", "fuzz_codes"),
    ("register/src/identity.rs", "parse", "fuzz_identity_numbers"),
    ("register/src/identity.rs", "parse_beside", "fuzz_identity_numbers"),
    ("register/src/name.rs", "parse", "fuzz_names"),
    ("register/src/statement.rs", "parse", "fuzz_statements"),
    ("register/src/uscc.rs", "parse", "fuzz_codes"),
    ("usecases/src/backup/manifest.rs", "read", "fuzz_manifests"),
    ("vault/src/key.rs", "parse", "fuzz_keys"),
    ("vault/src/key.rs", "read", "fuzz_keys"),
    ("vault/src/lib.rs", "read", "fuzz_keys"),
    ("vault/src/months.rs", "read", "fuzz_keys"),
    ("vault/src/sign.rs", "from_str", "fuzz_keys"),
    ("vault/src/stream.rs", "read", "fuzz_sealed_files"),
];

/// What begins like a reader and reads nothing from outside.
const NO_READERS: &[(&str, &str)] = &[
    ("ledger/src/tree.rs", "reads_of"),
    ("ledger/src/tree.rs", "reads_for_inclusion"),
    ("ledger/src/tree.rs", "reads_for_consistency"),
    ("ledger/src/tree.rs", "reads_for_root"),
    ("register/src/notice.rs", "read"),
    ("register/src/notice.rs", "read_at"),
];

const NAME: &str = "𬴂㛃";
const NUMBER: &str = "999901197001010011";

fn vault() -> Vault {
    Vault::create(Suite::Gm, "2026-01-01", &mut |bytes| bytes.fill(7)).unwrap().1
}

#[test]
fn every_reader_of_these_rooms_is_in_the_list_and_is_fuzzed() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let begins = ["read", "parse", "from_str", "from_bytes", "decode", "inspect"];
    let listed = |file: &str, name: &str| {
        READERS.iter().any(|(known, reader, _)| (*known, *reader) == (file, name))
            || NO_READERS.contains(&(file, name))
    };
    for room in ["courier", "intake", "ledger", "register", "vault"] {
        let mut folders = vec![crates.join(room).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
                let file = path.strip_prefix(&crates).unwrap().to_string_lossy().into_owned();
                for rest in text.split("fn ").skip(1) {
                    let is_sign = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
                    let name = rest.split(is_sign).next().unwrap();
                    if begins.iter().any(|begin| name.starts_with(begin)) {
                        assert!(
                            listed(&file, name),
                            "{file}: {name} reads from outside? Then fuzz it and list it in READERS \
                             (chengxin/tests/fuzz.rs), or in NO_READERS"
                        );
                    }
                }
            }
        }
    }
    let own = include_str!("fuzz.rs");
    for (file, name, fuzzed) in READERS {
        let text = std::fs::read_to_string(crates.join(file)).unwrap();
        assert!(text.contains(&format!("fn {name}(")), "{file} has no {name} any more");
        assert!(own.contains(&format!("fn {fuzzed}()")), "{fuzzed} is not there");
    }
}

fn tables() -> Vec<Vec<u8>> {
    let header =
        "CF_XDR_MC,CF_XDR_ZJHM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR_FK,CF_JDRQ,送达日期";
    let row = [
        NAME,
        NUMBER,
        "示市监罚字〔2026〕1号",
        "无照经营",
        "经查属实。",
        "食品安全法第一百二十二条",
        "罚款",
        "0.15",
        "2026年3月1日",
        "2026/3/5",
    ];
    let header: Vec<String> = header.split(',').map(str::to_owned).collect();
    let row: Vec<String> = row.map(str::to_owned).to_vec();
    let mut samples = Vec::new();
    for (format, encoding) in [
        (TableFormat::Csv, Encoding::Utf8),
        (TableFormat::Csv, Encoding::Utf8Bom),
        (TableFormat::Csv, Encoding::Gb18030),
        (TableFormat::JsonLines, Encoding::Utf8),
        (TableFormat::JsonLines, Encoding::Gb18030),
        (TableFormat::Xlsx, Encoding::Utf8),
    ] {
        let mut table = TableWriter::new(format, encoding, Vec::new(), &header).unwrap();
        table.row(&row).unwrap();
        table.row(&row).unwrap();
        samples.push(table.finish().unwrap());
    }
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    samples.push(
        [b"\xFF\xFE".to_vec(), utf16(&format!("{}\n{}\n", header.join("\t"), row.join("\t")))]
            .concat(),
    );
    for fixture in ["agency.xlsx", "libreoffice.xlsx", "libreoffice-gb18030.csv"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../intake/tests/fixtures");
        samples.push(std::fs::read(folder.join(fixture)).unwrap());
    }
    samples
}

/// Inspects and reads a table with each layout; what is said of it holds nothing of it.
fn read_table(bytes: &[u8]) {
    const SMALL: Limits = Limits {
        workbook: 1 << 20,
        unpacked: 16 << 20,
        ratio: 200,
        strings: 4 << 20,
        record: 64 << 10,
    };
    let silent = |said: String| {
        assert!(!said.contains(NUMBER) && !said.contains(NAME), "{said}");
    };
    let inspected = match inspect(bytes, 1 << 20) {
        Ok(inspected) => inspected,
        Err(error) => return silent(format!("{error} {} {}", error.says(), error.next())),
    };
    for code in ["penalty", "licence", "honour", "volunteering"] {
        let layout = Layout::by_code(code).unwrap();
        let from = Cursor::new(bytes.to_vec());
        let input = if inspected.needs_seek() {
            Input::Seek(Box::new(from))
        } else {
            Input::Stream(Box::new(from))
        };
        let rows = match open(input, &inspected, layout, SMALL) {
            Ok(rows) => rows,
            Err(error) => {
                silent(format!("{error} {} {}", error.says(), error.next()));
                continue;
            }
        };
        for row in rows.take(2_000) {
            match row {
                Ok(row) => {
                    for problem in &row.problems {
                        silent(format!("{} {}", problem.says, problem.next));
                    }
                    silent(format!("{row:?}"));
                }
                Err(error) => {
                    silent(format!("{error} {} {}", error.says(), error.next()));
                    break;
                }
            }
        }
    }
}

#[test]
fn fuzz_tables() {
    fuzz("tables", &tables(), read_table);
}

#[test]
fn fuzz_days_and_amounts() {
    let samples = [
        "2026-03-01",
        "2026年3月1日",
        "20260301",
        "46082",
        "1,234.56",
        "０．１５",
        "1e5",
        "壹仟元",
    ];
    fuzz_text("days and amounts", &samples, |text| {
        let (_, _) = (read_day(text), read_yuan(text));
    });
}

#[test]
fn fuzz_identity_numbers() {
    let samples = [
        NUMBER,
        "E12345678",
        "H12345678",
        "12345678",
        "USA110012345678",
        "830000199001010017",
        "居民身份证",
    ];
    let today = date(2026, 11, 23);
    fuzz_text("identity numbers", &samples, |text| {
        let _ = (IdKind::parse(text), IdKind::parse_beside(text, text));
        for kind in IdKind::ALL {
            match IdDocument::parse(kind, text, today) {
                Ok(document) => {
                    let again = IdDocument::parse(kind, document.number(), today);
                    assert_eq!(again.as_ref(), Ok(&document), "one form");
                    assert!(
                        document.number().len() <= 18
                            && !format!("{document:?}").contains(document.number())
                    );
                    let _ = document.birth_date();
                }
                Err(error) => assert!(!error.to_string().contains(NUMBER)),
            }
        }
    });
}

#[test]
fn fuzz_names() {
    let samples = [NAME, "买买提·艾力", "LI Ming", "柳　𬭚", "e\u{301}lan", "欧阳.娜娜"];
    fuzz_text("names", &samples, |text| match PersonName::parse(text) {
        Ok(name) => {
            assert!(name.as_str().chars().count() <= register::name::MAX_CHARS);
            assert_eq!(PersonName::parse(name.as_str()).as_ref(), Ok(&name), "one form");
        }
        Err(error) => assert!(!error.to_string().contains(NAME)),
    });
}

#[test]
fn fuzz_statements() {
    let words =
        format!("已经改正。\r\n电话 13800001111，证件 {NUMBER}，卡号 6222 0000 0000 0000 000");
    let samples = ["罚款已经交了，𬴂", words.as_str()];
    fuzz_text("statements", &samples, |text| {
        match Statement::parse(text) {
            Ok(said) => {
                assert!(mask::text(said.as_str()).is_none(), "a number stands beside a record")
            }
            Err(error) => assert!(!error.to_string().contains(NUMBER)),
        }
        for masked in [mask::text(text), mask::running_text(text)].into_iter().flatten() {
            assert_eq!(masked.chars().count(), text.chars().count(), "masks change no length");
            assert!(mask::text(&masked).is_none(), "a number is left");
        }
        let _ = (mask::name(text), mask::number(text), mask::citizen_number(text));
    });
}

#[test]
fn fuzz_addresses() {
    let samples =
        ["a.b@x.example", "+86 199-0000-0001", "某某市某某路1号\r\n2单元", "<a@x.example>"];
    fuzz_text("addresses", &samples, |text| {
        for channel in
            [Channel::Mail, Channel::Sms, Channel::Letter, Channel::Webhook, Channel::Folder]
        {
            if let Ok(address) = read_address(channel, text) {
                assert!(
                    channel == Channel::Letter || !address.contains(['\n', '\r', '<']),
                    "{address}"
                );
                let _ = register::contact::masked(channel, &address);
            }
        }
    });
}

#[test]
fn fuzz_codes() {
    let samples = [
        MARKET,
        "01936f2e-7c1a-7000-8000-0000000000a1",
        "agency-clerk",
        "purpose:licence-review item:NP04-MR",
        "decided_on",
    ];
    fuzz_text("codes", &samples, |text| {
        let _ = (text.parse::<RecordId>().is_ok(), text.parse::<Role>().is_ok());
        if let Ok(code) = Uscc::parse(text) {
            assert_eq!(code.as_str().len(), 18);
        }
        let _ = register::client::Scope::parse(text).is_ok();
        let _ = register::Field::from_code(text);
        let _ = register::document::DocumentKind::from_code(text);
        let _ = HashKind::from_name(text);
    });
}

/// A proof file that holds, as a person downloads it.
fn proof_file() -> Vec<u8> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let city = City::on(Engine::Sqlite).await;
        let row = city.row(testkit::LIU, "2026-07-03", "2026-07-06");
        city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
        let person = city.opens_account(testkit::LIU).await;
        let ask = city.ask(testkit::LIU, "food-licence-review");
        let looked = usecases::check::one(&city.cx, &city.clerk(MARKET), &ask).await.unwrap();
        let seq = looked.position().seq;
        let proof = usecases::my::proof(&city.cx, &person, seq).await.unwrap();
        serde_json::to_vec(&proof).unwrap()
    })
}

#[test]
fn fuzz_proof_files() {
    let sample = proof_file();
    let holds = |bytes: &[u8]| {
        let Ok(proof) = serde_json::from_slice::<ProofFile>(bytes) else { return None };
        let signed = |key: &str, message: &[u8], signature: &[u8]| {
            key.parse().is_ok_and(|key| vault::verify(&key, message, signature).is_ok())
        };
        Some((proof.check(signed).is_ok(), proof))
    };
    let (is_sound, sound) = holds(&sample).unwrap();
    assert!(is_sound);
    fuzz("proof files", std::slice::from_ref(&sample), |bytes| {
        if let Some((true, proof)) = holds(bytes) {
            assert_eq!(proof.entry, sound.entry, "another entry is proved");
        }
    });
}

#[test]
fn fuzz_frontiers() {
    let mut frontier = Frontier::new(HashKind::from_name("sm3").unwrap());
    for n in 0..300_u32 {
        frontier.append(ledger::leaf_hash(HashKind::from_name("sm3").unwrap(), &n.to_be_bytes()));
    }
    fuzz("frontiers", &[frontier.to_bytes()], |bytes| {
        let kind = HashKind::from_name("sm3").unwrap();
        if let Ok(mut frontier) = Frontier::from_bytes(kind, bytes) {
            frontier.append(ledger::leaf_hash(kind, b"next"));
            let _ = frontier.root();
        }
    });
}

#[test]
fn fuzz_manifests() {
    let sample = r#"{"manifest":{"form":1,"program":"0.1.0","taken_at":"2026-11-23T04:00:00Z","engine":"sqlite","engine_version":"3.50","migrations":["m0001_main_job"],"log":{"name":"main","size":7,"root":"ab"},"months":"cd","first_month":322,"parts":[{"name":"db.sealed","size":1,"sha256":"ef"},{"name":"files/01936f2e-7c1a-7000-8000-0000000000a1.paper","size":1,"sha256":"ef"}]},"signature":"00","public_key":"x"}"#;
    let folder = tempfile::tempdir().unwrap();
    let (path, vault) = (folder.path().join(usecases::backup::MANIFEST), vault());
    std::fs::write(&path, sample).unwrap();
    Signed::read(folder.path()).unwrap();
    fuzz_text("manifests", &[sample], |text| {
        std::fs::write(&path, text).unwrap();
        if let Ok(signed) = Signed::read(folder.path()) {
            for part in &signed.manifest.parts {
                let mut steps = Path::new(&part.name).components();
                assert!(steps.all(|step| matches!(step, Component::Normal(_))), "{}", part.name);
            }
            assert!(signed.verified(folder.path(), &vault).is_err(), "nobody signed this");
        }
    });
}

#[test]
fn fuzz_keys() {
    let (text, vault) = Vault::create(Suite::Gm, "2026-01-01", &mut |bytes| bytes.fill(7)).unwrap();
    let months = vault.begin_months(322, [3; 32]).unwrap();
    let signed = vault.signer().sign(b"said");
    let key = vault.signer().public_key_of(&signed).unwrap().to_string();
    let samples = [text.text.as_str(), months.as_str(), key.as_str()];
    fuzz_text("keys", &samples, |text| {
        if let Err(error) = Vault::read(text) {
            assert!(!error.to_string().contains("07070707"), "a secret in an error");
        }
        let _ = vault.with_months(text).is_ok();
        if let Ok(key) = text.parse::<PublicKey>() {
            let _ = vault::verify(&key, b"said", &signed).is_ok();
        }
    });
}

#[test]
fn fuzz_sealed_files() {
    let vault = vault();
    let mut sealer = vault.stream_seal(Vec::new(), [1; 7]).unwrap();
    std::io::Write::write_all(&mut sealer, &NUMBER.repeat(5_000).into_bytes()).unwrap();
    let whole = sealer.finish().unwrap();
    let place = || Place { table: "person", column: "sealed", row: b"row" };
    let value = vault.seal(place(), NUMBER.as_bytes(), [2; 12]);
    fuzz("sealed", &[whole.clone(), value.clone()], |bytes| {
        let mut plain = Vec::new();
        let opened = vault.stream_open(Cursor::new(bytes.to_vec()));
        let read = opened.and_then(|stream| stream.take(1 << 20).read_to_end(&mut plain));
        assert!(read.is_err() || bytes == whole, "what was touched opened to its end");
        let opened = vault.open(place(), bytes);
        assert!(opened.is_err() || bytes == value, "what was touched opened");
        let _ = Vault::month_of(bytes);
    });
}

#[test]
fn fuzz_answers_of_systems() {
    let samples =
        [br#"{"acknowledged": true}"#.to_vec(), br#"{"acknowledged":"true","more":[1]}"#.to_vec()];
    fuzz("answers", &samples, |bytes| {
        let said = courier::acknowledges(bytes);
        assert!(!said || serde_json::from_slice::<serde_json::Value>(bytes).is_ok());
    });
}

#[test]
fn fuzz_receipts() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let city = runtime.block_on(City::on(Engine::Sqlite));
    let exchange = tempfile::tempdir().unwrap();
    let folders = [(MARKET.to_owned(), exchange.path().to_owned())].into();
    let carrier = Folder::new(FolderSettings { folders }).unwrap();
    let receipts = exchange.path().join("receipts");
    let samples = [
        "correction-01936f2e-7c1a-7000-8000-0000000000a1",
        "correction-01936f2e-7c1a-7000-8000-0000000000a1-reminder",
        "..",
    ];
    fuzz_text("receipts", &samples, |text| {
        let name: String = text.chars().filter(|c| !"/\0".contains(*c)).take(60).collect();
        if std::fs::write(receipts.join(format!("{name}.json")), text).is_ok() {
            let new = runtime.block_on(carrier.fetch(&city.cx)).unwrap();
            assert_eq!(new, 0, "nothing was sent, so nothing is acknowledged");
        }
    });
}

/// Codes that people type: of reports and of mandates.
#[test]
fn fuzz_typed_codes() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let city = runtime.block_on(City::on(Engine::Sqlite));
    let clerk = city.clerk(MARKET);
    let samples = ["ABCD-EFGH-JKMN-PQRS", "2222-2222-2222-2222", "ａｂｃｄ efgh"];
    fuzz_text("typed codes", &samples, |text| {
        let (report, mandate) = runtime.block_on(async {
            let report = usecases::report::verify(&city.cx, text, None).await;
            (report, usecases::mandate::redeem(&city.cx, &clerk, text, "受理1号").await)
        });
        assert!(report.unwrap().report.is_none());
        assert!(mandate.is_err(), "there is no mandate");
    });
}

/// Papers, and the sealed fields by which forms carry them on.
#[test]
fn fuzz_papers() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let city = runtime.block_on(City::on(Engine::Sqlite));
    let clerk = city.clerk(MARKET);
    let paper =
        usecases::paper::receive(&city.cx, "依据.pdf", b"%PDF-1.7\n%%EOF\n").unwrap().unwrap();
    let token = usecases::paper::token(&city.cx, &clerk, &paper).into_bytes();
    let samples = [
        b"%PDF-1.7\n%%EOF\n".to_vec(),
        b"\x89PNG\r\n\x1a\n".to_vec(),
        b"\xFF\xD8\xFF\xE0".to_vec(),
        token.clone(),
    ];
    fuzz("papers", &samples, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let kept = usecases::paper::receive(&city.cx, &text, bytes).unwrap();
        if let Ok(kept) = kept {
            assert!(!kept.name.contains(['/', '\\', '\n', '\r', '"']), "{:?}", kept.name);
        }
        let known = usecases::paper::of_token(&city.cx, &clerk, &text).is_some();
        assert!(!known || text.eq_ignore_ascii_case(std::str::from_utf8(&token).unwrap()));
    });
}
