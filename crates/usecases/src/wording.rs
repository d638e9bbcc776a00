//! Wording 措辞: every refusal in words that a clerk or a citizen understands, and what to do next.
//!
//! One `match` without a catch-all arm: a new refusal does not compile until it can be said. Nothing
//! here ever repeats what somebody typed or a file contained.

use jiff::civil::Date;
use register::admission::{Refusal, RefusalReason};
use register::batch::Rejection;
use register::identity::IdError;
use register::mandate::Ended;
use register::name::NameError;
use register::objection::NotNow;
use register::opening::NotSecond;

use crate::account::identity::Refusal as NotIn;
use crate::contact::MINUTES;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Mistake};

/// What is wrong with a row, and what to do.
#[must_use]
pub fn refusal(refusal: Refusal) -> (String, String) {
    let (says, next): (&str, &str) = match refusal.reason {
        RefusalReason::IdKindUnknown => {
            ("证件类型不在范围内。", "请填写 01 至 07 或者证件名称，例如“居民身份证”。")
        }
        RefusalReason::IdNumber(error) => id_words(error),
        RefusalReason::Name(error) => name_words(error),
        RefusalReason::NotAPerson => (
            "这一行的行政相对人不是自然人，本平台只接收自然人（含个体工商户经营者）的信息。",
            "法人和非法人组织的信息请按原渠道报送。",
        ),
        RefusalReason::SealedPublicSecurity => (
            "治安管理违法记录依法封存，不得向任何单位和个人提供（治安管理处罚法第一百三十六条）。本平台不接收，内容没有保存。",
            "请不要再报送这类信息。",
        ),
        RefusalReason::UnderAge => (
            "行为发生时当事人未满十八周岁，本平台不接收未成年人的信息，内容没有保存。",
            "请不要再报送这一行；如果日期填错了，请核对后重新报送。",
        ),
        RefusalReason::ActDateNeeded => (
            "处罚时效最长五年，从决定日期看不出行为发生时当事人是否已满十八周岁。",
            "请增加一列“违法行为发生日期”（CF_WFRQ）后重新报送。",
        ),
        RefusalReason::BirthDateNeeded => (
            "护照和通行证的号码里没有出生日期，看不出当事人是否已满十八周岁。",
            "请增加一列“出生日期”（CF_CSRQ）后重新报送；出生日期只用来核对年龄，不保存。",
        ),
        RefusalReason::NameOfShop => (
            "这里填的是店铺名称，不是人的姓名。",
            "个体工商户请填写经营者姓名（CF_FRDB）和经营者证件号码（CF_FR_SFZH）。",
        ),
        RefusalReason::NoPenalty => ("不予处罚的决定不是处罚，不归集。", "请不要报送这一行。"),
        RefusalReason::NumberOfPerson => (
            "文书号里有证件号码或者手机号码。",
            "请核对是不是填错了列；文书号本身带有这样的号码的，请联系信用办。",
        ),
        RefusalReason::Missing => ("这一项必须填写。", "请按文书补齐后重新报送。"),
        RefusalReason::InFuture => ("日期晚于今天。", "请核对文书上的日期。"),
        RefusalReason::BeforeDecision => ("日期早于决定日期。", "请核对决定日期和这一日期。"),
        RefusalReason::ActAfterDecision => ("违法行为发生日期晚于决定日期。", "请核对这两个日期。"),
        RefusalReason::NotEffective => {
            ("文书还没有生效，生效以后才能报送。", "请在生效日期之后重新报送。")
        }
        RefusalReason::PenaltyKindUnknown => (
            "处罚类别不在行政处罚法第九条规定的种类里。",
            "请填写类别名称或者代码，例如“罚款”或“21”，多个类别用分号隔开。",
        ),
        RefusalReason::ProcedureNotTaken => (
            "这个事项只接收普通程序作出的处罚，当场处罚（简易程序）不归集。",
            "请不要报送简易程序的处罚。",
        ),
        RefusalReason::ProcedureNeeded => (
            "这个事项只接收普通程序作出的处罚，这一行看不出是哪一种程序。",
            "请增加一列“处罚程序”，写明普通程序；当场处罚不要报送。",
        ),
        RefusalReason::ProcedureNotSimple => (
            "简易程序只能作出警告或者二百元以下的罚款（行政处罚法第五十一条），和这一行对不上。",
            "请按文书核对处罚程序、处罚类别和罚款金额。",
        ),
        RefusalReason::NotInForce => (
            "当前状态说明这份文书已经不再有效，不再归集。",
            "请不要报送；如果状态填错了，请改正后重新报送。",
        ),
        RefusalReason::StateUnknown => {
            ("当前状态看不明白。", "请填写“有效”；不再有效的文书不要报送。")
        }
        RefusalReason::ProcedureUnknown => {
            ("处罚程序看不明白。", "请填写“普通程序”或者“简易程序”。")
        }
        RefusalReason::AuthorityCode => (
            "处罚（许可）机关的统一社会信用代码不正确。",
            "请核对 18 位代码，特别是字母和数字是否混淆。",
        ),
        RefusalReason::VagueBasis => (
            "依据没有写明是哪部法律、第几条。",
            "请写明法律、法规、规章的名称和条款，例如“食品安全法第一百二十六条”。",
        ),
        RefusalReason::DisplayOver { ended_on } => {
            return (
                format!("公示期限已经在{}届满，过期的信息不再归集。", zh(ended_on)),
                "不需要报送。如果决定日期填错了，请核对后重新报送。".to_owned(),
            );
        }
        RefusalReason::LicenceOver => {
            ("许可已经失效、注销或者过期，不再归集。", "请只报送现在有效的许可。")
        }
        RefusalReason::BloodDonation => ("献血不记入公共信用信息。", "请不要报送这一行。"),
        RefusalReason::HoursUnreadable => ("服务时长看不明白。", "请只填数字，例如 12 或者 7.5。"),
        RefusalReason::NegativeAmount => ("金额不能是负数。", "请核对金额，单位和表头一致。"),
    };
    (says.to_owned(), next.to_owned())
}

