//! The vault as its callers use it, on both suites.

use std::io::{Read, Write};

use proptest::prelude::*;
use rstest::rstest;
use vault::{KeyInfo, KeyState, KeyText, Place, PublicKey, Suite, Vault, VaultError, follows};

fn random(seed: u8) -> impl FnMut(&mut [u8]) {
    let mut next = seed;
    move |bytes| {
        for byte in bytes {
            next = next.wrapping_mul(113).wrapping_add(7);
            *byte = next;
        }
    }
}

fn keys(suite: Suite, seed: u8) -> (KeyText, Vault) {
    Vault::create(suite, "2026-01-01", &mut random(seed)).unwrap()
}

const PLACE: Place<'static> = Place { table: "person", column: "sealed", row: b"1" };

#[rstest]
fn a_sealed_value_opens_only_unchanged_and_in_its_place(
    #[values(Suite::Gm, Suite::Intl)] suite: Suite,
) {
    let (_, vault) = keys(suite, 1);
    let plain = "999901197001010011 柳𬭚".as_bytes();
    let sealed = vault.seal(PLACE, plain, [9; 12]);
    assert_eq!(vault.open(PLACE, &sealed).unwrap().as_slice(), plain);
    for bit in 0..sealed.len() * 8 {
        let mut touched = sealed.clone();
        touched[bit / 8] ^= 1 << (bit % 8);
        assert!(vault.open(PLACE, &touched).is_err(), "bit {bit}");
    }
    for place in [
        Place { row: b"2", ..PLACE },
        Place { column: "other", ..PLACE },
        Place { table: "record", ..PLACE },
    ] {
        assert_eq!(vault.open(place, &sealed).unwrap_err(), VaultError::Changed);
    }
    assert!(vault.open(PLACE, &[]).is_err());
    let (_, stranger) = keys(suite, 2);
    assert!(stranger.open(PLACE, &sealed).is_err());
}

#[rstest]
fn keys_rotate_without_a_stop(
    #[values(Suite::Gm, Suite::Intl)] from: Suite,
    #[values(Suite::Gm, Suite::Intl)] to: Suite,
) {
    let (text, old) = keys(from, 3);
    let sealed = old.seal(PLACE, b"before", [1; 12]);
    let signed = old.signer().sign(b"head");
    let text = text.with_new_key(to, "2026-02-01", &mut random(9)).unwrap();
    let new = Vault::read(&text.text).unwrap();
    assert_eq!(new.index_suite(), from, "what must be computed again stays as it was");
    assert_eq!(
        new.signer().public_key_of(&signed).unwrap(),
        old.signer().public_key_of(&signed).unwrap()
    );
    assert_ne!(
        new.signer().public_key_of(&new.signer().sign(b"head")).unwrap(),
        old.signer().public_key_of(&signed).unwrap()
    );
    assert_eq!(new.open(PLACE, &sealed).unwrap().as_slice(), b"before");
    new.signer().verify(b"head", &signed).unwrap();
    assert_eq!(new.blind(1, "01", "x"), old.blind(1, "01", "x"), "persons are still found");
    assert_eq!(new.fingerprint("record", &[b"a"]), old.fingerprint("record", &[b"a"]));
    let sealed = new.seal(PLACE, b"after", [2; 12]);
    assert_eq!(old.open(PLACE, &sealed).unwrap_err(), VaultError::UnknownKey(2));
}

