//! Mail: one message a file (EML), many (mbox), and pages saved as mail (MHTML). Detection is part of every program,
//! reading needs the feature `mail`.

#[cfg(feature = "mail")]
pub(super) mod mailbox;
#[cfg(feature = "mail")]
pub(super) mod message;

/// Headers of mail. A message has at least one of them among its first lines.
const HEADERS: &[&str] = &[
    "from",
    "to",
    "date",
    "subject",
    "received",
    "return-path",
    "message-id",
    "mime-version",
    "content-type",
    "delivered-to",
    "x-mailer",
    "reply-to",
    "sender",
    "delivery-date",
    "x-original-to",
    "dkim-signature",
    "content-transfer-encoding",
    "x-apparently-to",
    "envelope-to",
    "snapshot-content-location",
    "cc",
    "return-receipt-to",
];

/// Does a file that begins with `head` contain a message? Its first lines are headers, and two of them those of mail.
pub(super) fn begins(head: &str) -> bool {
    let mut known = 0;
    let mut lines = 0;
    for line in head.trim_start().lines().take(40) {
        if line.trim().is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { return false };
        let name = name.trim_end();
        if name.is_empty() || name.len() > 60 || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
            return false;
        }
        lines += 1;
        // Lines of the front of an article in plain text.
        if matches!(
            name.to_ascii_lowercase().as_str(),
            "headline" | "title" | "byline" | "author" | "source" | "standfirst"
        ) {
            return false;
        }
        known += usize::from(HEADERS.contains(&name.to_ascii_lowercase().as_str()));
    }
    known >= 2 || known == 1 && lines == 1 && head.to_ascii_lowercase().starts_with("mime-version")
}

/// Does a file that begins with `head` contain a mailbox?
pub(super) fn begins_mailbox(head: &str) -> bool {
    // With sender, day and time the first line is sufficient.
    head.lines().next().is_some_and(is_envelope)
        || head.split_once('\n').is_some_and(|(first, rest)| {
            separates(first.as_bytes())
                && rest.lines().next().and_then(|line| line.split_once(':')).is_some_and(|(name, _)| {
                    let name = name.to_ascii_lowercase();
                    HEADERS.contains(&name.as_str()) || name.starts_with("x-") || name == ">from"
                })
        })
}

/// Does a line separate messages? `From`, a sender, and a time of day or an address: sentences begin with "From" too.
fn separates(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let clock =
        rest.windows(3).any(|window| window[0].is_ascii_digit() && window[1] == b':' && window[2].is_ascii_digit());
    let mut words = rest.trim_ascii_start().split(u8::is_ascii_whitespace);
    let sender = words.next().expect("a split yields at least one part");
    clock || sender.contains(&b'@') || rest.trim_ascii_start().starts_with(b"- ")
}

/// Is it an envelope line with a time in the form of C: `From mara@halden.example Mon Sep 11 08:00:00 2023`?
fn is_envelope(line: &str) -> bool {
    envelope_time(line).is_some()
}

/// The time of delivery that an envelope line states, in the form of mail.
fn envelope_time(line: &str) -> Option<String> {
    const DAYS: &[&str] = &["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: &[&str] = &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let words: Vec<&str> = line.strip_prefix("From ")?.split_whitespace().collect();
    let number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let at = words.windows(4).skip(1).position(|words| {
        DAYS.contains(&words[0])
            && MONTHS.contains(&words[1])
            && number(words[2])
            && words[3].split(':').count() >= 2
            && words[3].split(':').all(number)
    })?;
    // The zone may precede the year.
    let year = words[at + 5..].iter().take(2).find(|word| word.len() == 4 && number(word)).unwrap_or(&"");
    Some(format!("{} {} {year} {}", words[at + 3], words[at + 2], words[at + 4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes_are_detected_by_their_first_line() {
        for (head, expected) in [
            ("From mara@halden.example Mon Sep 11 08:00:00 2023\n\nText", true),
            ("From mara Mon Sep 11 08:00:00 2023\nComments: none\n\nText", true),
            ("From mara Mon Sep 11 08:00 CEST 2023\n\nText", true),
            ("From Mon Sep 11 08:00:00 2023 on, dockers\nwalked out", false),
            ("From 08:00 on Monday dockers walked out.\nThe union: no talks", false),
        ] {
            assert_eq!(begins_mailbox(head), expected, "{head}");
        }
    }

    #[test]
    fn envelopes_state_the_time_of_delivery() {
        for (line, time) in [
            ("From mara@halden.example Mon Sep 11 08:00:00 2023", Some("11 Sep 2023 08:00:00")),
            ("From mara Mon Sep 11 08:00 CEST 2023", Some("11 Sep 2023 08:00")),
            ("From mara on Monday at 08:00", None),
        ] {
            assert_eq!(envelope_time(line).as_deref(), time, "{line}");
        }
    }
}
