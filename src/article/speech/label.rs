//! Labels: what stands before a turn of speech, `MS. SMITH:`, `Q`, `[00:12] Lex Holm:`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::words;
use crate::text::fold::{fold, fold_value};
use crate::text::script::is_unspaced;
use crate::text::tidy;

/// Longest label, in bytes: `El señor MINISTRO DE ASUNTOS EXTERIORES (Holm Lund):`.
const MAX_LABEL_BYTES: usize = 140;
/// Longest label that is only a name.
const MAX_NAME_BYTES: usize = 60;
/// Most words of a name.
const MAX_NAME_WORDS: usize = 4;
/// Most words of a title with a name.
const MAX_TITLED_WORDS: usize = 12;

/// How much a label by itself looks like a speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// One capitalised word, or a short one in a script without capitals: `Holm`, `Cons`.
    Word,
    /// A name of several words: `Mara Lindqvist`, `Next Stop`.
    Name,
    /// Capitals: `HOLM`, `MARA LINDQVIST`, `PLOT`.
    Capitals,
    /// A role, a title with a name, a name with a time: `Q`, `MS. SMITH`, `The COURT`.
    Speaker,
}

/// The sign that separates a label from the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// By a colon or a time.
    Marked,
    /// By a full stop, as in the records of some parliaments: `Mr. SMITH. I rise`.
    Stopped,
    /// By a line of its own without any mark.
    Bare,
}

/// A label at the start of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    /// The speaker, as it is written.
    pub(super) name: String,
    /// The speaker without affiliation, folded: turns of one speaker have the same.
    pub(super) key: String,
    /// Where what is said begins, in the line.
    pub(super) text: usize,
    pub(super) kind: Kind,
    pub(super) form: Form,
}

/// Line number, mark of captions and time before a label. The groups are the line number and the time.
static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^[\s\u{200b}]*(\d{1,3}\s+)?(?:>{1,3}\s*)?([\[(<]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])>]?(?:\s+|$)(?:[-–—]\s*)?)?(?:>{1,3}\s*)?",
    )
});

/// A time after a label, in brackets or at the end of the line.
static TIME_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^([^:\[\]<>]{1,70}?)[\s,–—-]*(?:[\[(<]\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])>]\s*[:：]?|\s\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?\s*(?:[:：]\s*)?$)\s*",
    )
});

/// A title and a surname in capitals before a full stop, or a title of France before one.
static STOPPED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^((?:M(?:r|s|rs|iss|me|lle)?\.?|Dr\.|The|Sen\.|Rep\.|Mme|Mlle)\s(?:(?:le|la|l['’])\s?)?(?:[^.:?!\n(]|\([^()]{1,60}\)){2,60}?)\.(?:\s*[-–—]+\s*|\s+|$)",
    )
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the patterns of this file are valid")
}

/// Builds the tables now rather than at first use.
pub(super) fn build_tables() {
    LazyLock::force(&LEAD);
    LazyLock::force(&TIME_AFTER);
    LazyLock::force(&STOPPED);
    words::build_tables();
}

/// Can the character begin a line number, a mark of captions or a time, which precede labels?
fn may_be_lead(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '>' | '[' | '(' | '<' | '\u{200b}')
}

/// The form of the label that the line may begin with. Most lines begin with none, and that is found without any memory;
/// [`parse`] finds none where this finds none.
pub(super) fn may_begin(line: &str, is_block: bool) -> Option<Form> {
    let start = line[..line.floor_char_boundary(MAX_LABEL_BYTES + 30)].trim_start();
    let first = start.chars().next()?;
    if may_be_lead(first) {
        let is_marked = start.contains([':', '：', 'Q', 'A']);
        let is_other = is_block && line.len() <= MAX_NAME_BYTES || start.contains('.');
        return if is_marked { Some(Form::Marked) } else { is_other.then_some(Form::Stopped) };
    }
    if colon(start).is_some_and(|(at, _)| may_be_name(&start[..at]))
        || has_time(start)
        || first == 'Q'
        || first == 'A' && letter(start).is_some()
    {
        return Some(Form::Marked);
    }
    if may_be_stopped(start) {
        return Some(Form::Stopped);
    }
    (is_block && may_be_bare(start.trim_end())).then_some(Form::Bare)
}

/// The first word of a label, if it is known without parsing the line: it begins the line and is ASCII.
pub(super) fn first_word(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric() && !may_be_lead(c));
    let end = line.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(line.len());
    let is_whole = end > 0 && line[end..].chars().next().is_none_or(|c| c.is_ascii() && !c.is_alphanumeric());
    (is_whole && !line.starts_with(may_be_lead)).then(|| &line[..end])
}