#[rstest]
fn the_next_key_opens_before_it_seals_and_the_one_before_it_names_it(
    #[values(Suite::Gm, Suite::Intl)] from: Suite,
    #[values(Suite::Gm, Suite::Intl)] to: Suite,
) {
    let (first, old) = keys(from, 3);
    let ready = first.with_next_key(to, "2026-02-01", &mut random(9)).unwrap();
    assert!(ready.with_next_key(to, "2026-02-01", &mut random(11)).is_err(), "one at a time");
    let vault = old.clone();
    vault.reload(&ready.text).unwrap();
    assert_eq!((vault.active(), vault.generation()), (1, 2));
    let [before, after]: [KeyInfo; 2] = vault.keys().try_into().unwrap();
    assert_eq!((before.state, after.state), (KeyState::Active, KeyState::Next));
    let signature = hex::decode(after.follows.unwrap()).unwrap();
    follows(&before.public_key, &after.public_key, &signature).unwrap();
    follows(&after.public_key, &before.public_key, &signature).unwrap_err();

    // Somebody else seals with it already: everybody opens it. Whoever began with the old one ends with it.
    let active = ready.with_next_active(1_764_000_000).unwrap();
    assert!(active.with_next_active(1).is_err());
    let ahead = Vault::read(&active.text).unwrap();
    let sealed = ahead.seal(PLACE, b"ahead", [1; 12]);
    assert_eq!(vault.open(PLACE, &sealed).unwrap().as_slice(), b"ahead");
    let mut sealer = old.stream_seal(Vec::new(), [3; 7]).unwrap();
    sealer.write_all(&[1; 100_000]).unwrap();
    vault.reload(&active.text).unwrap();
    sealer.write_all(&[2; 100_000]).unwrap();
    let file = sealer.finish().unwrap();
    assert_eq!(opened(&vault, &file).unwrap().len(), 200_000);
    assert_eq!(Vault::key_of(&file), Some(1));
    assert_eq!(Vault::key_of(&old.seal(PLACE, b"", [2; 12])), Some(2), "a clone has the new one");
    assert_eq!(vault.keys()[0].replaced_at, Some(1_764_000_000));
    // Never back, and never to the keys of another register.
    assert!(vault.reload(&first.text).is_err());
    assert!(vault.reload(&keys(from, 4).0.text).is_err());
    assert_eq!(vault.active(), 2);
}

#[rstest]
fn a_retired_key_opens_nothing_and_still_checks_and_finds(
    #[values(Suite::Gm, Suite::Intl)] suite: Suite,
) {
    let (first, old) = keys(suite, 3);
    let sealed = old.seal(PLACE, b"before", [1; 12]);
    let signed = old.signer().sign(b"head");
    let ready = first.with_next_key(suite, "2026-02-01", &mut random(9)).unwrap();
    assert!(ready.with_retired(1, true, 7).is_err(), "it seals");
    let active = ready.with_next_active(1_764_000_000).unwrap();
    let retired = active.with_retired(1, true, 7).unwrap();
    let material = |text: &KeyText| text.text.matches("material").count();
    assert_eq!((material(&active), material(&retired)), (2, 1));
    let vault = Vault::read(&retired.text).unwrap();
    assert_eq!(vault.open(PLACE, &sealed).unwrap_err(), VaultError::Retired(1));
    vault.signer().verify(b"head", &signed).unwrap();
    assert_eq!(vault.signer().signs_up_to(&signed).unwrap(), Some(7));
    assert_eq!(vault.signer().signs_up_to(&vault.signer().sign(b"head")).unwrap(), None);
    assert_eq!(vault.index_suite(), suite);
    assert_eq!(vault.blind(1, "01", "x"), old.blind(1, "01", "x"));
    assert_eq!(vault.name_mark(1, "x"), old.name_mark(1, "x"));
    assert_ne!(vault.blind(2, "01", "x"), vault.blind(1, "01", "x"));
    assert_eq!(vault.fingerprint("record", &[b"a"]), old.fingerprint("record", &[b"a"]));
    assert_eq!(vault.entry_mac(&[b"a"]), old.entry_mac(&[b"a"]));

    // What leads to persons can go too; what finds facts again cannot.
    let less = retired.with_retired(1, false, 9).unwrap();
    let vault = Vault::read(&less.text).unwrap();
    assert_eq!(vault.blind(1, "01", "x").unwrap_err(), VaultError::Retired(1));
    assert_eq!(vault.fingerprint("record", &[b"a"]), old.fingerprint("record", &[b"a"]));
    assert_eq!(vault.signer().signs_up_to(&signed).unwrap(), Some(7), "as it was");

    // With an older copy of the file a backup of before opens; with that of another register it does not.
    let (again, which) = less.with_recalled(&first).unwrap();
    assert_eq!(which, [1]);
    let vault = Vault::read(&again.text).unwrap();
    assert_eq!(vault.open(PLACE, &sealed).unwrap().as_slice(), b"before");
    assert_eq!(vault.active(), 2);
    assert_eq!(vault.blind(1, "01", "x"), old.blind(1, "01", "x"));
    assert_eq!(less.with_recalled(&keys(suite, 4).0).unwrap().1, Vec::<u16>::new());
    // The number of a key is never given again.
    let third = less.with_next_key(suite, "2026-03-01", &mut random(21)).unwrap();
    let ids: Vec<u16> = Vault::read(&third.text).unwrap().keys().iter().map(|key| key.id).collect();
    assert_eq!(ids, [1, 2, 3]);
}