fn id_words(error: IdError) -> (&'static str, &'static str) {
    match error {
        IdError::UnknownKind => ("证件类型不在范围内。", "请选择证件类型。"),
        IdError::Empty => ("证件号码没有填写。", "请按证件填写号码。"),
        IdError::FifteenDigits => (
            "这是 15 位的第一代居民身份证号码，自 2013 年起已经停止使用。",
            "请填写 18 位公民身份号码。",
        ),
        IdError::Form => ("证件号码的位数或者字符不符合这种证件的格式。", "请核对证件类型和号码。"),
        IdError::Region => ("证件号码的前几位不是可能的地区代码。", "请按证件核对号码。"),
        IdError::BirthDate => ("证件号码里的出生日期不存在。", "请按证件核对号码。"),
        IdError::BornInFuture => ("证件号码里的出生日期晚于今天。", "请按证件核对号码。"),
        IdError::CheckDigit => {
            ("证件号码的最后一位（校验码）对不上，号码里有错字。", "请按证件逐位核对号码。")
        }
    }
}

fn name_words(error: NameError) -> (&'static str, &'static str) {
    match error {
        NameError::Empty => ("姓名没有填写。", "请按证件填写姓名。"),
        NameError::TooLong => ("姓名太长。", "请按证件填写姓名，不要加别的内容。"),
        NameError::NotAName => {
            ("姓名里有数字或者符号。", "请按证件填写姓名，不要加编号、括号和称呼。")
        }
    }
}

/// The number is in the register under another name.
#[must_use]
pub fn name_differs(row: u64) -> Rejection {
    Rejection {
        row,
        column: String::new(),
        code: "name-differs".to_owned(),
        says: "姓名和证件号码不能互相印证，没有入库，以免记到别人名下。".to_owned(),
        next: "请按证件核对姓名和号码；本人改过姓名的，请联系信用办。".to_owned(),
        is_sealed: false,
    }
}

/// The same document is recorded with another content.
#[must_use]
pub fn recorded_differently(row: u64) -> Rejection {
    Rejection {
        row,
        column: String::new(),
        code: "recorded-differently".to_owned(),
        says: "同一份文书已经入库，但内容不同。入库的信息不能用重新报送的办法改动。".to_owned(),
        next: "入库的内容有错的，请联系信用办更正；是另一件事的，请核对文书号。".to_owned(),
        is_sealed: false,
    }
}

