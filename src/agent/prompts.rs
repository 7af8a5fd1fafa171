//! Prompts: tasks that people choose by name.

/// A prompt.
pub(crate) struct Prompt {
    pub name: &'static str,
    pub about: &'static str,
    /// The arguments, all required, each with what it is.
    pub arguments: &'static [(&'static str, &'static str)],
    /// The text, with `{name}` for an argument.
    text: &'static str,
}

/// The prompts.
pub(crate) static PROMPTS: [Prompt; 3] = [
    Prompt {
        name: "timeline_of",
        about: "What happened, in order, with sources",
        arguments: &[("topic", "what it is about")],
        text: "Make a timeline of this topic from the archive: {topic}\n\
               Count it by year or month to see where coverage is thick. Search each thick period, oldest first, and read the best \
               hits. Give a line per event: date, what happened, ids of the passages that say so. Say where the archive has nothing.",
    },
    Prompt {
        name: "who_said",
        about: "What a person said on a topic, word for word",
        arguments: &[("person", "who"), ("topic", "on what")],
        text: "Find what {person} said about {topic} in the archive.\n\
               Search for the name near the topic's words (w/30), and for speaker: of the name. Read around each hit. Give each \
               statement word for word with its date, source and passage id, verify it before you give it, and say which are \
               reported speech. If there is none, say so.",
    },
    Prompt {
        name: "check_quotation",
        about: "Is a quotation right, and where is it from?",
        arguments: &[("text", "the quotation")],
        text: "Verify this quotation against the archive: {text}\n\
               Report the verdict as it is: exact, near with each difference, or no. Name the earliest article, its date and source. \
               If it is not there, search for its rarest words, and say what the archive has instead. Do not mend the quotation.",
    },
];

/// A prompt with its arguments filled in.
///
/// # Errors
///
/// A sentence for an unknown name or a missing argument.
pub(crate) fn prompt(name: &str, argument: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let known = || PROMPTS.iter().map(|prompt| prompt.name).collect::<Vec<_>>().join(", ");
    let prompt = PROMPTS
        .iter()
        .find(|prompt| prompt.name == name)
        .ok_or_else(|| format!("there is no prompt '{}'; there are {}", super::data(name), known()))?;
    let mut text = String::new();
    let mut rest = prompt.text;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let value = argument(name).filter(|value| !value.trim().is_empty());
        text.push_str(&value.ok_or_else(|| format!("the argument '{name}' is missing"))?);
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_argument_is_filled_in() {
        for one in &PROMPTS {
            let text = prompt(one.name, |name| Some(format!("<{name}>"))).expect("all are given");
            for (name, _) in one.arguments {
                assert!(text.contains(&format!("<{name}>")), "{text}");
            }
            assert!(!text.contains(['{', '}']), "{text}");
            assert!(prompt(one.name, |_| None).is_err());
        }
        assert!(prompt("nothing", |_| None).is_err());
        let braces = prompt("check_quotation", |_| Some("{text} {person}".into()));
        assert!(braces.expect("the argument is given").contains("{text} {person}"));
    }
}
