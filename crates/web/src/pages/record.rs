//! The record card 信用信息卡: what, class and state at a glance, its life as a line, what to do now.

use super::{Link, t};

/// One record as its person, or a reader with a purpose, sees it.
#[derive(Clone, Debug)]
pub struct RecordCard {
    /// Identifier, used for the anchor.
    pub id: String,
    /// For example `行政处罚：无照经营`.
    pub title: String,
    /// Class and state.
    pub tags: Vec<Tag>,
    /// Where it stands, said in a sentence: quiet period, waiting, contested, ended.
    pub says: Option<String>,
    /// Whether an objection is open (I5).
    pub is_contested: bool,
    /// What it says.
    pub facts: Vec<Fact>,
    /// Decided, told, repair possible, gone; empty where there is no such line.
    pub life: Vec<LifeStep>,
    /// What the person can do now.
    pub acts: Vec<Link>,
}

/// A short word on a coloured ground.
#[derive(Clone, Debug)]
pub struct Tag {
    /// The word.
    pub text: String,
    /// Its ground.
    pub tint: Tint,
}

/// Grounds of tags, by what they mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tint {
    /// Says nothing about good or bad: the class of a record.
    Plain,
    /// Shown, within its period.
    Shown,
    /// On its way: quiet period, being read.
    Underway,
    /// Good: valid, done, confirmed.
    Good,
    /// Over: ended, withdrawn, sealed.
    Over,
    /// Contested, suspended, to be confirmed.
    Open,
    /// Went wrong.
    Wrong,
}

impl Tint {
    /// The class of the style sheet.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "cx-tag--plain",
            Self::Shown => "govuk-tag--yellow",
            Self::Underway => "govuk-tag--blue",
            Self::Good => "govuk-tag--green",
            Self::Over => "govuk-tag--grey",
            Self::Open => "govuk-tag--purple",
            Self::Wrong => "govuk-tag--red",
        }
    }
}

impl Tag {
    /// A tag.
    #[must_use]
    pub fn new(text: &str, tint: Tint) -> Self {
        Self { text: t(text), tint }
    }
}

/// A labelled line.
#[derive(Clone, Debug)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// What it says.
    pub value: String,
    /// A link after it.
    pub link: Option<Link>,
}

impl Fact {
    /// A line without a link.
    #[must_use]
    pub fn new(label: &str, value: &str) -> Self {
        Self { label: t(label), value: t(value), link: None }
    }
}

/// One point in the life of a record.
#[derive(Clone, Debug)]
pub struct LifeStep {
    /// For example `告知本人`.
    pub label: String,
    /// The day, in full, or why there is none yet.
    pub day: String,
    /// Where it lies as seen from today.
    pub place: Place,
}

/// Where a point of a life lies as seen from today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Behind, and so is the next.
    Done,
    /// The last one reached.
    Now,
    /// Still to come.
    Ahead,
}

impl LifeStep {
    /// Lays out a life: `reached` of the `steps` lie behind or are today.
    #[must_use]
    pub fn line(steps: &[(&str, String)], reached: usize) -> Vec<Self> {
        steps
            .iter()
            .enumerate()
            .map(|(at, (label, day))| Self {
                label: t(label),
                day: day.clone(),
                place: match at + 1 {
                    place if place < reached => Place::Done,
                    place if place == reached => Place::Now,
                    _ => Place::Ahead,
                },
            })
            .collect()
    }

    /// The class of the style sheet.
    #[must_use]
    pub const fn class(&self) -> &'static str {
        match self.place {
            Place::Done => "is-done",
            Place::Now => "is-now",
            Place::Ahead => "is-ahead",
        }
    }

    /// Whether the person stands here today.
    #[must_use]
    pub fn is_now(&self) -> bool {
        self.place == Place::Now
    }

    /// Whether it is still to come.
    #[must_use]
    pub fn is_ahead(&self) -> bool {
        self.place == Place::Ahead
    }
}

impl RecordCard {
    /// A fine within its display period.
    #[must_use]
    pub fn sample_shown() -> Self {
        Self {
            id: t("r1"),
            title: t("行政处罚：无照经营"),
            tags: vec![Tag::new("一般", Tint::Plain), Tag::new("公示期内", Tint::Shown)],
            says: None,
            is_contested: false,
            facts: vec![
                Fact::new("文书", "凌市监罚字〔2026〕103号，2026年7月3日作出，7月6日送达"),
                Fact::new("作出单位", "市场监督管理局"),
                Fact::new("内容", "罚款 1,500 元"),
                Fact::new("依据", "无证无照经营查处办法 第十三条"),
                Fact {
                    link: Some(Link::new("/my/looks", "查看是谁")),
                    ..Fact::new("谁收到过", "2 个单位")
                },
            ],
            life: LifeStep::line(
                &[
                    ("作出", t("2026年7月3日")),
                    ("告知本人", t("2026年7月6日")),
                    ("可以申请修复", t("2026年10月3日")),
                    ("自动停止展示", t("2027年7月3日")),
                ],
                3,
            ),
            acts: vec![
                Link::new("/rights#repair", "怎样申请修复"),
                Link::new("/rights#objection", "认为有错，怎样提出异议"),
            ],
        }
    }

