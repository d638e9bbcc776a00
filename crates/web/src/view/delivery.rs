//! Deliveries, for reading.

use register::delivery::{Channel, Delivery, DeliveryState, Load};
use rulebook::Rules;

use super::agency;
use crate::pages::{Tag, Tint};

/// How far one has come, in a word.
pub(crate) fn tag(delivery: &Delivery) -> Tag {
    let is_letter = delivery.channel == Channel::Letter;
    match delivery.state {
        DeliveryState::Waiting if is_letter => Tag::new("等待寄出", Tint::Open),
        DeliveryState::Waiting if delivery.attempts > 0 => Tag::new("还没送到，会再试", Tint::Open),
        DeliveryState::Waiting => Tag::new("正在发送", Tint::Underway),
        DeliveryState::Sent { .. } if is_letter => Tag::new("已经寄出", Tint::Underway),
        DeliveryState::Sent { .. } => Tag::new("已送出", Tint::Good),
        DeliveryState::Served { .. } => Tag::new("已送达", Tint::Good),
        DeliveryState::Failed { .. } => Tag::new("没有送到", Tint::Wrong),
    }
}

/// What a state is called where only its code is known.
pub(crate) fn state(code: &str) -> &'static str {
    match code {
        "waiting" => "等待",
        "sent" => "已送出",
        "served" => "已送达",
        _ => "没有送到",
    }
}

/// What was carried, with the body that it went to; names no person.
pub(crate) fn what(delivery: &Delivery, rules: &Rules) -> String {
    match (delivery.load, &delivery.receiver) {
        (Load::Correction, Some(body)) => {
            format!("{}（{}）", delivery.load.title(), agency(rules, body.as_str()))
        }
        (Load::Notice, _) => "告知书提醒".to_owned(),
        (load, _) => load.title().to_owned(),
    }
}
