//! Invented people and rows, the same for the same seed and day: region 9999xx, which does not exist.

use intake::{Field, Layout};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rulebook::{Agency, Item};

/// People that can be told apart: 15,000 birthdays, 900 serial numbers each.
const PEOPLE: u64 = 15_000 * 900;

const SURNAMES: [&str; 24] = [
    "柳", "周", "李", "王", "张", "赵", "孙", "钱", "吴", "郑", "冯", "陈", "褚", "卫", "蒋", "沈",
    "韩", "杨", "朱", "秦", "尤", "许", "欧阳", "𠮷",
];
const GIVEN: [&str; 24] = [
    "𬭚", "𬴂㛃", "明", "志强", "秀英", "建国", "丽", "伟", "芳", "敏", "静", "磊", "洋", "艳",
    "勇", "杰", "娟", "涛", "霞", "平", "刚", "桂兰", "浩然", "思源",
];

/// One invented person.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) number: String,
    pub(crate) name: String,
}

register::hidden!(Person);

/// The `n`-th invented person; name and number belong together for ever.
pub(crate) fn person(n: u64) -> Person {
    let n = n % PEOPLE;
    let days = i64::try_from(n % 15_000).unwrap_or(0);
    let serial = n / 15_000 + 1;
    let born = date(1961, 1, 1).saturating_add(days.days());
    let first = format!("999901{:04}{:02}{:02}{serial:03}", born.year(), born.month(), born.day());
    let check = register::identity::citizen_check_digit(&first).unwrap_or('0');
    let pick = |list: &[&str; 24], at: u64| -> String {
        let at = usize::try_from(at % 24).unwrap_or(0);
        list.get(at).copied().unwrap_or_default().to_owned()
    };
    let name = pick(&SURNAMES, n * 7 + n / 24) + &pick(&GIVEN, n * 5 + n / 577);
    Person { number: format!("{first}{check}"), name }
}

/// What the rows are to look like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Seed of everything that varies.
    pub(crate) seed: u64,
    /// The day on which the file is made.
    pub(crate) today: Date,
    /// Days before `today` between which decisions were made.
    pub(crate) decided: (i64, i64),
    /// Whether service and the repair notice are stated.
    pub(crate) is_served: bool,
    /// Rows in a hundred that have a mistake.
    pub(crate) mistakes: u64,
}

/// Makes rows of one item for one agency.
pub(crate) struct Rows<'a> {
    layout: &'static Layout,
    agency: &'a Agency,
    item: &'a Item,
    shape: Shape,
    random: ChaCha8Rng,
    made: u64,
}

const VIOLATIONS: [(&str, &str, &str); 4] = [
    (
        "未按规定办理登记从事经营",
        "经查，当事人未按规定办理登记即从事经营活动。",
        "无证无照经营查处办法第十三条",
    ),
    ("未按规定如实记录", "经查，当事人未按规定如实记录有关情况。", "安全生产法第九十七条"),
    ("提供不符合规定的服务", "经查，当事人提供的服务不符合规定。", "消费者权益保护法第五十六条"),
    ("未在规定期限内改正", "经查，当事人未在规定期限内改正。", "行政处罚法第二十八条"),
];

impl<'a> Rows<'a> {
    pub(crate) fn new(
        layout: &'static Layout,
        item: &'a Item,
        agency: &'a Agency,
        shape: Shape,
    ) -> Self {
        let random = ChaCha8Rng::seed_from_u64(shape.seed);
        Self { layout, agency, item, shape, random, made: 0 }
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.random.next_u64() % limit.max(1)
    }

