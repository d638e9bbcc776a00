//! Files in a folder that another platform fetches 文件交换.
//!
//! ```text
//! <folder>/correction-0193….json        {"timestamp","key","signature","public_key","message":{…}}
//! <folder>/receipts/correction-0193….json   left by the other side when it has acted; its content is kept
//!                                           by nobody and the file moved to receipts/read/
//! ```
//!
//! A file appears whole or not at all, and the same file however often it is carried.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use register::delivery::{Channel, Fault};
use register::{CorrectionId, Uscc};
use usecases::Cx;
use usecases::delivery::{Load, Parcel, Tried};

use crate::webhook::signed;
use crate::{BadSettings, Carrier, bad};

/// Receipts read in one round.
const AT_ONCE: usize = 500;

/// Folders by the code of the body that fetches from them.
#[derive(Clone, Debug, Default)]
pub struct FolderSettings {
    /// Folders.
    pub folders: HashMap<String, PathBuf>,
}

/// Leaves files.
pub struct Folder {
    settings: FolderSettings,
}

impl Folder {
    /// A carrier to those folders; they must be there, `receipts/read` is made.
    ///
    /// # Errors
    /// [`BadSettings`].
    pub fn new(settings: FolderSettings) -> Result<Self, BadSettings> {
        for (body, folder) in &settings.folders {
            Uscc::parse(body).map_err(|_| bad("receivers", "not the code of an organisation"))?;
            if !folder.is_dir() {
                return Err(bad("receivers.folder", format!("{} is no folder", folder.display())));
            }
            std::fs::create_dir_all(folder.join("receipts/read"))
                .map_err(|why| bad("receivers.folder", why))?;
        }
        Ok(Self { settings })
    }
}

#[async_trait::async_trait]
impl Carrier for Folder {
    fn channel(&self) -> Channel {
        Channel::Folder
    }

    async fn carry(&self, cx: &Cx, parcel: &Parcel) -> Tried {
        let Load::Push { receiver, body } = &parcel.load else {
            return Tried::Never(Fault::Refused);
        };
        let Some(folder) = self.settings.folders.get(receiver) else {
            return Tried::Again(Fault::NotSetUp);
        };
        let Ok(message) = serde_json::from_slice::<serde_json::Value>(body) else {
            return Tried::Never(Fault::Refused);
        };
        // Signed as it stands in the file, so that whoever reads it can check it without our order of keys.
        let Some(signed) = signed(cx, parcel.key(), message.to_string().as_bytes()) else {
            return Tried::Again(Fault::NotSetUp);
        };
        let file = serde_json::json!({
            "timestamp": signed.timestamp,
            "key": parcel.key(),
            "signature": signed.signature,
            "public_key": signed.key,
            "message": message.to_string(),
        });
        match leave(folder, parcel.key(), file.to_string().as_bytes()).await {
            Ok(()) => Tried::Sent,
            Err(_) => Tried::Again(Fault::Unreachable),
        }
    }

    async fn fetch(&self, cx: &Cx) -> usecases::Result<u64> {
        let (mut new, mut failed): (u64, Option<usecases::Error>) = (0, None);
        for (body, folder) in &self.settings.folders {
            let Ok(receiver) = Uscc::parse(body) else { continue };
            let found = receipts(&folder.join("receipts")).await;
            let paths = found.unwrap_or_else(|error| {
                tracing::error!(%error, %body, "a folder with receipts cannot be read");
                failed.get_or_insert(error.into());
                Vec::new()
            });
            for path in paths {
                match read(cx, &receiver, folder, &path).await {
                    Ok(is_new) => new += u64::from(is_new),
                    // One that cannot be kept or put aside keeps no other waiting.
                    Err(error) => {
                        tracing::error!(%error, %body, "a receipt cannot be kept");
                        failed.get_or_insert(error);
                    }
                }
            }
        }
        failed.map_or(Ok(new), Err)
    }
}

/// Keeps one receipt and puts it aside; says whether it was new.
async fn read(cx: &Cx, receiver: &Uscc, folder: &Path, path: &Path) -> usecases::Result<bool> {
    let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    let id = name.strip_prefix("correction-");
    let id = id.map(|id| id.strip_suffix("-reminder").unwrap_or(id));
    let is_new = match id.and_then(|id| id.parse().ok()) {
        Some(id) => {
            let id = CorrectionId(id);
            usecases::correction::acknowledged_by_system(cx, receiver, id).await?
        }
        None => {
            tracing::warn!("a receipt that names no correction was put aside");
            false
        }
    };
    let aside = folder.join("receipts/read").join(path.file_name().unwrap_or_default());
    tokio::fs::rename(path, aside).await?;
    Ok(is_new)
}

/// Writes beside and renames, so that nobody reads half a file.
async fn leave(folder: &Path, key: &str, bytes: &[u8]) -> std::io::Result<()> {
    use tokio::io::AsyncWriteExt as _;
    let beside = folder.join(format!(".{key}.part"));
    let mut file = tokio::fs::File::create(&beside).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    tokio::fs::rename(&beside, folder.join(format!("{key}.json"))).await
}

async fn receipts(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut entries = tokio::fs::read_dir(folder).await?;
    while let Some(entry) = entries.next_entry().await? {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "json") && found.len() < AT_ONCE {
            found.push(path);
        }
    }
    Ok(found)
}