    /// A fine in its quiet period.
    #[must_use]
    pub fn sample_quiet() -> Self {
        Self {
            id: t("r2"),
            title: t("行政处罚：销售超过保质期的食品"),
            tags: vec![Tag::new("一般", Tint::Plain), Tag::new("告知期", Tint::Underway)],
            says: Some(t(
                "正在告知期，到2026年11月25日为止，除报送单位外没有人看得到。您可以先核对，有错请提出异议。",
            )),
            facts: vec![
                Fact::new("文书", "凌市监罚字〔2026〕188号，2026年11月10日作出，11月12日送达"),
                Fact::new("作出单位", "市场监督管理局"),
                Fact::new("内容", "罚款 3,000 元；没收违法所得 86.50 元"),
                Fact::new("依据", "食品安全法 第一百二十四条"),
            ],
            life: LifeStep::line(
                &[
                    ("作出", t("2026年11月10日")),
                    ("告知本人", t("2026年11月18日")),
                    ("可以申请修复", t("2027年2月10日")),
                    ("自动停止展示", t("2027年11月10日")),
                ],
                2,
            ),
            acts: vec![Link::new("/rights#objection", "认为有错，怎样提出异议")],
            ..Self::sample_shown()
        }
    }

    /// A contested fine.
    #[must_use]
    pub fn sample_contested() -> Self {
        Self {
            id: t("r3"),
            title: t("行政处罚：未取得道路运输经营许可从事经营"),
            tags: vec![
                Tag::new("一般", Tint::Plain),
                Tag::new("公示期内", Tint::Shown),
                Tag::new("有异议", Tint::Open),
            ],
            says: Some(t(
                "您已提出异议，正在核查。看到这条信息的单位都会看到“有异议”，不得只凭这一条对您作出不利决定。",
            )),
            is_contested: true,
            facts: vec![
                Fact::new("文书", "凌交罚字〔2026〕57号，2026年5月12日作出，5月15日送达"),
                Fact::new("作出单位", "交通运输局"),
                Fact::new("内容", "罚款 5,000 元"),
                Fact::new("依据", "道路运输条例 第六十三条"),
            ],
            life: LifeStep::line(
                &[
                    ("作出", t("2026年5月12日")),
                    ("告知本人", t("2026年5月15日")),
                    ("可以申请修复", t("2026年8月12日")),
                    ("自动停止展示", t("2027年5月12日")),
                ],
                3,
            ),
            acts: vec![Link::new("/rights#objection", "异议怎样办理")],
        }
    }

    /// A licence.
    #[must_use]
    pub fn sample_licence() -> Self {
        Self {
            id: t("r4"),
            title: t("行政许可：食品经营（个体工商户）"),
            tags: vec![Tag::new("有效", Tint::Good)],
            says: None,
            is_contested: false,
            facts: vec![
                Fact::new("许可编号", "JY2****0012"),
                Fact::new("发证单位", "市场监督管理局"),
                Fact::new("有效期", "2024年5月8日 至 2029年5月7日"),
            ],
            life: Vec::new(),
            acts: Vec::new(),
        }
    }

    /// A fine whose display has ended.
    #[must_use]
    pub fn sample_ended() -> Self {
        Self {
            id: t("r5"),
            title: t("行政处罚：占道堆放建筑材料"),
            tags: vec![Tag::new("已停止展示", Tint::Over)],
            says: Some(t("2026年9月2日起已停止展示，任何单位都不能再查到，也不能再作为依据。")),
            facts: vec![
                Fact::new("文书", "凌住建罚字〔2025〕31号，2025年9月2日作出"),
                Fact::new("作出单位", "住房和城乡建设局"),
            ],
            life: Vec::new(),
            acts: Vec::new(),
            ..Self::sample_shown()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_has_one_place_where_the_person_stands() {
        let steps = [("一", t("a")), ("二", t("b")), ("三", t("c"))];
        let places =
            |reached| LifeStep::line(&steps, reached).iter().map(|s| s.place).collect::<Vec<_>>();
        assert_eq!(places(0), [Place::Ahead; 3]);
        assert_eq!(places(2), [Place::Done, Place::Now, Place::Ahead]);
        assert_eq!(places(3), [Place::Done, Place::Done, Place::Now]);
    }
}