    /// The next row, in the order of the layout's kept columns.
    pub(crate) fn next(&mut self) -> Vec<String> {
        let at = self.made;
        self.made += 1;
        // Any seed will do; a huge one goes round.
        let seed = self.shape.seed;
        let mut person = person(seed.wrapping_mul(104_729).wrapping_add(at * 4 / 5));
        let (from, to) = self.shape.decided;
        let span = u64::try_from(to - from).unwrap_or(1);
        let ago = from + i64::try_from(self.below(span)).unwrap_or(0);
        let day = |days: i64| self.shape.today.saturating_sub(days.days());
        let decided = day(ago);
        let told = day((ago - 4).max(0));
        let act = day(ago + 40);
        let fine = 300 + self.below(8_000);
        let which = usize::try_from(self.below(4)).unwrap_or(0);
        let (violation, facts, basis) = VIOLATIONS.get(which).copied().unwrap_or_default();
        let number = seed.wrapping_mul(10_000_000).wrapping_add(at).wrapping_add(1);
        if self.shape.mistakes > self.below(100) {
            // The last digit is changed: the check digit does not fit any more.
            let last = if person.number.ends_with('1') { '2' } else { '1' };
            person.number.pop();
            person.number.push(last);
        }
        let is_licence = self.layout.code == "licence";
        let short = &self.agency.short_name;
        self.layout
            .kept()
            .map(|column| match column.field {
                Field::PartyName => person.name.clone(),
                Field::PartyCategory => "自然人".to_owned(),
                Field::IdKind => "01".to_owned(),
                Field::IdNumber => person.number.clone(),
                Field::DocumentNo if is_licence => {
                    format!("示{short}许字〔{}〕{number}号", decided.year())
                }
                Field::DocumentNo if self.item.needs_consent() => {
                    format!("示{short}表〔{}〕{number}号", decided.year())
                }
                Field::DocumentNo => format!("示{short}罚字〔{}〕{number}号", decided.year()),
                Field::DocumentTitle => "行政处罚决定书".to_owned(),
                Field::ViolationType => violation.to_owned(),
                Field::Facts => facts.to_owned(),
                Field::LegalBasis => basis.to_owned(),
                Field::PenaltyKinds => "罚款".to_owned(),
                Field::PenaltyContent => format!("罚款{fine}元"),
                Field::Fine => format!("{}.{:04}", fine / 10_000, fine % 10_000),
                Field::DecidedOn => decided.to_string(),
                Field::ServedOn | Field::RepairNoticeServedOn | Field::EffectiveOn
                    if self.shape.is_served && !is_licence =>
                {
                    told.to_string()
                }
                Field::Procedure => "普通程序".to_owned(),
                Field::ActOn => act.to_string(),
                Field::Authority => self.agency.name.clone(),
                Field::AuthorityCode => self.agency.uscc.clone(),
                Field::LicenceTitle => "准予行政许可决定书".to_owned(),
                Field::LicenceKind => "普通".to_owned(),
                Field::CertificateName => {
                    format!("{}许可证", self.item.title.trim_end_matches("许可"))
                }
                Field::LicenceNo => format!("SL{number}"),
                Field::LicenceContent => "准予从事许可范围内的活动".to_owned(),
                Field::State => "有效".to_owned(),
                Field::HonourTitle => "示例市劳动模范".to_owned(),
                Field::Organisation => "示例市图书馆".to_owned(),
                Field::Service => "整理图书".to_owned(),
                Field::Hours => (1 + fine % 40).to_string(),
                Field::ValidFrom => decided.to_string(),
                Field::ValidUntil => decided.saturating_add(5.years()).to_string(),
                Field::ServedOn
                | Field::RepairNoticeServedOn
                | Field::EffectiveOn
                | Field::Confiscated
                | Field::LicenceTaken
                | Field::OperatorName
                | Field::OperatorIdKind
                | Field::OperatorIdNumber
                | Field::BornOn
                | Field::Dropped => String::new(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invented_people_are_sound_and_told_apart() {
        let mut seen = std::collections::HashSet::new();
        for n in (0..40_000).chain(PEOPLE - 10..PEOPLE) {
            let person = person(n);
            let kind = register::IdKind::Citizen;
            register::IdDocument::parse(kind, &person.number, date(2026, 11, 23)).unwrap();
            register::PersonName::parse(&person.name).unwrap();
            assert!(seen.insert(person.number));
        }
    }
}
