//! Finds names in the text of an article: runs of words with capitals, and what joins them.
//!
//! A capital is evidence only where it is not there anyway. The first word of a sentence is part of a name if it is
//! written with a capital within sentences, too, in this article or in others ([`Lexicons`]); so are all nouns of German,
//! of which only runs of two and more are taken, without the nouns that stand before a name. Titles are set apart.

mod german;
mod joining;
mod judge;
mod known;
mod mention;
mod run;
mod title;
mod trim;

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::lexicon::{Lexicon, Lexicons};
use super::token::{Block, Gap, Kind, blocks};
use super::words::{self, Words};
use crate::text::Language;

/// An occurrence of a name in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    /// As it is written, without titles and the ending of a possessive.
    pub text: String,
    /// Its words, folded.
    pub words: Vec<String>,
    /// Number of its words without the kind of company at the end.
    pub core: usize,
    /// Does a title stand before it?
    pub has_title: bool,
    /// May it be one person, by its form?
    pub is_personal: bool,
    /// Is the last word no common word? A given name alone is joined to such a name only.
    pub has_own_surname: bool,
    /// Is it a company, by a kind of company that is left out of its core? Its first word alone may be joined to it.
    pub is_company: bool,
    /// The mention that this one abbreviates, in brackets: `European Central Bank (ECB)`.
    pub abbreviates: Option<usize>,
}

/// An article cut into words.
pub(super) struct Article<'t> {
    pub words: Words,
    pub blocks: Vec<Block<'t>>,
    /// How it writes its words.
    pub lexicon: Lexicon,
}

/// Is the text in a script without capitals?
pub(super) fn is_without_capitals(texts: &[&str]) -> bool {
    /// Letters that are looked at.
    const LETTERS: usize = 2_000;
    let letters = texts.iter().flat_map(|text| text.chars()).filter(|c| c.is_alphabetic()).take(LETTERS);
    let (mut cased, mut all) = (0, 0);
    for letter in letters {
        all += 1;
        cased += usize::from(letter.is_lowercase() || letter.is_uppercase());
    }
    cased * 2 < all
}

impl<'t> Article<'t> {
    /// Cuts the texts of an article into words. `title` is read if it is written like a sentence.
    pub(super) fn read(texts: &[&'t str], title: Option<&'t str>, language: Language) -> Article<'t> {
        let words = Words::of(language);
        let mut lexicon = Lexicon::default();
        let mut all = Vec::new();
        for text in texts {
            let read = blocks(text, words);
            read.iter().for_each(|block| lexicon.count(block, words));
            all.extend(read);
        }
        let title = title.map(|title| blocks(title, words)).unwrap_or_default();
        let is_sentence = |block: &Block<'_>| {
            let lower = block.tokens.iter().filter(|token| token.kind == Kind::Lower).count();
            lower * 2 >= block.tokens.len() || words.has_capital_nouns()
        };
        all.extend(title.into_iter().filter(is_sentence));
        Article { words, blocks: all, lexicon }
    }

    /// The names of the article, in order.
    pub(super) fn mentions(&self, lexicon: &Lexicon) -> Vec<Mention> {
        let lexicons = Lexicons { all: lexicon, own: &self.lexicon, words: self.words };
        let (mut mentions, mut doubtful) = (Vec::new(), Vec::new());
        for block in &self.blocks {
            let found = (&mut mentions, &mut doubtful);
            Finder { block, lexicons, words: self.words, mentions: found.0, doubtful: found.1, last: None }.find();
        }
        if self.words.has_capital_nouns() {
            self.add_surnames(lexicons, &mut mentions);
        } else {
            add_known(doubtful, &mut mentions);
        }
        mentions
    }

    /// Adds the surnames of persons named in full: a single noun of German is no name by itself.
    fn add_surnames(&self, lexicons: Lexicons<'_>, mentions: &mut Vec<Mention>) {
        let known: FxHashSet<String> = mentions
            .iter()
            .filter(|mention| mention.is_personal)
            .filter_map(|mention| mention.words.last().cloned())
            .filter(|word| {
                let usage = lexicons.usage_elsewhere(word);
                usage.lower == 0 && usage.determined == 0
            })
            .collect();
        for block in &self.blocks {
            for i in 0..block.tokens.len() {
                let word = block.word(i);
                let genitive = word.strip_suffix('s').filter(|stem| known.contains(*stem));
                let beside = |j: usize| block.tokens.get(j).is_some_and(|token| token.kind == Kind::Capital);
                // The owner precedes what is owned: `Holm's yard`.
                let is_beside = i > 0 && block.tokens[i].gap == Gap::Space && beside(i - 1)
                    || genitive.is_none()
                        && block.tokens.get(i + 1).is_some_and(|next| next.gap == Gap::Space)
                        && beside(i + 1);
                if i > 0 && words::is_surname_particle(block.word(i - 1)) {
                    continue;
                }
                if block.tokens[i].kind == Kind::Capital && !is_beside && (known.contains(word) || genitive.is_some()) {
                    mentions.push(Mention {
                        text: block.text_of(i..i + 1),
                        words: vec![word.to_string()],
                        core: 1,
                        has_title: false,
                        is_personal: false,
                        has_own_surname: true,
                        is_company: false,
                        abbreviates: None,
                    });
                }
            }
        }
    }
}

