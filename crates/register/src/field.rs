//! What a record may say 信息内容: a closed list of fields; each catalogue item allows some of them.

use jiff::civil::Date;

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $title:literal;)*) => {
        /// One thing that a record may say. What is not here cannot be stored (I10).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Field { $($(#[$doc])* $name,)* }

        impl Field {
            /// Every field, in the order in which people read them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name in the rulebook's whitelists, in the store and in the API.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The name on screen.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

fields! {
    /// Number of the decision.
    DocumentNo = "document_no", "文书号";
    /// Title of the decision.
    DocumentTitle = "document_title", "文书名称";
    /// The act, as the law names it.
    Violation = "violation", "违法行为类型";
    /// What happened.
    Facts = "facts", "违法事实";
    /// The articles that the decision rests on.
    LegalBasis = "legal_basis", "处罚依据";
    /// Kinds of penalty, by code, joined with `;`.
    PenaltyKinds = "penalty_kinds", "处罚类别";
    /// The operative part of the decision.
    PenaltyContent = "penalty_content", "处罚内容";
    /// Fine, in fen.
    FineFen = "fine_fen", "罚款金额";
    /// Confiscated gains and goods, in fen.
    ConfiscatedFen = "confiscated_fen", "没收金额";
    /// Licence suspended or revoked.
    LicenceTaken = "licence_taken", "暂扣或吊销证照";
    /// Simple or ordinary.
    Procedure = "procedure", "处罚程序";
    /// When the act took place (or ended).
    ActOn = "act_on", "违法行为发生日期";
    /// Title of the licence.
    LicenceTitle = "licence_title", "许可文书名称";
    /// Kind of licence.
    LicenceKind = "licence_kind", "许可类别";
    /// Name of the certificate.
    Certificate = "certificate", "许可证书名称";
    /// Number of the licence.
    LicenceNo = "licence_no", "许可编号";
    /// What is allowed.
    LicenceContent = "licence_content", "许可内容";
    /// State as the issuer gives it.
    LicenceState = "licence_state", "当前状态";
    /// First day of validity.
    ValidFrom = "valid_from", "有效期自";
    /// Last day of validity.
    ValidUntil = "valid_until", "有效期至";
    /// What the honour is called.
    HonourTitle = "honour_title", "荣誉称号";
    /// The organisation for which somebody volunteered.
    Organisation = "organisation", "服务组织";
    /// What was done.
    Service = "service", "服务内容";
    /// Hours of service.
    Hours = "hours", "服务时长（小时）";
    /// When the decision was made.
    DecidedOn = "decided_on", "决定日期";
    /// When it was served.
    ServedOn = "served_on", "送达日期";
    /// When it took effect.
    EffectiveOn = "effective_on", "生效日期";
    /// The body that decided.
    Authority = "authority", "决定机关";
    /// Its code.
    AuthorityCode = "authority_code", "决定机关代码";
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Words.
    Text,
    /// A day.
    Day,
    /// An amount.
    Amount,
}

impl Field {
    /// Whether it holds a number that stands for itself, as a decision's does, and not running text.
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(self, Self::DocumentNo | Self::LicenceNo | Self::AuthorityCode)
    }

    /// How its value is written.
    #[must_use]
    pub const fn shape(self) -> Shape {
        match self {
            Self::FineFen | Self::ConfiscatedFen => Shape::Amount,
            Self::DecidedOn
            | Self::ServedOn
            | Self::EffectiveOn
            | Self::ActOn
            | Self::ValidFrom
            | Self::ValidUntil => Shape::Day,
            Self::DocumentNo
            | Self::DocumentTitle
            | Self::Violation
            | Self::Facts
            | Self::LegalBasis
            | Self::PenaltyKinds
            | Self::PenaltyContent
            | Self::LicenceTaken
            | Self::Procedure
            | Self::LicenceTitle
            | Self::LicenceKind
            | Self::Certificate
            | Self::LicenceNo
            | Self::LicenceContent
            | Self::LicenceState
            | Self::HonourTitle
            | Self::Organisation
            | Self::Service
            | Self::Hours
            | Self::Authority
            | Self::AuthorityCode => Shape::Text,
        }
    }

    /// Whether it can be set right in a record. What says which document it is cannot: a record about
    /// another document is deleted, and the right one sent.
    #[must_use]
    pub const fn can_be_corrected(self) -> bool {
        !matches!(
            self,
            Self::DocumentNo
                | Self::DecidedOn
                | Self::ServedOn
                | Self::EffectiveOn
                | Self::Authority
                | Self::AuthorityCode
        )
    }

    /// The field of that name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.code() == code)
    }
}

/// What a field says.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Words, as the agency wrote them, with personal numbers masked.
    Text(String),
    /// A day.
    Day(Date),
    /// An amount in fen.
    Fen(i64),
}

crate::hidden!(Value);

/// What one record says, in reading order. Only its item's fields can be in it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Content(Vec<(Field, Value)>);

crate::hidden!(Content);

impl Content {
    /// Sets a field; a second value for the same field replaces the first.
    pub fn set(&mut self, field: Field, value: Value) {
        match self.0.iter_mut().find(|(known, _)| *known == field) {
            Some(slot) => slot.1 = value,
            None => self.0.push((field, value)),
        }
    }

    /// Sets words, unless there are none.
    pub fn set_text(&mut self, field: Field, text: Option<&str>) {
        if let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) {
            self.set(field, Value::Text(text.to_owned()));
        }
    }

    /// What a field says.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&Value> {
        self.0.iter().find(|(known, _)| *known == field).map(|(_, value)| value)
    }

    /// The words of a field.
    #[must_use]
    pub fn text(&self, field: Field) -> Option<&str> {
        match self.get(field) {
            Some(Value::Text(text)) => Some(text),
            Some(Value::Day(_) | Value::Fen(_)) | None => None,
        }
    }

    /// The day of a field.
    #[must_use]
    pub fn day(&self, field: Field) -> Option<Date> {
        match self.get(field) {
            Some(Value::Day(day)) => Some(*day),
            Some(Value::Text(_) | Value::Fen(_)) | None => None,
        }
    }

    /// The amount of a field, in fen.
    #[must_use]
    pub fn fen(&self, field: Field) -> Option<i64> {
        match self.get(field) {
            Some(Value::Fen(fen)) => Some(*fen),
            Some(Value::Text(_) | Value::Day(_)) | None => None,
        }
    }

    /// Everything, in the order in which it was set.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &Value)> {
        self.0.iter().map(|(field, value)| (*field, value))
    }

    /// Keeps only the fields that `allowed` names; says which others were there.
    pub fn keep_only(&mut self, allowed: impl Fn(Field) -> bool) -> Vec<Field> {
        let dropped =
            self.0.iter().map(|(field, _)| *field).filter(|field| !allowed(*field)).collect();
        self.0.retain(|(field, _)| allowed(*field));
        dropped
    }

    /// Changes every text, for example to mask personal numbers.
    pub fn map_running_texts(&mut self, change: impl Fn(&str) -> Option<String>) {
        for (field, value) in &mut self.0 {
            if !field.is_number()
                && let Value::Text(text) = value
                && let Some(changed) = change(text)
            {
                *text = changed;
            }
        }
    }
}

impl FromIterator<(Field, Value)> for Content {
    fn from_iter<T: IntoIterator<Item = (Field, Value)>>(iter: T) -> Self {
        let mut content = Self::default();
        for (field, value) in iter {
            content.set(field, value);
        }
        content
    }
}
