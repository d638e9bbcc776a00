//! Citations 依据: does a text say which act and which article a decision rests on?

/// Words that point to no act in particular.
const EMPTY: &[&str] = &[
    "有关",
    "相关",
    "上述",
    "前述",
    "本法",
    "该法",
    "本条例",
    "该条例",
    "本办法",
    "该办法",
    "本规定",
    "该规定",
    "根据",
    "依据",
    "依照",
    "按照",
    "违反",
    "的",
    "和",
    "及",
    "、",
    "，",
    ",",
];

/// What the names of acts end with.
const ACTS: &[&str] = &["法", "条例", "规定", "办法", "细则", "规则", "规程", "决定", "标准"];

/// Whether a basis names no act or no article of it.
///
/// # Law
/// 行政处罚法 59 — a decision states its basis; "relevant provisions" is none.
pub(crate) fn is_vague(basis: &str) -> bool {
    let plain: String = basis.chars().filter(|c| !c.is_whitespace()).collect();
    !(names_an_article(&plain) && names_an_act(&plain))
}

/// `第一百二十六条`, `第126条之一`, `126条`.
fn names_an_article(basis: &str) -> bool {
    let before = |at: usize| basis.get(..at).and_then(|text| text.chars().next_back());
    basis.match_indices('条').any(|(at, _)| before(at).is_some_and(is_numeral))
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c) || "〇零一二三四五六七八九十百千".contains(c)
}

/// The name of an act has more than its last word: `道路运输条例`, not `规定`.
fn names_an_act(basis: &str) -> bool {
    let mut rest = basis.to_owned();
    for word in EMPTY {
        // Something must stand between what was around the word.
        rest = rest.replace(word, "|");
    }
    let before = |at: usize| rest.get(..at).and_then(|text| text.chars().next_back());
    let after = |at: usize| rest.get(at..).and_then(|text| text.chars().next());
    // `违法`, `法律` and their like hold the word and name nothing.
    let is_a_name = |at: usize, act: &str| {
        before(at)
            .is_some_and(|c| c.is_alphabetic() && (act != "法" || !"违依非合不执司".contains(c)))
            && (act != "法" || after(at + act.len()).is_none_or(|c| !"律规定".contains(c)))
    };
    ACTS.iter().any(|act| rest.match_indices(act).any(|(at, act)| is_a_name(at, act)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_and_an_article_make_a_basis() {
        for basis in [
            "食品安全法第一百二十六条",
            "《食品安全法》第126条第一款",
            "食品安全法126条",
            "中华人民共和国道路运输条例 第 六十四 条",
            "根据《辽宁省市场监督管理条例》第12、13条及有关规定",
            "违反《食品安全法》第三十五条的规定，依据该法第一百二十二条",
            "民法典第１２条、工伤保险条例第六十条",
            "消防法第四十三条之一",
            "行政处罚法第9条",
            "辽宁省行政执法条例第三条",
            "违反食品安全法第三十五条规定",
        ] {
            assert!(!is_vague(basis), "{basis}");
        }
    }

    #[test]
    fn relevant_provisions_are_no_basis() {
        for basis in [
            "",
            "有关规定",
            "根据有关规定罚款500元",
            "相关法律法规（2023）",
            "根据有关规定第5条",
            "依照规定第五条",
            "本法第三条",
            "对违法行为第3条",
            "国家法律法规第3条",
            "食品安全法",
            "食品安全法有关规定",
            "管理条例",
            "126",
        ] {
            assert!(is_vague(basis), "{basis}");
        }
    }
}