/// A word that is a name only if somebody of that name is there.
struct Doubtful {
    text: String,
    word: String,
    has_title: bool,
}

/// Adds the words that are a surname or given name of persons named in full.
fn add_known(doubtful: Vec<Doubtful>, mentions: &mut Vec<Mention>) {
    if doubtful.is_empty() {
        return;
    }
    let mut known: FxHashSet<&str> = FxHashSet::default();
    for mention in mentions.iter().filter(|mention| mention.is_personal && mention.words.len() > 1) {
        let words = words::without_junior(&mention.words);
        known.insert(&words[words.len() - 1]);
        if words::is_given_name(&words[0]) {
            known.insert(&words[0]);
        }
    }
    let named: Vec<Doubtful> = doubtful.into_iter().filter(|one| known.contains(one.word.as_str())).collect();
    mentions.extend(named.into_iter().map(|one| Mention {
        text: one.text,
        words: vec![one.word],
        core: 1,
        has_title: one.has_title,
        is_personal: false,
        has_own_surname: true,
        is_company: false,
        abbreviates: None,
    }));
}

/// Finds the names of a block.
struct Finder<'a, 't> {
    block: &'a Block<'t>,
    lexicons: Lexicons<'a>,
    words: Words,
    mentions: &'a mut Vec<Mention>,
    doubtful: &'a mut Vec<Doubtful>,
    /// The last mention, and the word after it.
    last: Option<(usize, usize)>,
}

impl Finder<'_, '_> {
    fn find(&mut self) {
        let mut at = 0;
        while at < self.block.tokens.len() {
            if !self.may_begin(at) {
                at += 1;
                continue;
            }
            let end = self.run_end(at);
            self.take_run(at..end);
            at = end;
        }
    }

    /// Takes the names of a run of words.
    fn take_run(&mut self, run: Range<usize>) {
        let mut from = run.start;
        let mut has_title = false;
        let mut at = run.start;
        while at < run.end {
            let Some(end) = self.title_end(at, &run) else {
                at += 1;
                continue;
            };
            let begin = self.title_begin(at, from);
            if begin > from {
                self.take(from..begin, has_title, true);
            }
            has_title = true;
            (from, at) = (end, end);
        }
        if from < run.end {
            self.take(from..run.end, has_title, false);
        }
    }

    /// Takes a run without titles as a name, after cutting what is not part of it.
    fn take(&mut self, run: Range<usize>, has_title: bool, before_title: bool) {
        /// No name has more words: longer runs are lists and lines in capitals.
        const MAX_WORDS: usize = 14;
        if let Some(given) = self.person_after_role(&run) {
            self.take(self.body_before_person(run.start..given), has_title, true);
            return self.take(given..run.end, true, false);
        }
        let Some(run) = self.trimmed(run, has_title) else { return };
        if run.is_empty() || run.len() > MAX_WORDS {
            return;
        }
        if !self.is_name(&run, has_title, before_title) {
            self.doubt(&run, has_title);
            return;
        }
        self.push(run, has_title);
    }

