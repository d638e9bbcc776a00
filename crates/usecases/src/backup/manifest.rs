//! Manifest 清单: what a backup holds, signed, so that nobody changes it unseen.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vault::{KeyState, Vault};

use super::error::{BackupError, Result, at};
use super::{DATABASE, FILES, HEAD, MANIFEST};

/// The form that this program writes; it also reads the one before, which did not name its keys.
pub(super) const FORM: u32 = 2;

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Form of this manifest.
    pub form: u32,
    /// Version of the program that took it.
    pub program: String,
    /// When it was begun.
    pub taken_at: Timestamp,
    /// `sqlite` or `postgres`.
    pub engine: String,
    /// The engine's version.
    pub engine_version: String,
    /// Changes of the schema that were applied, oldest first.
    pub migrations: Vec<String>,
    /// The head of the log inside the copied database.
    pub log: LogHead,
    /// The mark of the month keys that belong to it, in hexadecimal.
    pub months: Option<String>,
    /// The first month whose key was there.
    pub first_month: u16,
    /// The keys without which it does not open as a whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<KeyName>,
    /// Every file of it except this one, by name.
    pub parts: Vec<Part>,
}

/// A head of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogHead {
    /// The log's name.
    pub name: String,
    /// Entries under it.
    pub size: u64,
    /// Root, in hexadecimal.
    pub root: String,
}

/// A key, by what is no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyName {
    /// Its number in the key file.
    pub id: u16,
    /// What checks its signatures: the same number in another register is another key.
    pub public_key: String,
}

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its name below the backup's folder.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
}

/// A manifest with its signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// What was signed.
    pub manifest: Manifest,
    /// The signature, in hexadecimal.
    pub signature: String,
    /// The key that checks it, as text.
    pub public_key: String,
}

/// Only what tells which form it is.
#[derive(Deserialize)]
struct AnyForm {
    manifest: FormOf,
}

#[derive(Deserialize)]
struct FormOf {
    form: u32,
}

impl Manifest {
    /// The bytes to sign.
    fn message(&self) -> Vec<u8> {
        let mut message = b"chengxin backup manifest v1\n".to_vec();
        message.extend(serde_json::to_vec(self).unwrap_or_default());
        message
    }

    /// Bytes of all parts.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.parts.iter().fold(0, |sum: u64, part| sum.saturating_add(part.size))
    }

    /// Those of its keys that these are not.
    #[must_use]
    pub fn lacking(&self, vault: &Vault) -> Vec<KeyName> {
        let ours = with_material(vault);
        self.keys.iter().filter(|key| !ours.contains(key)).cloned().collect()
    }

    /// The same with a signature.
    ///
    /// # Errors
    /// [`BackupError::Internal`] if no key is active.
    pub(super) fn sign(self, vault: &Vault) -> Result<Signed> {
        let signature = vault.signer().sign(&self.message());
        let key = vault.signer().public_key_of(&signature);
        let public_key = key.map_err(|_| BackupError::Internal("no key signs"))?.to_string();
        Ok(Signed { manifest: self, signature: hex::encode(signature), public_key })
    }
}

impl Signed {
    /// Reads the manifest of a backup; who relies on it verifies it too.
    ///
    /// # Errors
    /// [`BackupError::Unfinished`], [`BackupError::Form`], [`BackupError::File`].
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(MANIFEST);
        let text = match fs::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(BackupError::Unfinished(folder.to_owned()));
            }
            other => other.map_err(at(&path))?,
        };
        let bad = |why: String| BackupError::Form { folder: folder.to_owned(), why };
        let any: AnyForm = serde_json::from_slice(&text).map_err(|why| bad(why.to_string()))?;
        if any.manifest.form > FORM {
            return Err(bad("a newer program wrote it: put it back with that one".to_owned()));
        }
        let signed: Self = serde_json::from_slice(&text).map_err(|why| bad(why.to_string()))?;
        if let Some(part) = signed.manifest.parts.iter().find(|part| !is_fit(&part.name)) {
            return Err(bad(format!("no part may be called {:?}", part.name)));
        }
        Ok(signed)
    }

    /// The manifest, if one of these keys signed it as it is.
    ///
    /// # Errors
    /// [`BackupError::Signature`].
    pub fn verified(self, folder: &Path, vault: &Vault) -> Result<Manifest> {
        let bad = |why| BackupError::Signature { folder: folder.to_owned(), why };
        let signature =
            hex::decode(&self.signature).map_err(|_| bad(vault::VaultError::Signature))?;
        vault.signer().verify(&self.manifest.message(), &signature).map_err(bad)?;
        Ok(self.manifest)
    }
}

/// Keys that open what they sealed.
pub(super) fn with_material(vault: &Vault) -> Vec<KeyName> {
    let keys = vault.keys().into_iter().filter(|key| key.state != KeyState::Retired);
    keys.map(|key| KeyName { id: key.id, public_key: key.public_key.to_string() }).collect()
}

