//! 验证码的次数: nobody has codes sent at will to telephones and mail boxes that are not his, and nobody
//! guesses one by having ever more of them sent.

use register::PersonId;
use register::delivery::Channel;
use store::Tx;

use crate::case::mistake;
use crate::cx::Cx;
use crate::error::{Error, Result};

/// Counts the code that is about to go to that address, or refuses it.
///
/// # Errors
/// [`Error::Mistakes`] if one has just gone, or enough went today.
pub(super) async fn count(
    cx: &Cx,
    tx: &Tx,
    person: PersonId,
    channel: Channel,
    address: &str,
) -> Result<()> {
    let refuse = |code: &'static str, says: String| {
        Err(Error::Mistakes(vec![mistake("address", code, says)]))
    };
    let (today, now) = (cx.today(), cx.now());
    let same = address.to_lowercase();
    let parts: [&[u8]; 2] = [channel.code().as_bytes(), same.as_bytes()];
    let mark = cx.vault.fingerprint("code address", &parts);
    let sent = store::contact::codes_sent(tx, person, &mark, today).await?;
    let limit = |name: &str| u64::try_from(cx.rules.limit(name)).unwrap_or(0);

    let wait = cx.rules.limit("code_wait_seconds");
    let passed = sent.last.map(|last| now.duration_since(last).as_secs());
    let left = passed.map_or(0, |passed| wait - passed);
    let soon = |seconds: i64| format!("刚刚发过验证码，请过 {seconds} 秒再试。");
    if left > 0 {
        return refuse("code-soon", soon(left));
    }
    let most = limit("codes_a_day");
    if sent.by_person >= most {
        let says = format!("今天已经发过 {most} 次验证码，请明天再试，或者选择信函。");
        return refuse("codes-today", says);
    }
    let most = limit("codes_a_day_to_address");
    if sent.to_address >= most {
        let what = if channel == Channel::Sms { "号码" } else { "邮箱" };
        let says =
            format!("今天已经向这个{what}发过 {most} 次验证码，请明天再试，或者换一种联系方式。");
        return refuse("codes-to-address", says);
    }
    if !store::contact::add_code(tx, person, &mark, sent, (today, now)).await? {
        return refuse("code-soon", soon(wait));
    }
    Ok(())
}