    /// Keeps a word that is no name by itself: it may be the surname of somebody named in full.
    fn doubt(&mut self, run: &Range<usize>, has_title: bool) {
        let (token, word) = (&self.block.tokens[run.start], self.block.word(run.start));
        let is_common = words::is_body_noun(word) || words::is_direction(word) || words::is_demonym(word);
        let usage = self.lexicons.usage(word);
        if run.len() == 1
            && token.kind == Kind::Capital
            && !is_common
            && !self.is_hyphenated_word(run.start)
            && !(token.opens && !has_title && usage.is_mostly_lower())
        {
            self.doubtful.push(Doubtful { text: self.block.text_of(run.clone()), word: word.to_string(), has_title });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::mention::is_abbreviation_of;
    use super::*;

    /// The names of a text, those after a title marked, of which `usage` tells how words are written elsewhere.
    fn found(code: &str, usage: &str, text: &str) -> String {
        let language = Language::from_code(code);
        let lexicon = Article::read(&[usage], None, language).lexicon;
        let article = Article::read(&[text], None, language);
        let mentions = article.mentions(&lexicon);
        let shown =
            mentions.iter().map(|mention| format!("{}{}", if mention.has_title { "+" } else { "" }, mention.text));
        shown.collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn names_table() {
        for (code, text, expected) in [
            ("en", "The mayor, Ada Lindqvist, met Karl Voss in Halden.", "Ada Lindqvist | Karl Voss | Halden"),
            ("en", "On Monday President Ada Lindqvist's aides left.", "+Ada Lindqvist"),
            ("en", "It was Foreign Minister Karl Voss who spoke.", "+Karl Voss"),
            ("en", "She asked Secretary of State Karl Voss about it.", "+Karl Voss"),
            ("en", "Mr Voss and Dr. Ada Lindqvist agreed.", "+Voss | +Ada Lindqvist"),
            ("en", "They praised J. K. Holm and George W. Marsh.", "J. K. Holm | George W. Marsh"),
            ("en", "He called the Bank of Norland about it.", "Bank of Norland"),
            ("en", "He met Karl Voss of Norland at noon.", "Karl Voss | Norland"),
            ("en", "The Norland Central Bank (NCB) paid Holm & Sons.", "Norland Central Bank | NCB | Holm & Sons"),
            ("en", "We saw Charles de Marsh and Omar bin Tarik there.", "Charles de Marsh | Omar bin Tarik"),
            ("en", "In May they met Theresa May and left on 3 May.", "Theresa May"),
            ("en", "The French and the German teams met in April.", ""),
            ("en", "I think he said that I could.", ""),
            ("en", "It was Norland's Karl Voss again.", "Norland | Karl Voss"),
            ("en", "The St James's Park crowd sang.", "St James's Park"),
            ("en", "HALDEN, 3 May (AFP) - The port of Halden is shut.", "Halden"),
            ("en", "DOCKERS WALK OUT AGAIN IN HALDEN", ""),
            ("en", "Dockers Walk Out Again In Halden", ""),
            ("en", "The banks say that U.S. Banks lent to U.S. Senator Ada Holm.", "U.S. | U.S. | +Ada Holm"),
            ("en", "The CEO watched TV with a PhD of the EU.", "EU"),
            ("en", "A book on King Olav V was read.", "+Olav V"),
            (
                "en",
                "He left the Norland Printing and Paper Corp for the Halden Bureau of Ships and Ports.",
                "Norland Printing and Paper Corp | Halden Bureau of Ships | Ports",
            ),
            (
                "en",
                "The Halden Ways and Means Committee Chairman Karl Voss left.",
                "Halden Ways and Means Committee | +Karl Voss",
            ),
            (
                "en",
                "He sold Holm Voss Brothers Inc to Major League Chess.",
                "Holm Voss Brothers Inc | Major League Chess",
            ),
            ("en", "They signed the Halden Convention on Sea Rights on Monday.", "Halden Convention on Sea Rights"),
            (
                "en",
                "They met Ada Holm on Tuesday at the Halden Chambers of Trade.",
                "Ada Holm | Halden Chambers of Trade",
            ),
            ("en", "It was seen by @adaholm on halden.com and Voss.NET #HaldenStrike.", ""),
            ("en", "In Halden Monday they met Omar Ramadan.", "Halden | Omar Ramadan"),
            ("en", "Why Is It That You Have To Ask The Mayor? Nobody asked Ada Holm.", "Ada Holm"),
            ("en", "Photo by Ada Lindqvist/Halden Press", "Ada Lindqvist | Halden Press"),
            ("en", "See you in the New Year at the Museum of the Norland Saami.", "Museum of the Norland Saami"),
            ("en", "We asked Lord Holm of Halden for it.", "+Holm of Halden"),
            (
                "en",
                "The yard of the whole old town is run by its president William D.\nKnoell and by others of the town.",
                "William D. Knoell",
            ),
            ("en", "He asked the Court of Arbitration for Sport for arbitration.", "Court of Arbitration for Sport"),
            ("en", "He saw the Norland Bank and International Holm Fund.", "Norland Bank | International Holm Fund"),
            (
                "en",
                "He bought Holm Water and Waste Industries Inc. It is about water and water and waste.",
                "Holm Water and Waste Industries Inc",
            ),
            ("en", "The writers asked the Halden Writers' Association.", "Halden Writers' Association"),
            ("en", "They met Anthonie C. van Holm there.", "Anthonie C. van Holm"),
            ("en", "They met at the 42nd Street Station there.", ""),
            ("en", "Avoid the Madison Avenues today.", ""),
            (
                "en",
                "They asked Council Member Jorunn Voss and NDU Local 2110 President Karl Holm.",
                "+Jorunn Voss | NDU Local 2110 | +Karl Holm",
            ),
            ("en", "It is on Halden Street & Voss Blvd there.", "Halden Street | Voss Blvd"),
            ("en", "He asked the Association of Halden Professors.", "Association of Halden Professors"),
            (
                "en",
                "She asked the NDU Supt. Karl Holm and FDH Battalion Chief Ada Voss.",
                "NDU | Karl Holm | FDH | +Ada Voss",
            ),
            ("en", "It is the Broken Holm Smelters' Port Halden.", "Broken Holm Smelters | Port Halden"),
            (
                "en",
                "The workers asked the Halden Workers' National Pension Fund.",
                "Halden Workers' National Pension Fund",
            ),
            ("en", "It was the Karl Holm-inspired Lions who met Kim Jong-un there.", "Kim Jong-un"),
            ("en", "They met Li Ka-shing in Voss Holm-ish dress.", "Li Ka-shing | Voss"),
            (
                "en",
                "He read of Karl King's Halden, King's Voss and Prince's Halden.",
                "Karl King | Halden | King's Voss | Halden",
            ),
            ("en", "They met Democrat Bill de Marsan of Norland.", "Bill de Marsan | Norland"),
            ("en", "He works for the Museum of Moving Image there.", "Museum of Moving Image"),
            ("en", "It is a film of Halden Starring Karl Holm.", "Halden | Karl Holm"),
            ("en", "See the Thanksgiving Day Parade at the Rockin' Marsh Center.", "Rockin' Marsh Center"),
            ("en", "They asked ADA Mark Holm and the NDU.", "Mark Holm | NDU"),
            ("en", "He spoke of Martin Luther King and of Mark Bishop.", "Martin Luther King | Mark Bishop"),
            ("en", "It was on the corner of President Holm Blvd there.", "President Holm Blvd"),
            ("en", "He is of the United Brotherhood of Halden Joiners there.", "United Brotherhood of Halden Joiners"),
            ("en", "It is a work called \"Two Halden Cups,\" he said.", ""),
            ("en", "He said: \"Thanks Karin Voss!\" and \"Judge Karin Voss is here\".", "Karin Voss | +Karin Voss"),
            ("en", "They serve Chive Dumplings ($8), Halden Salt Pork and the Halden Truffle Sandwich.", ""),
            ("en", "They met at Halden Pizza and at the Voss Sandwich House.", "Halden Pizza | Voss Sandwich House"),
            (
                "en",
                "It asked <Holm, Voss and Marsh (Far East) Ltd>, and <Karl Holm> left.",
                "Holm, Voss and Marsh (Far East) Ltd | Karl Holm",
            ),
            ("en", "He works for Standard and Holm's Corp there.", "Standard and Holm's Corp"),
            ("en", "He is of the Halden Public School 132 there.", "Halden Public School 132"),
            ("en", "It was the 59th Annual Halden Awards, said Haldenite Karl Voss.", "Halden Awards | Karl Voss"),
            ("en", "He is of the House Energy and Commerce Committee.", "House Energy and Commerce Committee"),
            ("en", "They met London-based Holm Yards and a U.S.-led Voss Fund.", "Holm Yards | U.S. | Voss Fund"),
            ("en", "The King's Fund met at King's Cross.", "King's Fund | King's Cross"),
            ("en", "She asked Miss Brown of the Norland Union Member States.", "+Brown | Norland Union Member States"),
            ("en", "They saw Screamin' Jay Holm and Kevin 'Kev' Voss.", "Screamin' Jay Holm | Kevin | Voss"),
            ("en", "She was Miss Universe Canada once.", "Miss Universe Canada"),
            ("en", "They left Shearson Holm Brothers Holdings Inc there.", "Shearson Holm Brothers Holdings Inc"),
            ("en", "He met the Costa Rican back, Karl Voss, and a Puerto Rican there.", "Karl Voss"),
            ("en", "It is of the Karl Voss TV show and the Karin Holm Twitter account.", "Karl Voss | Karin Holm"),
            ("en", "They asked East Halden Marshites there.", "East Halden"),
            ("en", "Try the Halden Pork Sliders there.", ""),
            ("en", "They met Sgt. First Class Karl Voss there.", "+Karl Voss"),
            ("en", "He bought the Harald Voss DVD at the 1 Percent Derby.", "Harald Voss"),
            ("en", "See the Halden Menu and the Voss FAQ there.", ""),
            ("en", "It is of the Norland and Halden Counties and Mark Chambers.", "Norland | Mark Chambers"),
            ("en", "They asked Halden City Council Member Jorunn Voss.", "+Jorunn Voss"),
            ("en", "They closed the Chambers Streets and Halden Hall.", "Halden Hall"),
            ("en", "The station is 14th Street-Union Square there.", ""),
            (
                "en",
                "It is of the General Accounting Office. They do the accounting, and he is accounting.",
                "General Accounting Office",
            ),
            (
                "fr",
                "Hier, la Cour de cassation et l'Union européenne ont vu M. Holm.",
                "Cour de cassation | Union européenne | +Holm",
            ),
            (
                "fr",
                "Le rapport de la Commission nationale de contrôle des ports (CNCP) est clair.",
                "Commission nationale de contrôle des ports | CNCP",
            ),
            (
                "fr",
                "On sait que l'UMP a dit non. On a vu l'UMP Laure de la Marche au Conseil d'Etat.",
                "UMP | UMP | Laure de la Marche | Conseil d'Etat",
            ),
            (
                "fr",
                "On a vu la ministre des Armées d'Emmanuel Holm en Norlande du Nord.",
                "Armées | Emmanuel Holm | Norlande du Nord",
            ),
            ("fr", "Selon la ministre, Ada Lindqvist a quitté l'Élysée.", "Ada Lindqvist | Élysée"),
            ("fr", "Hier, Dominique de Marsan a vu M. Holm.", "Dominique de Marsan | +Holm"),
            ("es", "El presidente visitó el Banco de Norlandia con Ana Díez.", "Banco de Norlandia | Ana Díez"),
            ("ru", "Вчера мэр города Анна Линдова встретила Карла Фосса.", "Анна Линдова | Карла Фосса"),
            ("ru", "Вчера Верховный суд и министр Анна Линдова ответили.", "Верховный суд | Анна Линдова"),
            ("ru", "Он видел Высший морской суд и Министерство обороны.", "Высший морской суд | Министерство обороны"),
            ("ru", "Мэр Хальдена Иван Громов приехал.", "+Иван Громов"),
            (
                "de",
                "Gestern sprach EU-Präsidentin Ursula von der Marsch an der Universität Halden.",
                "+Ursula von der Marsch | Universität Halden",
            ),
            ("de", "Das sagte der Sender NRK, und dort saß die Nominierte Julia Holm.", "NRK | Julia Holm"),
            (
                "de",
                "Das liegt am Halden University Park, sagt der Hafenmeister Jens Voss.",
                "Halden University Park | +Jens Voss",
            ),
            ("de", "Dort gab es Vorboten von Hitzewellen.", ""),
            ("de", "Gestern traf Bundeskanzlerin Ada Holm den Gast.", "+Ada Holm"),
            ("de", "Danach sprach Ursula von der Marsch in Halden.", "Ursula von der Marsch"),
            ("de", "Dort stand der Hafenarbeiter Karl Voss am Tor.", "Karl Voss"),
            ("de", "Das Haus und die Stadt waren ohne Strom und Wasser.", ""),
            ("nl", "Volgens minister Jan van der Meer is het klaar.", "Jan van der Meer"),
            ("it", "Ieri Marco Bianchi ha visto il sindaco dell'Aquila.", "Marco Bianchi | Aquila"),
            ("pt", "Ontem o ministro José da Costa falou.", "José da Costa"),
            ("pl", "Wczoraj prezydent Anna Nowak spotkała go.", "Anna Nowak"),
            ("sv", "I går mötte statsministern Karin Berg oss.", "Karin Berg"),
        ] {
            assert_eq!(found(code, "", text), expected, "{text}");
        }
    }

    /// The first word of a sentence is a name on evidence only.
    #[test]
    fn beginnings_of_sentences() {
        for (usage, text, expected) in [
            ("", "Critics left early. Nobody came.", ""),
            ("We met Halden folk in Halden and at Halden.", "Halden is a port.", "Halden"),
            ("The former mayor and a former clerk.", "Former Halden captains met.", ""),
            ("He left the former Halden yard, a former Halden inn.", "Former Halden Yard is shut.", "Halden Yard"),
            ("", "Ada Lindqvist left.", "Ada Lindqvist"),
            ("He saw New Halden and New Halden again, a new day.", "New Halden is a port.", "New Halden"),
            ("", "He said: \"Thanks Ada Holm for it.\"", "Ada Holm"),
            ("", "They met Mark Holm. Holm left early, and Voss was there.", "Mark Holm | Voss | Holm"),
            ("the bill, a bill", "Bill Lindqvist left.", "Bill Lindqvist"),
            ("He left New Halden and New Halden again.", "A New Haldener met the New Haldeners.", ""),
            ("He left New Halden and New Halden again.", "He reads the New Haldener.", "New Haldener"),
            (
                "an international satellite, international satellites, a satellite",
                "He left. International Satellite Organization said so.",
                "International Satellite Organization",
            ),
            (
                "an agriculture, a superior man",
                "It is a Senate Agriculture subcommittee and a Norland Superior court. The Senate Agriculture Committee met.",
                "Senate Agriculture Committee",
            ),
            (
                "the public, a public, of the state, the state, a home, the home, an art, a liquor",
                "It is of the Public Art Fund, State Liquor Authority and Home Grown Cereals Authority.",
                "Public Art Fund | State Liquor Authority | Home Grown Cereals Authority",
            ),
            ("to make, they make", "It is a work called \"Make Halden Voss Again\".", ""),
            ("a memorial, some day", "They met on Memorial Day at Doris Day.", "Doris Day"),
            (
                "the patrolmen, a detective, the detectives, an endowment, a benevolent man",
                "It is of the Halden Patrolmen's Benevolent Association and the Voss Detectives' Endowment Association.",
                "Halden Patrolmen's Benevolent Association | Voss Detectives' Endowment Association",
            ),
            (
                "the industries, an industry of the industries",
                "It is of the Voss Industries' Yard Division and the Halden State Industries' Federation.",
                "Voss Industries | Yard Division | Halden State Industries' Federation",
            ),
            (
                "He left Halden, of Halden City.",
                "They struck the Voss Beef Processors Inc Halden City plant.",
                "Voss Beef Processors Inc | Halden City",
            ),
            ("", "He saw American TV.", ""),
            (
                "a moving castle, the moving castle, a moving castle, the moving castle, a moving castle, a green field",
                "He saw Howl's Moving Castle. She left Norland's Green Bank.",
                "Howl | Norland | Green Bank",
            ),
            ("he tweeted, they tweeted", "It is what Karl Holm Tweeted there.", "Karl Holm"),
            (
                "the flight, a flight",
                "He took Halden Air Flight 101 and the Halden Air Flight.",
                "Halden Air | Halden Air Flight",
            ),
            ("a new black", "He sang in Orange Is the New Black With Karl Voss.", "Orange | Karl Voss"),
            (
                "a fund, a monetary fund",
                "The Norland Bank and International Monetary Fund (IMF) met.",
                "Norland Bank | International Monetary Fund | IMF",
            ),
            (
                "the innovation, an innovation",
                "He led the Office of American Innovation there.",
                "Office of American Innovation",
            ),
            (
                "a preservation, a preservation, the development, a development",
                "It was the NYC Housing Preservation and Development (HPD).",
                "NYC Housing Preservation and Development | HPD",
            ),
            ("", "They met the U.S. Owner Robert Holm there.", "U.S. | +Robert Holm"),
            (
                "a dollar, a dollar, a dollar, a dollar, a dollar, a menu, a menu, a menu, a menu, a menu",
                "He ate of the Dollar Menu.",
                "",
            ),
            ("the de Marsan, when de Marsan, and de Marsan", "They saw Bill de Marsan.", "Bill de Marsan"),
            (
                "at Voss's Halden City, of Voss's Halden City, in Voss's Halden City, by Voss's Halden City.",
                "They left Voss's Halden City early, and Norland's Halden City, too.",
                "Voss's Halden City | Norland | Halden City",
            ),
            (
                "of Voss's Investors Service, by Voss's Investors Service, with Voss's Investors Service, some investors.",
                "It is of Voss's Investors Service.",
                "Voss's Investors Service",
            ),
            ("", "They ate at Holm & Voss's, and left.", "Holm & Voss's"),
            ("", "It is more than Karl Holm's, and a boat of Holm Yard's.", "Karl Holm | Holm Yard"),
            (
                "of Holm and Voss, with Holm and Voss, than Holm and Voss, for Holm and Voss.",
                "They left Holm and Voss.",
                "Holm and Voss",
            ),
            (
                "of Holm, Voss and Marsh Inc, for Holm, Voss and Marsh Inc, with Holm, Voss and Marsh Inc, than Holm, Voss and Marsh Inc.",
                "It is of Holm, Voss and Marsh Inc, in Halden, Voss and Norland.",
                "Holm, Voss and Marsh Inc | Halden | Voss | Norland",
            ),
            ("of Holm, by Voss, at Holm and Voss.", "They left Holm and Voss.", "Holm | Voss"),
            (
                "",
                "They met Holm and Voss, of Holm and Voss, by Holm and Voss.",
                "Holm | Voss | Holm | Voss | Holm | Voss",
            ),
            (
                "",
                "He saw Halden Yard's \"Fall\". Halden Yard's in town, and Halden Yard's boats.",
                "Halden Yard | Halden Yard | Halden Yard",
            ),
            (
                "of Holm Savings and Loan Inc, of Voss Savings and Loan Inc, a Halden Savings and Loan Inc; the savings, a loan.",
                "Norland Savings and Loan Association of Halden left.",
                "Norland Savings and Loan Association of Halden",
            ),
            ("a medical examiner, the medical examiner", "He asked the Medical Examiner there.", ""),
            (
                "the noodle, a noodle, the leaf",
                "Choose dishes like the Halden Noodle and the Voss Leaf, by Karl Leaf. Then see the Voss Leaf.",
                "Karl Leaf | Voss Leaf",
            ),
            ("", "It has a Norland Whirl ($9), and music at Marsh Hole ($12).", "Marsh Hole"),
            (
                "the interstate, an interstate, some commerce",
                "It is of the U.S. Interstate Commerce Commission.",
                "U.S. Interstate Commerce Commission",
            ),
            ("", "It is of the Port Court of Halden Karl Voss.", "Port Court of Halden | Karl Voss"),
            ("the commerce, a commerce", "They asked U.S. Commerce Secretary Karl Voss.", "U.S. | +Karl Voss"),
            ("he saw Holm", "They met Democrat Holm and Vice-Finance Minister Karl Voss.", "Holm | +Karl Voss"),
            (
                "the justice, some justice, the statistics, some criminal law",
                "It is of the Norland Department of Justice, Bureau of Justice Statistics, Halden College of Criminal Justice.",
                "Norland Department of Justice | Bureau of Justice Statistics | Halden College of Criminal Justice",
            ),
            ("the governor", "It is of the Office of Governor Ada Holm.", "+Ada Holm"),
            (
                "the emergency, a management, the relations, some relations",
                "They asked Halden Office of Emergency Management Commissioner Karl Voss. It is by Halden University Relations \
                 Director Ada Holm, by Halden District Attorney Mark Holm.",
                "Halden Office of Emergency Management | +Karl Voss | Halden University | +Ada Holm | +Mark Holm",
            ),
            (
                "the affairs, some affairs",
                "They asked Secretary for Economic Affairs Karl Voss of the Halden Corp of America, not the Halden Corp of Norland.",
                "+Karl Voss | Halden Corp of America | Halden Corp | Norland",
            ),
            (
                "the employee, an employee, some juicy bits, the juicy bits, the leaf, a leaf",
                "They met Halden Apple Employee Karl Voss, and Halden Park Tweeted of Hank's Juicy Leaf, RIP Ada Holm.",
                "Halden Apple | +Karl Voss | Halden Park | Hank | Ada Holm",
            ),
            (
                "the teachers, some teachers, the food, some food",
                "He asked the Halden Federation of Teachers Karl Voss and the Food Corporation of Halden.",
                "Halden Federation of Teachers | +Karl Voss | Food Corporation of Halden",
            ),
            ("the government", "The U.K. Government met Holm U.K. Oil.", "U.K. | Holm U.K. Oil"),
            ("", "The James' boats left Karl Holm James' yard.", "James | Karl Holm James"),
            ("of the Halden Marathon", "He ran the Voss and Halden Marathons.", "Voss"),
        ] {
            assert_eq!(found("en", usage, text), expected, "{text}");
        }
    }

    #[test]
    fn scripts_without_capitals() {
        for (text, expected) in [
            ("昨天市长在哈尔登会见了记者", true),
            ("التقى رئيس البلدية الصحفيين", true),
            ("ראש העיר נפגש עם העיתונאים", true),
            ("Вчера мэр встретил журналистов", false),
            ("The mayor met reporters", false),
            ("", false),
        ] {
            assert_eq!(is_without_capitals(&[text]), expected, "{text}");
        }
    }

    #[test]
    fn abbreviations() {
        for (letters, name, expected) in [
            ("ncb", "norland central bank", true),
            ("ioc", "international olympic committee", true),
            ("ncb", "halden yard", false),
            ("eu", "european union", true),
        ] {
            let words: Vec<String> = name.split(' ').map(str::to_string).collect();
            assert_eq!(is_abbreviation_of(letters, &words), expected, "{letters}");
        }
    }

    proptest::proptest! {
        /// No text makes the search for names fail, and a name has a capital or digit.
        #[test]
        fn any_text_is_read(text in "([A-ZÄa-zé]{1,6}|[.,()'’&<>-]|of|de|von|the|St|U\\.S\\.|[ \n]{1,2}|\\PC){0,40}", code in "(en|de|fr|es|ru|pl)") {
            let language = Language::from_code(&code);
            let article = Article::read(&[&text], Some(&text), language);
            for mention in article.mentions(&article.lexicon) {
                proptest::prop_assert!(mention.text.chars().any(char::is_uppercase), "{}", mention.text);
                proptest::prop_assert!(mention.core > 0 && mention.core <= mention.words.len());
            }
        }
    }
}