/// May the text be a label, by its signs, its number of words and of digits? Only the last word is a number: `Speaker 2`.
fn may_be_name(label: &str) -> bool {
    let (mut words, mut is_inside, mut has_digit) = (0, false, false);
    for byte in label.bytes() {
        match byte {
            b'?' | b'!' | b';' | b'|' | b'{' | b'}' | b'=' | b'/' | b'@' => return false,
            // The rest is an affiliation.
            b',' | b'(' | b'[' => return true,
            _ => {}
        }
        let begins = !byte.is_ascii_whitespace() && !is_inside;
        if begins && has_digit {
            return false;
        }
        has_digit |= byte.is_ascii_digit();
        words += usize::from(begins);
        is_inside = !byte.is_ascii_whitespace();
    }
    words <= MAX_TITLED_WORDS
}

/// The label at the start of a line. Without a mark it is one only if the line is a block by itself.
pub(super) fn parse(line: &str, is_block: bool) -> Option<Label> {
    may_begin(line, is_block)?;
    let trimmed = line.trim_start();
    let (at, is_numbered, is_timed) = if trimmed.starts_with(may_be_lead) {
        let lead = LEAD.captures(line)?;
        (lead.get(0)?.end(), lead.get(1).is_some(), lead.get(2).is_some())
    } else {
        (line.len() - trimmed.len(), false, false)
    };
    let rest = &line[at..];
    let label = timed(rest)
        // In `Q  Tom, on the harbour: who pays?` the colon is one of what is asked.
        .or_else(|| if rest.starts_with("Q ") || rest.starts_with("Q\t") { letter(rest) } else { None })
        .or_else(|| marked(rest, is_timed))
        .or_else(|| letter(rest))
        .or_else(|| stopped(rest))
        .or_else(|| if is_block { bare(rest, is_timed) } else { None })?;
    // A number before a line is that of a page of a court; before other words it counts something.
    if is_numbered && label.kind < Kind::Capitals {
        return None;
    }
    Some(Label { text: at + label.text, ..label })
}

/// `Lex Holm (00:01:23): text`, `Lex Holm 00:01:23`.
fn timed(rest: &str) -> Option<Label> {
    let start = &rest[..rest.floor_char_boundary(MAX_LABEL_BYTES)];
    if !has_time(start) {
        return None;
    }
    let found = TIME_AFTER.captures(start)?;
    let (kind, name, key) = classify(found.get(1)?.as_str())?;
    let kind = if kind >= Kind::Word { Kind::Speaker } else { kind };
    Some(Label { name, key, text: found.get(0)?.end(), kind, form: Form::Marked })
}

/// Is there a colon between two digits?
fn has_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    memchr::memchr_iter(b':', bytes).any(|at| at > 0 && is_digit(at - 1) && is_digit(at + 1))
}

/// `MS. SMITH: text`.
fn marked(rest: &str, is_timed: bool) -> Option<Label> {
    let (colon, sign) = colon(rest)?;
    let (kind, name, key) = classify(&rest[..colon])?;
    let kind = if is_timed { Kind::Speaker } else { kind };
    Some(Label { name, key, text: colon + sign, kind, form: Form::Marked })
}