#[test]
fn month_keys_are_sealed_anew_and_what_was_destroyed_stays_so() {
    let (first, vault) = keys(Suite::Gm, 3);
    let old = vault.begin_months(322, [7; 32]).unwrap();
    let sealed = vault.seal_until(322, PLACE, b"gone", [1; 12]).unwrap();
    let kept = vault.seal_until(330, PLACE, b"kept", [2; 12]).unwrap();
    vault.with_months(&vault.forget_before(323).unwrap()).unwrap();
    let text = first.with_next_key(Suite::Gm, "2026-02-01", &mut random(9)).unwrap();
    let text = text.with_next_active(1_764_000_000).unwrap();
    vault.reload(&text.text).unwrap();
    let anew = vault.months_anew().unwrap();
    assert_eq!(Vault::key_of(&hex::decode(&old).unwrap()), Some(1));
    assert_eq!(Vault::key_of(&hex::decode(&anew).unwrap()), Some(2));
    // By whoever has both keys: the new text knows no more than it should.
    let later = Vault::read(&text.text).unwrap();
    later.with_months(&anew).unwrap();
    assert_eq!(later.open(PLACE, &sealed).unwrap_err(), VaultError::Destroyed(322));
    assert_eq!(later.open(PLACE, &kept).unwrap().as_slice(), b"kept");
    assert_eq!(later.months_mark(), vault.months_mark());
    assert_eq!(Vault::key_of(&kept), None, "a month's key is no standing one");
}

#[rstest]
fn a_signature_is_checked_by_the_public_key_alone(#[values(Suite::Gm, Suite::Intl)] suite: Suite) {
    let (_, vault) = keys(suite, 4);
    let signature = vault.signer().sign(b"message");
    let key: PublicKey =
        vault.signer().public_key_of(&signature).unwrap().to_string().parse().unwrap();
    vault::verify(&key, b"message", &signature).unwrap();
    assert!(vault::verify(&key, b"massage", &signature).is_err());
    for at in [0, 5, signature.len() - 1] {
        let mut touched = signature.clone();
        touched[at] ^= 1;
        assert!(vault::verify(&key, b"message", &touched).is_err());
    }
}

#[test]
fn nothing_shows_the_keys() {
    let (text, vault) = keys(Suite::Gm, 5);
    let material = text.text.split("material = \"").nth(1).unwrap().get(..64).unwrap().to_owned();
    assert!(!format!("{vault:?} {text:?} {:?}", vault.signer()).contains(&material[..8]));
    let broken = text.text.replace("material", "matter");
    let error = Vault::read(&broken).unwrap_err().to_string();
    assert!(!error.contains(&material[..8]), "{error}");
}

