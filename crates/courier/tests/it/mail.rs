//! E-mail, against a real SMTP server (aiosmtpd) that the test starts and stops.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use courier::{Carrier, Courier, Mail, MailSettings, Tls};
use jiff::SignedDuration;
use register::Role;
use register::delivery::Fault;
use rstest::rstest;
use testkit::{City, Engine, LIU, MARKET};

/// A server that keeps what it takes in a Maildir.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn starts(port: u16, maildir: &Path) -> Server {
    let listen = format!("127.0.0.1:{port}");
    let server = Command::new("/usr/bin/python3")
        .args(["-m", "aiosmtpd", "-n", "-l", &listen, "-c", "aiosmtpd.handlers.Mailbox"])
        .arg(maildir)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let server = Server(server);
    for _ in 0..200 {
        if TcpStream::connect(&listen).is_ok() {
            return server;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    unreachable!("no mail server: ./test installs python3-aiosmtpd");
}

fn mails(maildir: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(maildir.join("new")) else { return Vec::new() };
    entries
        .map(|entry| String::from_utf8(std::fs::read(entry.unwrap().path()).unwrap()).unwrap())
        .collect()
}

/// The text of a mail, whichever way it was packed for the journey.
fn text(mail: &str) -> String {
    let program = "import sys,email,email.policy;\
        m=email.message_from_bytes(sys.stdin.buffer.read(),policy=email.policy.default);\
        print(m['Subject']);print(m.get_content())";
    let mut python = Command::new("/usr/bin/python3")
        .args(["-c", program])
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut python.stdin.take().unwrap(), mail.as_bytes()).unwrap();
    String::from_utf8(python.wait_with_output().unwrap().stdout).unwrap()
}

fn courier(city: &City, port: u16) -> Courier {
    signing_in(city, port, None)
}

fn signing_in(city: &City, port: u16, login: Option<(String, String)>) -> Courier {
    let settings = MailSettings {
        host: "127.0.0.1".to_owned(),
        port,
        tls: Tls::None,
        from: "公共信用 <noreply@register.example>".to_owned(),
        login,
    };
    let carriers: Vec<Box<dyn Carrier>> = vec![Box::new(Mail::new(settings).unwrap())];
    Courier::new(city.cx.clone(), carriers)
}

#[tokio::test]
async fn a_mail_server_that_is_down_for_a_day_loses_nothing_and_gets_each_mail_once() {
    let city = City::on(Engine::Sqlite).await;
    let maildir = tempfile::tempdir().unwrap();
    let maildir = maildir.path().join("box");
    let port = free_port();
    let courier = courier(&city, port);
    let liu = city.opens_account(LIU).await;

    let server = starts(port, &maildir);
    usecases::contact::choose(&city.cx, &liu, "mail", "liu@mail.example").await.unwrap();
    assert_eq!(courier.round().await.unwrap(), 1);
    let code_mail = text(&mails(&maildir)[0]);
    assert!(code_mail.starts_with("联系方式验证码"), "{code_mail}");
    let code: String = code_mail.chars().filter(char::is_ascii_digit).take(6).collect();
    usecases::contact::confirm(&city.cx, &liu, &code).await.unwrap();
    drop(server);

    let clerk = city.clerk(MARKET);
    city.sends(&clerk, "NP04-MR", &[city.row(LIU, "2026-11-02", "")]).await.unwrap();
    let mut tries = 0;
    for _ in 0..24 * 4 {
        tries += courier.round().await.unwrap();
        city.passes(SignedDuration::from_mins(15));
    }
    assert!((5..12).contains(&tries), "{tries} tries in a day");
    let office = city.staff(Role::OfficeClerk);
    let stand = usecases::delivery::deliveries(&city.cx, &office).await.unwrap();
    assert!(stand.failed.is_empty(), "a day is no reason to give up");

    let server = starts(port, &maildir);
    for _ in 0..24 * 2 {
        courier.round().await.unwrap();
        city.passes(SignedDuration::from_hours(1));
    }
    let all = mails(&maildir);
    assert_eq!(all.len(), 2, "the code, and one mail about the notice");
    let waits = all.iter().find(|mail| text(mail).starts_with("您有新的告知书")).unwrap();
    assert!(waits.contains("Message-ID: <notice-"), "{waits}");
    for secret in ["罚", LIU.1, LIU.0] {
        assert!(!text(waits).contains(secret));
    }
    drop(server);
}

/// A server that takes everything up to one command, which it answers with `says`; the greeting is a command
/// without a name.
fn refuses(command: &'static str, says: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let said = BufReader::new(stream.try_clone().unwrap()).lines();
            for line in std::iter::once(Ok(String::new())).chain(said) {
                let Ok(line) = line else { break };
                let answer = match line.split(' ').next().unwrap_or_default() {
                    asked if asked == command => says,
                    "" => "220 mail.example",
                    "EHLO" => "250-mail.example\r\n250 AUTH PLAIN",
                    "DATA" => "354 go on",
                    "QUIT" => "221 farewell",
                    _ => "250 well",
                };
                if stream.write_all(format!("{answer}\r\n").as_bytes()).is_err() {
                    break;
                }
            }
        }
    });
    port
}

#[rstest]
#[case::being_rebuilt("", "554 no service here", false)]
#[case::the_password_was_changed("AUTH", "535 5.7.8 authentication failed", false)]
#[case::without_a_word_more("AUTH", "550 no permission", false)]
#[case::another_sender_wanted("MAIL", "553 mail from must equal authorized user", false)]
#[case::no_relaying("RCPT", "550 5.7.1 relaying denied", false)]
#[case::a_full_box("RCPT", "452 4.2.2 over quota", false)]
#[case::no_such_box("RCPT", "550 5.1.1 no such user", true)]
#[case::no_such_box_either("RCPT", "553 no such user", true)]
#[case::taken_for_spam("DATA", "554 5.7.1 spam", false)]
#[tokio::test]
async fn only_what_is_said_of_the_address_gives_a_mail_up(
    #[case] command: &'static str,
    #[case] says: &'static str,
    #[case] for_good: bool,
) {
    let city = City::on(Engine::Sqlite).await;
    let login = Some(("register".to_owned(), "secret".to_owned()));
    let courier = signing_in(&city, refuses(command, says), login);
    let liu = city.opens_account(LIU).await;
    usecases::contact::choose(&city.cx, &liu, "mail", "liu@mail.example").await.unwrap();
    assert_eq!(courier.round().await.unwrap(), 1);
    let office = city.staff(Role::OfficeClerk);
    let failed = usecases::delivery::deliveries(&city.cx, &office).await.unwrap().failed;
    let faults: Vec<_> = failed.iter().map(|one| one.fault).collect();
    assert_eq!(faults, if for_good { vec![Some(Fault::Refused)] } else { Vec::new() });
    city.passes(SignedDuration::from_mins(2));
    assert_eq!(courier.round().await.unwrap(), usize::from(!for_good), "it goes again");
}

#[tokio::test]
async fn a_mail_server_elsewhere_is_not_spoken_to_in_the_open() {
    let settings = MailSettings {
        host: "mail.example".to_owned(),
        port: 25,
        tls: Tls::None,
        from: "noreply@register.example".to_owned(),
        login: None,
    };
    assert!(Mail::new(settings).is_err());
}