/// The person does not allow it, or nobody knows him: the same answer, and nothing of the row is kept (I11).
#[must_use]
pub fn no_consent(row: u64) -> Rejection {
    Rejection {
        row,
        column: String::new(),
        code: "no-consent".to_owned(),
        says: "没有本人有效的同意。荣誉和志愿服务只在本人同意时记入，这一行没有保存。".to_owned(),
        next: "请本人在“我的档案”的“荣誉和志愿服务”里同意以后再报送。".to_owned(),
        is_sealed: true,
    }
}

/// The person has died: nothing is entered about him any more.
#[must_use]
pub fn person_dead(row: u64) -> Rejection {
    Rejection {
        row,
        column: String::new(),
        code: "person-dead".to_owned(),
        says: "登记簿里这个人已经登记为去世，不再归集他的信息。".to_owned(),
        next: "登记有误的，请联系信用办。".to_owned(),
        is_sealed: false,
    }
}

/// The same fact was deleted or withdrawn before (I17).
#[must_use]
pub fn came_back(row: u64) -> Rejection {
    Rejection {
        row,
        column: String::new(),
        code: "deleted-before".to_owned(),
        says: "这条信息已经删除、撤下或者修复，不能再次入库。".to_owned(),
        next: "确有新文书的，请按新文书报送，并重新告知本人。".to_owned(),
        is_sealed: false,
    }
}

pub(crate) fn id_mistake(error: IdError) -> Mistake {
    let (says, next) = id_words(error);
    let code = RefusalReason::IdNumber(error).code();
    Mistake { field: "id_number", code, says: format!("{says}{next}") }
}

pub(crate) fn id_kind_mistake() -> Mistake {
    Mistake {
        field: "id_kind",
        code: "id-kind-unknown",
        says: "请选择证件类型，代码从 01 到 07。".to_owned(),
    }
}

pub(crate) fn name_mistake(error: NameError) -> Mistake {
    let (says, next) = name_words(error);
    Mistake { field: "name", code: "name-unreadable", says: format!("{says}{next}") }
}

/// No such purpose; names those that the actor's body has.
pub(crate) fn purpose_mistake(cx: &Cx, actor: &Actor) -> Mistake {
    let kind =
        actor.agency.and_then(|code| cx.rules.agency(code.as_str())).map(|a| a.kind.as_str());
    let own: Vec<String> = kind
        .into_iter()
        .flat_map(|kind| cx.rules.purposes_of(kind))
        .map(|purpose| format!("{}（{}）", purpose.title, purpose.code))
        .collect();
    let says = if own.is_empty() {
        "贵单位没有可以使用的查询用途。".to_owned()
    } else {
        format!("请选择查询用途。贵单位可以使用：{}。", own.join("、"))
    };
    Mistake { field: "purpose", code: "purpose-unknown", says }
}

/// A refusal or failure as a stable code, words, and what to do; the HTTP status belongs to the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Stable code.
    pub code: String,
    /// What is the matter.
    pub says: String,
    /// What to do.
    pub next: String,
}