/// The first colon that ends a label, and its length.
fn colon(rest: &str) -> Option<(usize, usize)> {
    let start = &rest[..rest.floor_char_boundary(MAX_LABEL_BYTES)];
    let ends_label = |at: &usize| {
        let next = rest[at + 1..].chars().next();
        next.is_none_or(|next| next.is_whitespace() || matches!(next, '"' | '“' | '«' | '„'))
            || rest[..*at].chars().next_back().is_some_and(is_unspaced)
    };
    let narrow = memchr::memchr_iter(b':', start.as_bytes()).find(ends_label);
    let wide = if start.is_ascii() { None } else { start.find('：') };
    match (narrow, wide) {
        (Some(at), wide) if wide.is_none_or(|wide| at < wide) => Some((at, 1)),
        (_, wide) => wide.map(|at| (at, '：'.len_utf8())),
    }
}

/// `Q    Thank you`, `Q. When?`, `A.  At noon.`
fn letter(rest: &str) -> Option<Label> {
    let after = rest.strip_prefix(['Q', 'A'])?;
    let name = &rest[..1];
    let blank = after.len() - after.trim_start().len();
    let text = after.trim_start();
    let begins =
        text.chars().next().is_some_and(|c| c.is_uppercase() || matches!(c, '"' | '“' | '(' | '[' | '—' | '-'));
    let text = if let Some(stopped) = after.strip_prefix('.').filter(|text| text.starts_with(char::is_whitespace)) {
        rest.len() - stopped.trim_start().len()
    } else if blank >= 2 || after.starts_with('\t') || blank == 1 && name == "Q" && begins {
        rest.len() - text.len()
    } else {
        return None;
    };
    let label = Label { name: name.into(), key: name.to_lowercase(), text, kind: Kind::Speaker, form: Form::Marked };
    (text < rest.len()).then_some(label)
}