/// Whether a part may have this name: nothing may be written outside its place.
fn is_fit(name: &str) -> bool {
    match name.split_once('/') {
        None => name == DATABASE || name == HEAD,
        Some((folder, file)) => {
            folder == FILES
                && !file.is_empty()
                && !file.starts_with('.')
                && !file.contains(['/', '\\', '\0'])
        }
    }
}

#[cfg(test)]
mod tests {
    use vault::Suite;

    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            form: FORM,
            program: "0.1.0".to_owned(),
            taken_at: "2026-11-23T04:00:00Z".parse().unwrap(),
            engine: "sqlite".to_owned(),
            engine_version: "3.50".to_owned(),
            migrations: vec!["m0001_main_job".to_owned()],
            log: LogHead { name: "main".to_owned(), size: 7, root: "ab".to_owned() },
            months: Some("cd".to_owned()),
            first_month: 322,
            keys: vec![KeyName { id: 1, public_key: "gm:04".to_owned() }],
            parts: vec![Part { name: DATABASE.to_owned(), size: 1, sha256: "ef".to_owned() }],
        }
    }

    fn vault(seed: u8) -> Vault {
        let mut fill = |bytes: &mut [u8]| bytes.fill(seed);
        Vault::create(Suite::Intl, "2026-01-01", &mut fill).unwrap().1
    }

    /// Writes it as text, lets `change` change the text, and reads it back.
    fn changed(change: impl Fn(String) -> String) -> Result<Manifest> {
        let dir = tempfile::tempdir().unwrap();
        let signed = manifest().sign(&vault(7)).unwrap();
        let text = change(serde_json::to_string_pretty(&signed).unwrap());
        fs::write(dir.path().join(MANIFEST), text).unwrap();
        Signed::read(dir.path())?.verified(dir.path(), &vault(7))
    }

    #[test]
    fn a_manifest_comes_back_as_it_was_signed_and_any_change_is_found() {
        assert_eq!(changed(|text| text).unwrap(), manifest());
        let changes = [
            ("0.1.0", "0.1.1"),
            ("2026-11-23", "2026-11-22"),
            ("sqlite", "postgres"),
            ("m0001", "m0002"),
            ("\"size\": 7", "\"size\": 8"),
            ("\"ab\"", "\"aa\""),
            ("\"cd\"", "null"),
            ("322", "321"),
            ("gm:04", "gm:05"),
            ("\"ef\"", "\"ee\""),
        ];
        for (from, to) in changes {
            let found = changed(|text| {
                assert!(text.contains(from), "{from}");
                text.replacen(from, to, 1)
            });
            assert!(matches!(found, Err(BackupError::Signature { .. })), "{from}: {found:?}");
        }
    }

    #[test]
    fn one_of_the_form_before_verifies_as_it_was_signed() {
        let old = Manifest { form: 1, keys: Vec::new(), ..manifest() };
        let signed = old.clone().sign(&vault(7)).unwrap();
        let text = serde_json::to_string(&signed).unwrap();
        assert!(!text.contains("\"keys\""), "{text}");
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(MANIFEST), text).unwrap();
        let read = Signed::read(dir.path()).unwrap().verified(dir.path(), &vault(7)).unwrap();
        assert_eq!(read, old);
        assert!(read.lacking(&vault(8)).is_empty(), "it does not say which");
    }

    #[test]
    fn the_keys_that_are_lacking_are_named() {
        let ours = with_material(&vault(7));
        let manifest = Manifest { keys: ours.clone(), ..manifest() };
        assert!(manifest.lacking(&vault(7)).is_empty());
        assert_eq!(manifest.lacking(&vault(8)), ours, "the same number, another key");
    }

    #[test]
    fn other_keys_do_not_verify_it() {
        let signed = manifest().sign(&vault(7)).unwrap();
        let found = signed.verified(Path::new("x"), &vault(8));
        assert!(matches!(found, Err(BackupError::Signature { .. })), "{found:?}");
    }

    #[test]
    fn a_newer_form_and_a_missing_manifest_are_said_to_be_so() {
        let newer = changed(|text| text.replacen("\"form\": 2", "\"form\": 3, \"more\": 1", 1));
        assert!(newer.unwrap_err().to_string().contains("newer program"));
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(Signed::read(dir.path()), Err(BackupError::Unfinished(_))));
    }

    #[test]
    fn no_part_leads_out_of_its_folder() {
        for name in ["db.sealed", "log.head", "files/a.paper"] {
            assert!(is_fit(name), "{name}");
        }
        for name in [
            "",
            "x",
            "/etc/passwd",
            "files/",
            "files/../x",
            "files/a/b",
            "files/..",
            "../db.sealed",
            "keys.toml",
        ] {
            assert!(!is_fit(name), "{name}");
        }
    }
}