/// Puts an error into words.
#[must_use]
pub fn said(error: &Error) -> Said {
    let (code, says, next): (&str, String, &str) = match error {
        Error::Denied(_) => (
            "not-allowed",
            "您的账号不能办理这件事。".to_owned(),
            "如果工作需要，请联系本单位负责人或者信用办。",
        ),
        Error::Mistakes(mistakes) => (
            "mistakes",
            mistakes.iter().map(|mistake| mistake.says.as_str()).collect::<Vec<_>>().join(" "),
            "请改正以后再提交。",
        ),
        Error::NotFound => ("not-found", "没有找到，或者不属于您。".to_owned(), "请核对以后再试。"),
        Error::File(error) => {
            return Said { code: error.code().to_owned(), says: error.says(), next: error.next() };
        }
        Error::Item => (
            "item-not-taken",
            "目录里没有这个事项，或者它现在不能用文件报送。".to_owned(),
            "请在“规则与目录”页面核对事项代码。",
        ),
        Error::NotAssessed => (
            "not-assessed",
            "这一项的个人信息保护影响评估没有批准，或者过了复核的日期，现在不能报送、查询。"
                .to_owned(),
            "请信用办重新评估、由第二个人批准以后再办。",
        ),
        Error::SignIn => {
            ("sign-in", "账号或者密码不对。".to_owned(), "请核对以后再试；忘记密码请联系信用办。")
        }
        Error::SecretEnded => (
            "token-expired",
            "这个系统密钥已经过期或者已被更换。没有给出任何信息。".to_owned(),
            "请联系信用办更换系统密钥。",
        ),
        Error::TokenEnded => (
            "token-expired",
            "这个访问令牌已经过期。没有给出任何信息。".to_owned(),
            "请用系统密钥向 /oauth/token 换一个新的，再调用一次。",
        ),
        Error::OutsideScope => (
            "outside-scope",
            "这个系统或者令牌的范围里没有这一项（用途、事项、凭授权查询、更正通知）。没有给出任何信息。".to_owned(),
            "工作确实需要的，请联系信用办核对系统的范围；令牌是按较小的范围换取的，请换一个。",
        ),
        Error::Wait { seconds } => {
            ("too-many-tries", format!("试的次数太多，请在 {seconds} 秒以后再试。"), "请稍等。")
        }
        Error::ObjectionOpen => (
            "objection-open",
            "对这条信息的异议正在办理，办结以前不能再提一次。".to_owned(),
            "要补充情况的，请撤回原来的异议以后重新提出，期限从重新提出的那天起算。",
        ),
        Error::RepairOpen => (
            "repair-open",
            "这条信息的修复正在办理，办结以前不能再申请一次。".to_owned(),
            "要补充材料的，请撤回以后重新申请。",
        ),
        Error::ChallengeOpen => (
            "challenge-open",
            "这条信息已经登记了复议或者诉讼，办结以前不能再登记一次。".to_owned(),
            "已经有结果的，请在原来那一件里登记结果。",
        ),
        Error::MandateEnded(Ended::Revoked { on }) => (
            "mandate-revoked",
            format!("这份授权已在{}由本人撤回。没有给出任何信息。", zh(*on)),
            "需要查询的，请本人重新授权。",
        ),
        Error::MandateEnded(Ended::Expired { on }) => (
            "mandate-expired",
            format!("这份授权到{}为止，已经过期。没有给出任何信息。", zh(*on)),
            "需要查询的，请本人重新授权。",
        ),
        Error::MandateEnded(Ended::UsedUp { uses }) => (
            "mandate-used-up",
            format!("这份授权可以使用 {uses} 次，已经用完。没有给出任何信息。"),
            "需要查询的，请本人重新授权。",
        ),
        Error::NotNow(NotNow::Closed) => (
            "case-closed",
            "这件事已经办结或者撤回，不能再办。".to_owned(),
            "请刷新页面看最新的情况。",
        ),
        Error::NotNow(NotNow::ExtendedBefore) => {
            ("case-extended", "已经延长过一次，不能再延长。".to_owned(), "请在期限以内答复。")
        }
        Error::NotNow(NotNow::Late) => {
            ("case-late", "答复期限已经过了，不能再延长。".to_owned(), "请尽快答复。")
        }
        Error::NotNow(NotNow::Early | NotNow::NoRule) => {
            ("case-early", "现在还不能办这一步。".to_owned(), "请核对期限以后再办。")
        }
        Error::NotSecond(NotSecond::Decided) => (
            "decided-before",
            "这件申请已经有决定，不能再决定一次。".to_owned(),
            "请刷新页面看最新的情况。",
        ),
        Error::NotSecond(NotSecond::SamePerson) => (
            "second-person",
            "这件事要两个人办，第二个人不能是您自己。".to_owned(),
            "请另一位负责人来决定。",
        ),
        Error::Archived => (
            "archived",
            "这条信息已经封存，不再给任何单位看。".to_owned(),
            "审计、复议诉讼或者上级监督检查需要的，请信用办两个人启封。",
        ),
        Error::LoginTaken => {
            ("login-taken", "这个账号名已经有人使用。".to_owned(), "请换一个账号名。")
        }
        Error::Log | Error::LogCut { .. } | Error::LogChanged { .. } => (
            "log-unavailable",
            "查询登记暂时写不进去，所以没有给出任何信息。".to_owned(),
            "请稍后再试。",
        ),
        Error::Store(_) | Error::Vault(_) | Error::Disk(_) | Error::Internal(_) => (
            "internal",
            "系统出了问题，您的操作没有完成，也没有留下一半。".to_owned(),
            "请稍后再试；一直不行，请联系信用办。",
        ),
    };
    Said { code: code.to_owned(), says, next: next.to_owned() }
}