/// Is the second word in capitals, or the first a title of France?
fn may_be_stopped(rest: &str) -> bool {
    if !rest.starts_with(['M', 'D', 'T', 'S', 'R']) {
        return false;
    }
    let mut words = rest.split_whitespace();
    let (title, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let is_capitals = || {
        second.chars().filter(|c| c.is_alphabetic()).take(2).count() == 2
            && second.chars().all(|c| !c.is_lowercase() || c == 'c')
    };
    matches!(title, "M." | "Mme" | "Mlle") || is_capitals()
}

/// `Mr. SMITH of Ohio. I rise`, `The SPEAKER pro tempore. The gentleman`, `M. le président. La séance`.
fn stopped(rest: &str) -> Option<Label> {
    const MAX_WORDS: usize = 7;
    if !may_be_stopped(rest) {
        return None;
    }
    let found = STOPPED.captures(&rest[..rest.floor_char_boundary(MAX_LABEL_BYTES)])?;
    let label = found.get(1)?.as_str();
    if label.split_whitespace().count() > MAX_WORDS {
        return None;
    }
    let (_, name, key) = classify(label)?;
    Some(Label { name, key, text: found.get(0)?.end(), kind: Kind::Speaker, form: Form::Stopped })
}

fn may_be_bare(line: &str) -> bool {
    line.len() <= MAX_NAME_BYTES && !line.ends_with(['.', '!', '?', ',', ';']) && may_be_name(line)
}

/// A name on a line of its own.
fn bare(rest: &str, is_timed: bool) -> Option<Label> {
    let line = rest.trim_end();
    if !may_be_bare(line) {
        return None;
    }
    // The heading of a clause runs on into its text: `Available Amounts.--`.
    if line.ends_with(['-', '–', '—']) && !line.trim_end_matches(['-', '–', '—']).ends_with(' ') {
        return None;
    }
    // `1:39 P.M. EST` is a time of day.
    if is_timed
        && line.to_ascii_lowercase().replace('.', "").trim_start().starts_with(['a', 'p'])
        && line.to_ascii_lowercase().replace('.', "")[1..].starts_with('m')
    {
        return None;
    }
    let (kind, name, key) = classify(line)?;
    let (kind, form) = if is_timed { (Kind::Speaker, Form::Marked) } else { (kind, Form::Bare) };
    Some(Label { name, key, text: rest.len(), kind, form })
}

/// The kind of a label, the speaker's name as shown, and the key of the name. `None` if it names no speaker.
fn classify(label: &str) -> Option<(Kind, String, String)> {
    let label = label.trim().trim_matches(['*', '_', '"', '“', '”']).trim();
    let label = label.strip_suffix([',', '-', '–', '—']).unwrap_or(label).trim_end();
    if label.is_empty() || label.contains(['?', '!', ';', '"', '“', '|', '{', '}', '=', '/', '@']) {
        return None;
    }
    // An affiliation is in parentheses or after a comma.
    let name = without_parentheses(label);
    let (name, affiliation) = name.split_once(',').map_or((name.as_str(), ""), |(name, rest)| (name, rest));
    let name = [" moved", " asked", " replied", " continued"]
        .iter()
        .find_map(|verb| name.trim_end().strip_suffix(verb))
        .unwrap_or(name);
    let written: Vec<&str> = name.split_whitespace().collect();
    if affiliation.split_whitespace().count() > 8 || !may_be_titled(&written) {
        return None;
    }
    let folded: Vec<String> = written.iter().map(|word| fold_value(word)).filter(|word| !word.is_empty()).collect();
    if folded.is_empty() {
        return None;
    }
    let key = folded.join(" ");
    let shown = || shown(label);
    let role = numbered(&key);
    let without_article = ["the ", "le ", "la ", "el ", "il ", "der ", "die ", "de "]
        .iter()
        .find_map(|article| role.strip_prefix(article));
    if words::is_role(role) || without_article.is_some_and(words::is_role) {
        // A letter is a role in one case only, and a role in the text of a sentence is none.
        let is_short = key.chars().count() == 1 && name.chars().any(char::is_lowercase);
        let is_sentence = affiliation.split_whitespace().count() > MAX_NAME_WORDS;
        return (!is_short && !is_sentence).then(|| (Kind::Speaker, shown(), key));
    }
    if name.chars().any(|c| c.is_ascii_digit()) || has_sentence_end(&written) {
        return None;
    }
    let is_capitals = is_in_capitals(name);
    let skip = usize::from(
        folded.len() > 1
            && matches!(folded[0].as_str(), "the" | "le" | "la" | "el" | "il" | "o" | "a" | "de" | "der" | "die"),
    );
    let titled = words::is_title(&folded[skip]) && (folded.len() > skip + 1 || skip == 1 || is_capitals);
    let starts_upper = written[skip].starts_with(|c: char| !c.is_lowercase())
        || skip == 1 && written[0].starts_with(char::is_uppercase);
    if titled && starts_upper && folded.len() <= MAX_TITLED_WORDS && are_names(&written[skip..], &folded[skip..]) {
        return Some((Kind::Speaker, shown(), key));
    }
    if words::is_no_speaker(&folded) || folded.len() > MAX_NAME_WORDS || label.len() > MAX_LABEL_BYTES {
        return None;
    }
    if is_capitals {
        let is_named = !words::is_no_name(&folded[0]) || folded.len() == 1 || folded[0] == "the" && folded.len() <= 3;
        return is_named.then(|| (Kind::Capitals, shown(), key));
    }
    let is_caseless = !name.chars().any(|c| c.is_lowercase() || c.is_uppercase());
    if is_caseless {
        let chars = name.chars().count();
        let is_short = if name.chars().any(is_unspaced) { chars <= 10 } else { chars <= 40 && folded.len() <= 3 };
        return (is_short && name.chars().any(char::is_alphabetic)).then(|| (Kind::Word, shown(), key));
    }
    if !are_names(&written, &folded) || words::is_no_name(&folded[0]) || name.len() > MAX_NAME_BYTES {
        return None;
    }
    Some((if folded.len() == 1 { Kind::Word } else { Kind::Name }, shown(), key))
}

/// Has a label few enough words for a role or a name, or one of the first two that is a title? Sentences end here.
fn may_be_titled(written: &[&str]) -> bool {
    /// Words of the longest role or name, with an article and a number.
    const MAX_UNTITLED_WORDS: usize = 6;
    let words = || written.iter().filter(|word| word.contains(char::is_alphanumeric));
    words().nth(MAX_UNTITLED_WORDS).is_none()
        || words().count() <= MAX_TITLED_WORDS && words().take(2).any(|word| words::is_title(&fold_value(word)))
}

/// A label as it is shown: with the party or place in parentheses, but without directions to actors.
fn shown(label: &str) -> String {
    const MAX_WORDS: usize = 5;
    let mut out = label.to_string();
    for (open, close) in [('[', ']'), ('(', ')')] {
        while let Some(start) = out.find(open)
            && let Some(length) = out[start..].find(close)
        {
            let inside = &out[start + 1..start + length];
            let is_direction =
                open == '[' || inside.starts_with(char::is_lowercase) || inside.split_whitespace().count() > MAX_WORDS;
            if !is_direction {
                break;
            }
            out.replace_range(start..=start + length, "");
        }
    }
    tidy(&out)
}

/// A label without what is in its parentheses.
fn without_parentheses(label: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::with_capacity(label.len());
    for c in label.chars() {
        match c {
            '(' | '[' | '（' => depth += 1,
            ')' | ']' | '）' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// A role without its number or letter: `Speaker 1`, `SPEAKER_00`, `Participant A`, `Q3`.
fn numbered(key: &str) -> &str {
    let end = key.trim_end_matches(|c: char| c.is_ascii_digit());
    let end = if end.len() < key.len() { end.trim_end_matches(['_', '-', '#', ' ']) } else { key };
    let lettered = end.rsplit_once(' ').filter(|(_, letter)| letter.len() == 1).map_or(end, |(role, _)| role);
    if lettered.is_empty() { key } else { lettered }
}

/// Are all letters capitals, at least two?
fn is_in_capitals(name: &str) -> bool {
    let upper = name.chars().filter(|c| c.is_uppercase()).count();
    let lower = name.chars().filter(|c| c.is_lowercase()).count();
    // `McCARTHY`, `MacDONALD`.
    upper >= 2 && (lower == 0 || lower <= 2 && upper >= 5)
}

/// Are the words capitalised, but for those that stand between names?
fn are_names(written: &[&str], folded: &[String]) -> bool {
    written.iter().all(|word| {
        let first = word.chars().find(|c| c.is_alphabetic());
        match first {
            Some(first) if first.is_lowercase() => {
                words::is_particle(&fold(word)) || words::is_title(&fold_value(word)) || word.contains(['\'', '’'])
            }
            Some(_) => true,
            None => word.len() <= 1 || *word == "&",
        }
    }) && !folded.is_empty()
}

/// Does a sentence end inside the label? The full stops of `Mr.`, `J.` and `Prof.` end none.
fn has_sentence_end(written: &[&str]) -> bool {
    const LONGEST: usize = 5;
    let inner = written.len().saturating_sub(1);
    written[..inner].iter().any(|word| {
        word.strip_suffix('.').is_some_and(|word| word.chars().count() > LONGEST && !words::is_title(&fold_value(word)))
    })
}

/// The first words of what is said, of which a verdict is made.
pub(super) fn sample(text: &str, range: Range<usize>) -> &str {
    const BYTES: usize = 600;
    let said = &text[range];
    said[..said.floor_char_boundary(BYTES)].trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_speakers() {
        use Kind::{Capitals, Name, Speaker, Word};
        for (line, expected) in [
            ("MS. SMITH:  Good afternoon.", Some(("MS. SMITH", Speaker, "Good afternoon."))),
            ("SEN. JONES (R-XX): I object.", Some(("SEN. JONES (R-XX)", Speaker, "I object."))),
            ("Q    Thank you.", Some(("Q", Speaker, "Thank you."))),
            ("Q Thank you.", Some(("Q", Speaker, "Thank you."))),
            ("Q. When was that?", Some(("Q", Speaker, "When was that?"))),
            ("A.  At noon.", Some(("A", Speaker, "At noon."))),
            ("A ship sails.", None),
            ("Quay walls crack.", None),
            ("Interviewer: When?", Some(("Interviewer", Speaker, "When?"))),
            ("interviewer: when", Some(("interviewer", Speaker, "when"))),
            ("Speaker 2: Yes.", Some(("Speaker 2", Speaker, "Yes."))),
            ("SPEAKER_00: Yes.", Some(("SPEAKER_00", Speaker, "Yes."))),
            ("THE COURT: Sustained.", Some(("THE COURT", Speaker, "Sustained."))),
            ("CHIEF JUSTICE HOLM: We'll hear argument.", Some(("CHIEF JUSTICE HOLM", Speaker, "We'll hear argument."))),
            ("12 MR. LUND: May it please the Court.", Some(("MR. LUND", Speaker, "May it please the Court."))),
            ("12 Eggs: beaten", None),
            ("Mara Lindqvist: Ja.", Some(("Mara Lindqvist", Name, "Ja."))),
            ("Lindqvist: Ja.", Some(("Lindqvist", Word, "Ja."))),
            ("LINDQVIST: Ja.", Some(("LINDQVIST", Capitals, "Ja."))),
            ("MARA LINDQVIST, HOST: Ja.", Some(("MARA LINDQVIST, HOST", Capitals, "Ja."))),
            ("[00:01:23] Lex Holm: So.", Some(("Lex Holm", Speaker, "So."))),
            ("Lex Holm (00:01:23): So.", Some(("Lex Holm", Speaker, "So."))),
            ("Lex Holm 00:01:23", Some(("Lex Holm", Speaker, ""))),
            (">> LEX HOLM: So.", Some(("LEX HOLM", Capitals, "So."))),
            ("Mr. SMITH of Ohio. I rise.", Some(("Mr. SMITH of Ohio", Speaker, "I rise."))),
            (
                "The PRESIDING OFFICER (Mr.\nHolm). Order.",
                Some(("The PRESIDING OFFICER (Mr. Holm)", Speaker, "Order.")),
            ),
            ("Q  Tom, on the harbour: who pays?", Some(("Q", Speaker, "Tom, on the harbour: who pays?"))),
            ("The SPEAKER pro tempore. So ordered.", Some(("The SPEAKER pro tempore", Speaker, "So ordered."))),
            ("The PRESIDING OFFICER. So ordered.", Some(("The PRESIDING OFFICER", Speaker, "So ordered."))),
            ("M. le président. La séance est ouverte.", Some(("M. le président", Speaker, "La séance est ouverte."))),
            ("Mr. Smith went home. He slept.", None),
            ("Chairman, the members of the board included: Jon Holm", None),
            ("The union won. It rests.", None),
            ("Präsident Dr. Jan Holm: Guten Morgen.", Some(("Präsident Dr. Jan Holm", Speaker, "Guten Morgen."))),
            ("El señor PRESIDENTE: Se abre la sesión.", Some(("El señor PRESIDENTE", Speaker, "Se abre la sesión."))),
            ("Poseł Jan Holm: Dziękuję.", Some(("Poseł Jan Holm", Speaker, "Dziękuję."))),
            ("Frage: Wann?", Some(("Frage", Speaker, "Wann?"))),
            ("记者：什么时候？", Some(("记者", Speaker, "什么时候？"))),
            ("Вопрос: Когда?", Some(("Вопрос", Speaker, "Когда?"))),
            ("Contact: Mara Lindqvist", None),
            ("Media contact: Mara Lindqvist", None),
            ("Note: see below", None),
            ("Zutaten: Mehl", None),
            ("The dispute: who pays", None),
            ("What the union wants: more", None),
            ("It was 10:30 when they left.", None),
            ("https://example.org/a", None),
            ("He said: we go.", None),
        ] {
            let got = parse(line, true).filter(|label| label.form != Form::Bare);
            let got = got.as_ref().map(|label| (label.name.as_str(), label.kind, line[label.text..].trim()));
            assert_eq!(got, expected, "{line}");
        }
    }
}
