//! Ways out 投递渠道: from the configuration to whoever carries.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use courier::{
    Carrier, Folder, FolderSettings, Mail, MailSettings, Sms, SmsSettings, Tls, Webhook,
    WebhookSettings,
};
use register::Uscc;
use register::delivery::Channel;
use usecases::Channels;

use crate::command::Failure;
use crate::config::Config;

/// The ways out that are set up, as the use cases know them.
pub(crate) fn channels(config: &Config) -> Result<Channels, Failure> {
    let mut receivers = HashMap::new();
    for (body, receiver) in &config.receivers {
        let at = format!("receivers.{body}");
        if Uscc::parse(body).is_err() {
            return Err(Failure::Refused(format!("{at}: not the code of an organisation")));
        }
        let channel = match (receiver.webhook.is_empty(), receiver.folder.as_os_str().is_empty()) {
            (false, true) => Channel::Webhook,
            (true, false) => Channel::Folder,
            _ => return Err(Failure::Refused(format!("{at}: set either webhook or folder"))),
        };
        receivers.insert(body.clone(), channel);
    }
    Ok(Channels {
        site: config.site.trim_end_matches('/').to_owned(),
        office_address: config.office_address.clone(),
        office_phone: config.office_phone.clone(),
        mail: config.mail.is_some(),
        sms: config.sms.is_some(),
        receivers,
    })
}

/// Those who carry.
pub(crate) fn carriers(config: &Config) -> Result<Vec<Box<dyn Carrier>>, Failure> {
    let mut carriers: Vec<Box<dyn Carrier>> = Vec::new();
    if let Some(mail) = &config.mail {
        let tls = match mail.tls.as_str() {
            "full" => Tls::Full,
            "starttls" => Tls::Starttls,
            "none" => Tls::None,
            _ => {
                return Err(Failure::Refused("mail.tls must be full, starttls or none".to_owned()));
            }
        };
        let login = if mail.user.is_empty() {
            None
        } else {
            let password = secret(&mail.password_file, "mail.password_file")?;
            let password = String::from_utf8(password)
                .map_err(|_| Failure::Refused("mail.password_file: not text".to_owned()))?;
            Some((mail.user.clone(), password))
        };
        let (host, port, from) = (mail.host.clone(), mail.port, mail.from.clone());
        let settings = MailSettings { host, port, tls, from, login };
        carriers.push(Box::new(Mail::new(settings).map_err(Failure::refused)?));
    }
    if let Some(sms) = &config.sms {
        let key = secret(&sms.key_file, "sms.key_file")?;
        let settings = SmsSettings { url: sms.url.clone(), sign: sms.sign.clone(), key };
        carriers.push(Box::new(Sms::new(settings).map_err(Failure::refused)?));
    }
    let urls: HashMap<String, String> = config
        .receivers
        .iter()
        .filter(|(_, receiver)| !receiver.webhook.is_empty())
        .map(|(body, receiver)| (body.clone(), receiver.webhook.clone()))
        .collect();
    if !urls.is_empty() {
        let settings = WebhookSettings { urls };
        carriers.push(Box::new(Webhook::new(settings).map_err(Failure::refused)?));
    }
    let folders: HashMap<String, PathBuf> = config
        .receivers
        .iter()
        .filter(|(_, receiver)| !receiver.folder.as_os_str().is_empty())
        .map(|(body, receiver)| (body.clone(), receiver.folder.clone()))
        .collect();
    if !folders.is_empty() {
        let settings = FolderSettings { folders };
        carriers.push(Box::new(Folder::new(settings).map_err(Failure::refused)?));
    }
    Ok(carriers)
}

/// Where the service manager lends secrets (`LoadCredential=`).
///
/// There an access list may let one account read; its mask stands where the group's rights stand elsewhere.
const LENT: &str = "/run/credentials";

/// The rights to a secret that nobody may have.
fn not_for_others(path: &Path) -> u32 {
    if path.starts_with(LENT) { 0o007 } else { 0o077 }
}

/// A secret from a file that nobody else can read.
pub(crate) fn secret(path: &Path, what: &str) -> Result<Vec<u8>, Failure> {
    let cannot = |why: String| Failure::Refused(format!("{what} ({}): {why}", path.display()));
    let mode = fs::metadata(path).map_err(|why| cannot(why.to_string()))?.permissions().mode();
    if mode & not_for_others(path) != 0 {
        return Err(cannot("can be read by others: run `chmod 600` on it".to_owned()));
    }
    let bytes = fs::read(path).map_err(|why| cannot(why.to_string()))?;
    let secret = bytes.trim_ascii().to_vec();
    if secret.is_empty() {
        return Err(cannot("is empty".to_owned()));
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_taken_only_from_a_file_that_nobody_else_can_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mail");
        fs::write(&path, "word \n").unwrap();
        for (mode, is_taken) in [(0o600, true), (0o400, true), (0o440, false), (0o604, false)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let taken = secret(&path, "mail.password_file");
            assert_eq!(taken.is_ok(), is_taken, "{mode:o}");
            if is_taken {
                assert_eq!(taken.unwrap(), b"word");
            }
        }
    }

    #[test]
    fn what_the_service_manager_lends_carries_the_mask_of_an_access_list() {
        let lent = Path::new("/run/credentials/chengxin.service/secret_mail");
        assert_eq!(0o440 & not_for_others(lent), 0);
        assert_ne!(0o404 & not_for_others(lent), 0);
        assert_ne!(0o440 & not_for_others(Path::new("/run/credentials-of-mine/mail")), 0);
    }
}