/// Puts into words why somebody whom the identity service knows does not come in.
#[must_use]
pub fn identity_refusal(refusal: &NotIn) -> Said {
    let (says, next): (&str, &str) = match refusal {
        NotIn::Unreadable => (
            "身份服务给出的姓名或者证件号码看不明白，所以没有登录，也没有保存。",
            "请带证件到信用办窗口办理。",
        ),
        NotIn::BirthDateNeeded => (
            "您的证件号码里没有出生日期，身份服务也没有给出，看不出您是否已满十八周岁，所以没有登录，也没有保存。",
            "请带证件到信用办窗口办理。",
        ),
        NotIn::UnderAge => (
            "本平台不记录未满十八周岁的人，没有您的档案，也不开立账号。刚才的信息没有保存。",
            "不用办理任何手续。",
        ),
        NotIn::Dead => {
            ("登记簿里这个人已经登记为去世，不能登录。", "登记有误的，请带证件到信用办窗口更正。")
        }
        NotIn::SwitchedOff => {
            ("您在本平台的账号已经停用。", "需要恢复的，请带证件到信用办窗口办理。")
        }
        NotIn::NameDiffers { .. } => (
            "身份服务给出的姓名，和登记簿里这个证件号码的姓名不一致。为了不让您看到别人的档案，这次没有登录。",
            "改过姓名，或者认为登记簿写错了的，请带证件到信用办窗口，说出下面的编号。",
        ),
        NotIn::BoundToOther { .. } => (
            "您在身份服务的用户，以前登录的是另一个人的档案。在查清楚以前，这次没有登录。",
            "请带证件到信用办窗口，说出下面的编号。",
        ),
    };
    Said { code: refusal.code().to_owned(), says: says.to_owned(), next: next.to_owned() }
}

/// A date in full: 2026年3月1日.
#[must_use]
pub fn zh(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// Why a file that had begun well was not read to its end, and what to do; by the code that the batch
/// keeps.
#[must_use]
pub fn stopped(code: &str) -> (&'static str, &'static str) {
    match code {
        "file-encoding" => (
            "文件后面有一段文字的编码和前面不一样，从那里起没有处理。",
            "请整个文件另存为 UTF-8 编码的 CSV 以后再报送一次，已进入的行不会重复。",
        ),
        "row-too-long" => (
            "文件里有一行长得不正常，可能少了一个引号，从那里起没有处理。",
            "请检查已处理的最后一行后面那一行的引号，改好以后再报送一次，已进入的行不会重复。",
        ),
        "file-bomb" => (
            "文件展开以后大得不正常，从那里起没有处理。",
            "请另存为 CSV 以后再报送一次，已进入的行不会重复。",
        ),
        "item-not-taken" => (
            "这个事项已经不能用文件报送，从那里起没有处理。",
            "请在“规则与目录”页面核对事项，或者联系信用办。",
        ),
        "file-unreadable" => (
            "我们保存的这份文件读不出来了，从那里起没有处理。这不是您的文件有错。",
            "请把同一份文件再报送一次，已进入的行不会重复。",
        ),
        _ => (
            "文件不完整或者后面已经损坏，从那里起没有处理。",
            "请重新导出以后再报送一次，已进入的行不会重复。",
        ),
    }
}

/// Subject and text of a message that says that notices wait. It names no fact: others may read it.
pub(crate) fn notices_wait(site: &str) -> (String, String) {
    let place =
        if site.is_empty() { "本平台".to_owned() } else { format!("本平台（{site}）") };
    let text = format!(
        "您有新的告知书。请登录{place}，在“告知书”里查看。\
         告知书的内容不会写在这里，我们也不会要您点链接填写密码。"
    );
    ("您有新的告知书".to_owned(), text)
}

/// Subject and text of a message with the code that proves an address.
pub(crate) fn contact_code(code: &str) -> (String, String) {
    let text = format!(
        "您的验证码是 {code}，{MINUTES} 分钟以内有效，用来确认这个联系方式是您的。不是您本人操作的，不用理会，\
         也不要告诉别人。"
    );
    ("联系方式验证码".to_owned(), text)
}