#[rstest]
#[case("", "it is no list of keys")]
#[case("key = []", "no key is active")]
#[case(
    "[[key]]\nid = 1\nsuite = \"gm\"\nstate = \"retired\"\ncreated_on = \"\"\n",
    "a retired key keeps its public key"
)]
#[case(
    "[[key]]\nid = 1\nsuite = \"gm\"\nstate = \"active\"\ncreated_on = \"\"\n",
    "its state and its material do not fit"
)]
fn a_key_file_that_cannot_be_used_says_why(#[case] text: &str, #[case] why: &str) {
    assert!(Vault::read(text).unwrap_err().to_string().contains(why));
}

#[test]
fn domains_and_parts_cannot_flow_into_each_other() {
    let (_, vault) = keys(Suite::Intl, 6);
    assert_ne!(vault.blind(1, "01", "23"), vault.blind(1, "012", "3"));
    assert_ne!(vault.fingerprint("a", &[b"bc"]), vault.fingerprint("a", &[b"b", b"c"]));
    assert_ne!(vault.fingerprint("a", &[]), vault.entry_mac(&[b"a"]));
}

fn sealed_file(vault: &Vault, plain: &[u8]) -> Vec<u8> {
    let mut sealer = vault.stream_seal(Vec::new(), [3; 7]).unwrap();
    sealer.write_all(plain).unwrap();
    sealer.finish().unwrap()
}

fn opened(vault: &Vault, sealed: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    vault.stream_open(sealed)?.read_to_end(&mut plain)?;
    Ok(plain)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn files_come_back_whole_or_not_at_all(
        pieces in 0_usize..4, more in 0_usize..3, cut in 1_usize..70_000
    ) {
        let (_, vault) = keys(Suite::Intl, 7);
        let plain: Vec<u8> = (0..pieces * 65_536 + more).map(|n| (n % 251) as u8).collect();
        let sealed = sealed_file(&vault, &plain);
        prop_assert_eq!(opened(&vault, &sealed).unwrap(), plain);
        let short = sealed.len().saturating_sub(cut);
        prop_assert!(opened(&vault, &sealed[..short]).is_err());
        let longer = [sealed.as_slice(), b"x"].concat();
        prop_assert!(opened(&vault, &longer).is_err());
        let mut touched = sealed.clone();
        let at = cut % touched.len();
        touched[at] ^= 1;
        prop_assert!(opened(&vault, &touched).is_err());
    }
}

#[test]
fn pieces_cannot_change_places() {
    let (_, vault) = keys(Suite::Gm, 8);
    let mut sealed = sealed_file(&vault, &vec![1; 3 * 65_536]);
    let piece = 65_536 + 16;
    let (first, second) = sealed[10..].split_at_mut(piece);
    first.swap_with_slice(&mut second[..piece]);
    assert!(opened(&vault, &sealed).is_err());
}

/// Made with OpenSSL 3.0.19 (`pkeyutl -sign -rawin -digest sm3 -pkeyopt distid:1234567812345678`), which
/// also verified a signature of ours: both mean the same by SM2, the identifier and the order of r and s.
#[test]
fn an_sm2_signature_of_another_implementation_is_verified() {
    let key = "gm:0451a3fd9cc6e720682c36af649723bc73b739060625f3fce11800b21647e6a953d56c090314394b405e64b\
               9881605097f7e64bde4f3395cb73e691ac2aa5a0e8b";
    let signature = "048a3737b736417fa15280ea15ac5c52fd61928f196b1b948bb044ad47b630f3\
                     3a3297afd1aaf62b0c6f25132a74b786ce17822f9b6172a27412a8b3d0c29661";
    let key: PublicKey = key.parse().unwrap();
    // Suite 1, key number 1, then r and s.
    let signature = [vec![1, 0, 1], hex::decode(signature).unwrap()].concat();
    vault::verify(&key, b"a head of the log", &signature).unwrap();
    vault::verify(&key, b"a head of the dog", &signature).unwrap_err();
}
