//! Words of labels: who speaks in a transcript, and what no one is called.
//!
//! They are compared as [`fold_value`] folds them.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::text::fold::fold_value;

/// Words before a name.
#[rustfmt::skip]
const TITLES: &[&str] = &[
    // English
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "lord", "lady", "baroness", "viscount",
    "hon", "right", "rt", "honourable", "honorable", "rev", "reverend", "bishop", "sen", "senator", "rep", "representative", "congressman", "congresswoman",
    "gov", "governor", "president", "vice", "chief", "justice", "judge", "magistrate", "secretary", "undersecretary",
    "minister", "chair", "chairman", "chairwoman", "chairperson", "speaker", "deputy", "commissioner", "general",
    "gen", "admiral", "adm", "col", "colonel", "maj", "major", "capt", "captain", "lt", "lieutenant", "sgt",
    "sergeant", "ambassador", "attorney", "solicitor", "mayor", "councilmember", "councilman", "councilwoman",
    "councillor", "councilor", "alderman", "acting", "presiding", "assistant", "director", "administrator", "officer",
    "inspector", "detective", "prime", "first", "senior", "unidentified", "unknown", "male", "female",
    // German
    "herr", "frau", "prasident", "prasidentin", "vizeprasident", "vizeprasidentin", "alterprasident", "abg",
    "abgeordnete", "abgeordneter", "bundeskanzler", "bundeskanzlerin", "bundesminister", "bundesministerin",
    "staatsminister", "staatsministerin", "staatssekretar", "staatssekretarin", "minister", "ministerin",
    "ministerprasident", "burgermeister", "richter", "richterin", "rechtsanwalt",
    // French
    "m", "mm", "mme", "mlle", "me", "monsieur", "madame", "maitre", "ministre", "depute", "deputee", "senateur",
    "senatrice", "presidente", "maire", "juge",
    // Spanish, Portuguese, Italian
    "sr", "sra", "srta", "senor", "senora", "don", "dona", "presidente", "presidenta", "vicepresidente",
    "vicepresidenta", "ministro", "ministra", "diputado", "diputada", "deputado", "deputada", "senador", "senadora",
    "senhor", "senhora", "juez", "jueza", "juiz", "juiza", "on", "onorevole", "signor", "signora", "sottosegretario",
    "senatore", "deputato", "dott", "dottssa", "avv",
    // Dutch, Scandinavian, Finnish
    "dhr", "mevr", "mevrouw", "meneer", "voorzitter", "staatssecretaris", "statsminister", "statsrad", "statsradet",
    "talman", "talmannen", "fru", "froken", "puhemies", "ministeri", "edustaja", "ordforande", "ordforanden",
    "presidenten", "formanden", "formann", "ministeren",
    // Slavic languages, Turkish, Greek, Hungarian, Romanian
    "pan", "pani", "posel", "poslanka", "poslanec", "marszalek", "wicemarszalek", "senator", "predseda",
    "predsedkyne", "predsednik", "predsednica", "ministr", "ministryne", "премьер", "президент", "председатель",
    "министр", "депутат", "сенатор", "г-н", "г-жа", "судья", "голова", "міністр", "sayin", "baskan", "bakan",
    "κ", "προεδρος", "υπουργος", "elnok", "miniszter", "domnul", "doamna", "presedinte", "presedintele",
];

/// What people are in a transcript, whose names it does not give.
#[rustfmt::skip]
const ROLES: &[&str] = &[
    // English
    "q", "a", "question", "answer", "questioner", "interviewer", "interviewee", "host", "cohost", "co-host", "guest",
    "moderator", "narrator", "reporter", "journalist", "anchor", "announcer", "correspondent", "presenter", "caller",
    "audience", "audience member", "audience question", "speaker", "operator", "analyst", "voice", "voiceover",
    "voice-over", "participant", "respondent", "panelist", "panellist", "witness", "court", "clerk", "bailiff",
    "counsel", "prosecutor", "defendant", "prosecution", "defense", "juror", "foreperson", "facilitator", "staff",
    "press", "crowd", "chair", "president", "vice president", "speaker", "chairman", "chairwoman", "chairperson",
    "pool", "interpreter", "translator", "secretary", "clerk of the court", "law clerk", "court clerk", "student",
    "member", "all", "several members", "an hon member", "hon members", "protester", "dispatcher", "man", "woman",
    "boy", "girl", "unidentified", "unknown", "participants", "ai", "user", "assistant",
    // German
    "frage", "antwort", "interviewerin", "moderatorin", "reporterin", "gast", "sprecher", "sprecherin", "zuschauer",
    "zuschauerin", "publikum", "zeuge", "zeugin", "journalistin", "redaktion", "prasident", "prasidentin",
    "vorsitzender", "vorsitzende", "richter", "richterin", "anrufer", "anruferin", "zwischenruf", "befragter",
    "befragte", "anwalt", "anwaltin", "erzahler", "erzahlerin", "f",
    // French
    "reponse", "journaliste", "animateur", "animatrice", "presentateur", "presentatrice", "intervenant",
    "intervenante", "invite", "invitee", "moderateur", "moderatrice", "le president", "la presidente", "temoin",
    "interviewe", "intervieweur", "intervieweuse", "enqueteur", "enqueteuse", "auditeur", "auditrice", "narrateur",
    "r", "un depute", "une deputee", "plusieurs deputes",
    // Spanish, Portuguese
    "pregunta", "respuesta", "entrevistador", "entrevistadora", "entrevistado", "entrevistada", "periodista",
    "presentador", "presentadora", "moderador", "moderadora", "invitado", "invitada", "testigo", "narrador",
    "narradora", "conductor", "conductora", "locutor", "locutora", "p", "el presidente", "la presidenta",
    "pergunta", "resposta", "jornalista", "apresentador", "apresentadora", "convidado", "convidada", "testemunha",
    "o presidente", "a presidente", "a presidenta", "presidente", "presidenta",
    // Italian
    "domanda", "risposta", "giornalista", "intervistatore", "intervistatrice", "intervistato", "conduttore",
    "conduttrice", "moderatore", "moderatrice", "ospite", "d", "testimone", "il presidente", "narratore",
    // Dutch, Scandinavian, Finnish
    "vraag", "antwoord", "presentator", "presentatrice", "verslaggever", "verslaggeefster", "gespreksleider",
    "interviewster", "geinterviewde", "gast", "de voorzitter", "voorzitter", "v", "getuige", "fraga", "svar",
    "programledare", "programlederen", "programleder", "intervjuare", "intervjuer", "moderator", "talmannen",
    "sporsmal", "sporgsmal", "vært", "vaert", "gaest", "kysymys", "vastaus", "toimittaja", "haastattelija",
    "haastateltava", "puhemies", "juontaja",
    // Slavic languages
    "pytanie", "odpowiedz", "dziennikarz", "dziennikarka", "prowadzacy", "prowadzaca", "redaktor", "marszalek",
    "gosc", "otazka", "odpoved", "moderatorka", "novinar", "novinarka", "redaktorka", "host", "pitanje", "odgovor",
    "voditelj", "вопрос", "ответ", "ведущий", "ведущая", "корреспондент", "журналист", "журналистка", "интервьюер",
    "модератор", "гость", "репортер", "в", "о", "питання", "запитання", "відповідь", "ведучий", "ведуча",
    "журналістка", "журналіст", "председатель", "председательствующий", "свидетель", "въпрос", "отговор", "водещ",
    // Others
    "soru", "cevap", "yanit", "sunucu", "muhabir", "kerdes", "valasz", "riporter", "musorvezeto", "intrebare",
    "raspuns", "ερωτηση", "απαντηση", "δημοσιογραφος", "παρουσιαστης", "tanya", "jawab", "pewawancara",
    "记者", "主持人", "问", "答", "嘉宾", "记者问", "发言人", "主席", "記者", "問", "司会", "司会者", "質問", "回答",
    "聞き手", "議長", "委員長", "기자", "질문", "답변", "사회자", "진행자", "문", "답", "سوال", "سؤال", "جواب",
    "المذيع", "المذيعة", "الصحفي", "الضيف", "المحاور", "שאלה", "תשובה", "מראיין", "מראיינת", "שופט", "प्रश्न",
    "उत्तर", "सवाल", "जवाब",
];

/// Single letters that ask, with those that answer.
pub(super) const LETTER_PAIRS: &[(&str, &str)] =
    &[("q", "a"), ("f", "a"), ("q", "r"), ("p", "r"), ("d", "r"), ("v", "a"), ("в", "о"), ("问", "答"), ("問", "答")];

/// First words of labels that are no speaker.
#[rustfmt::skip]
const NO_SPEAKER: &[&str] = &[
    // English: press releases, facts, credits
    "contact", "contacts", "media", "press contact", "note", "notes", "editor's", "editors", "source", "sources", "photo",
    "photos", "picture", "pictures", "image", "images", "video", "videos", "audio", "credit", "credits", "caption",
    "update", "updates", "updated", "correction", "corrections", "clarification", "date", "dates", "time", "times",
    "when", "where", "what", "who", "why", "how", "which", "tickets", "ticket", "price", "prices", "cost", "costs",
    "admission", "address", "location", "venue", "phone", "tel", "telephone", "fax", "email", "e-mail", "website",
    "web", "online", "hours", "open", "opening", "info", "information", "details", "ingredients", "ingredient",
    "method", "directions", "instructions", "preparation", "serves", "makes", "yield", "total", "prep", "cook",
    "pro", "pros", "con", "cons", "myth", "myths", "fact", "facts", "fiction", "claim", "claims", "verdict",
    "conclusion", "summary", "background", "introduction", "intro", "analysis", "result", "results", "score", "final",
    "winner", "winners", "loser", "losers", "best", "worst", "problem", "problems", "solution", "solutions", "before",
    "after", "then", "now", "strengths", "strength", "weaknesses", "weakness", "positives", "negatives", "step",
    "steps", "tip", "tips", "warning", "caution", "example", "examples", "related", "read", "also", "see", "watch",
    "listen", "more", "category", "categories", "tags", "tag", "keywords", "title", "headline", "author", "authors",
    "by", "copyright", "published", "genre", "cast", "starring", "rating", "runtime", "release", "released",
    "developer", "publisher", "platform", "platforms", "round", "day", "week", "month", "year", "part", "chapter",
    "section", "figure", "fig", "table", "home", "away", "team", "coach", "record", "position", "height", "weight",
    "age", "born", "died", "education", "occupation", "name", "names", "size", "color", "colour", "material", "power",
    "engine", "weather", "high", "low", "today", "tomorrow", "tonight", "yesterday", "monday", "tuesday", "wednesday",
    "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december", "breaking", "exclusive", "opinion", "live",
    "advantages", "disadvantages", "advantage", "disadvantage", "subject", "re", "to", "cc", "attention", "reference", "abstract",
    "keywords", "plot", "quote", "quotes", "lesson", "rule", "rules", "key", "number", "option", "options", "appetizer", "starter",
    "starters", "main", "mains", "dessert", "desserts", "drinks", "breakfast", "lunch", "dinner", "snack", "good",
    "bad", "bottom", "top", "left", "right", "above", "below", "status", "version", "requirements", "synopsis",
    "disclosure", "disclaimer", "highlights", "takeaway", "takeaways", "reason", "reasons", "pick", "prediction",
    "line", "break", "music", "odds", "spread", "lineup", "goals", "goal", "assists", "attendance", "referee", "stadium", "kickoff", "tv",
    "radio", "channel", "network", "station", "distance", "duration", "transport", "stay", "eat", "drink", "buy",
    "sell", "hold", "target", "sector", "stock", "symbol", "shares", "revenue", "profit", "eps", "loss", "net", "sales",
    "meaning", "definition", "synonyms", "usage", "pronunciation", "etymology", "symptoms", "treatment", "causes", "cause",
    "effect", "goal", "objective", "mission", "vision", "plaintiff", "plaintiffs", "case", "charge", "charges",
    "sentence", "bond", "bail", "arrested", "victim", "victims", "suspect", "suspects", "offense", "agency", "county",
    "city", "state", "country", "capital", "population", "language", "currency", "religion", "area", "climate",
    "theme", "topic", "topics", "agenda", "item", "motion", "vote", "votes", "ayes", "yeas", "noes", "nays", "aye",
    "nay", "yea", "no", "yes", "absent", "present", "abstain", "abstentions", "voting", "for", "against", "scene", "act", "setting",
    "history", "hypothesis", "experiment", "assumption", "assumptions", "risk", "risks", "opportunity", "opportunities", "threat",
    "threats", "challenge", "challenges", "impact", "outcome", "outcomes", "recommendation", "recommendations", "finding",
    "findings", "evidence", "test", "tests", "input", "output", "bonus", "extra", "ps", "nb", "fyi", "the good", "the bad",
    // German
    "kontakt", "hinweis", "hinweise", "quelle", "quellen", "foto", "fotos", "bild", "bilder", "datum", "zeit",
    "uhrzeit", "ort", "wann", "wo", "was", "wer", "wie", "warum", "zutaten", "zubereitung", "preis", "preise",
    "eintritt", "anmeldung", "infos", "adresse", "telefon", "fazit", "vorteil", "vorteile", "nachteil", "nachteile",
    "mythos", "fakt", "fakten", "tipp", "tipps", "achtung", "beispiel", "thema", "themen", "regie", "dauer", "verlag",
    "termin", "termine", "veranstaltungsort", "these", "ergebnis", "tore", "zuschauerzahl", "schiedsrichter",
    "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "gewinner", "verlierer",
    // French
    "lieu", "heure", "heures", "prix", "tarif", "tarifs", "ingredients", "preparation", "adresse", "avantage",
    "avantages", "inconvenient", "inconvenients", "lire", "voir", "ou", "quand", "quoi", "qui", "comment", "pourquoi",
    "conseil", "exemple", "remarque", "resultat", "resultats", "lundi", "mardi", "mercredi", "jeudi", "vendredi",
    "samedi", "dimanche", "mythe", "realite", "vrai", "faux", "pour", "contre", "probleme", "renseignements",
    // Spanish, Portuguese, Italian
    "contacto", "nota", "notas", "fuente", "fuentes", "fecha", "hora", "lugar", "precio", "precios",
    "ingredientes", "preparacion", "elaboracion", "ventajas", "desventajas", "donde", "cuando", "que", "quien",
    "mito", "realidad", "consejo", "ejemplo", "resultado", "lunes", "martes", "miercoles", "jueves", "viernes",
    "sabado", "domingo", "contato", "fonte", "data", "local", "preco", "preparo", "modo", "vantagens",
    "desvantagens", "onde", "quando", "quem", "contatti", "luogo", "prezzo", "ingredienti", "preparazione", "dove",
    "cosa", "chi", "contro", "vantaggi", "svantaggi", "risultato", "consiglio", "esempio", "info",
    // Dutch, Scandinavian, Finnish
    "noot", "bron", "tijd", "plaats", "prijs", "bereiding", "waar", "wanneer", "wat", "wie", "voordelen", "nadelen",
    "kalla", "kilde", "tid", "plats", "sted", "pris", "ingredienser", "gor", "var", "nar", "vad", "vem", "hvor",
    "nar", "hva", "hvem", "kontaktperson", "ainekset", "lahde", "kuva", "hinta", "missa", "milloin", "mita",
    // Slavic languages
    "kontakty", "zrodlo", "zdjecie", "data", "czas", "miejsce", "cena", "skladniki", "przygotowanie", "gdzie",
    "kiedy", "co", "kto", "zdroj", "datum", "cas", "misto", "suroviny", "postup", "kde", "kdy", "kdo", "контакты",
    "источник", "фото", "видео", "дата", "время", "место", "цена", "ингредиенты", "приготовление", "где", "когда",
    "что", "кто", "как", "плюсы", "минусы", "миф", "факт", "итог", "джерело", "дата", "час", "місце", "ціна",
    // Others
    "来源", "作者", "编辑", "时间", "地点", "图", "注", "电话", "责任编辑", "日期", "优点", "缺点", "写真", "出典",
    "日時", "場所", "住所", "料金", "출처", "사진", "일시", "장소", "المصدر", "صورة", "التاريخ", "المكان", "kaynak",
    "fotograf", "tarih", "yer", "saat", "fiyat", "malzemeler",
];

/// Last words of labels that are no speaker: `Media contact`, `Opening hours`.
#[rustfmt::skip]
const NO_SPEAKER_LAST: &[&str] = &[
    "contact", "contacts", "hours", "info", "information", "note", "notes", "details", "ingredients", "time", "times",
    "date", "dates", "score", "scores", "number", "price", "prices", "address", "tip", "tips", "facts", "result",
    "results", "list", "photo", "photos", "video", "below", "above", "following", "today", "here", "kontakt",
    "zutaten", "zeiten", "preis", "are", "is", "was", "were", "says", "said", "include", "includes", "including",
    "to", "of", "for", "with", "and", "or", "that", "this", "these", "those",
];

/// First words of phrases that are no names.
#[rustfmt::skip]
const NO_NAME: &[&str] = &[
    "a", "an", "the", "this", "that", "these", "those", "in", "on", "at", "for", "from", "with", "without", "about",
    "and", "or", "but", "if", "so", "as", "to", "of", "by", "my", "your", "our", "his", "her", "their", "its", "it",
    "he", "she", "they", "we", "i", "you", "there", "here", "one", "two", "three", "four", "five", "some", "many",
    "all", "most", "every", "each", "another", "other", "first", "second", "third", "next", "last", "is", "are", "was",
    "do", "does", "did", "can", "will", "would", "should", "could", "let", "not", "just", "only", "once", "new",
    "der", "die", "das", "ein", "eine", "im", "am", "und", "oder", "mit", "fur", "von", "zu", "auf", "bei", "nach",
    "le", "la", "les", "un", "une", "des", "et", "dans", "sur", "avec", "el", "los", "las", "una", "y", "en", "con",
    "il", "lo", "i", "gli", "uno", "e", "nel", "su", "os", "as", "um", "uma", "no", "na", "de", "het", "een", "en",
    "det", "den", "ett", "och", "og", "et", "в", "на", "и", "не", "по", "за", "о",
];

/// Words between the words of a name.
#[rustfmt::skip]
const PARTICLES: &[&str] = &[
    "de", "da", "do", "dos", "das", "del", "della", "di", "du", "des", "van", "von", "vom", "zu", "zur", "der", "den",
    "ter", "ten", "la", "le", "las", "los", "bin", "ibn", "al", "el", "y", "e", "af", "av", "of", "and", "the", "und",
    "pro", "tempore", "for", "d'", "o",
];

/// Words with which people speak of themselves and of those they speak to.
#[rustfmt::skip]
const PRONOUNS: &[&str] = &[
    "i", "i'm", "i've", "i'll", "i'd", "me", "my", "you", "you're", "you've", "your", "we", "we're", "we've", "our", "us",
    "thanks", "thank", "yeah", "yes", "ich", "mir", "mich", "wir", "uns", "sie", "ihnen", "ihr", "ihre", "du", "dir", "mein", "meine",
    "je", "j'ai", "moi", "nous", "vous", "votre", "vos", "notre", "mon", "ma", "tu", "yo", "mi", "me", "nosotros",
    "usted", "ustedes", "su", "tu", "nos", "nuestro", "nuestra", "io", "noi", "lei", "voi", "ho", "abbiamo", "mio", "mia",
    "nostro", "eu", "nos", "voce", "voces", "minha", "meu", "nossa", "ik", "wij", "we", "u", "jij", "je", "mijn",
    "jag", "vi", "ni", "oss", "min", "jeg", "oss", "dig", "mig", "mina", "me", "te", "mina", "ja", "my", "ty", "wy",
    "mnie", "nam", "panstwo", "jsem", "jsme", "я", "мы", "вы", "ты", "мне", "меня", "нас", "нам", "вас", "вам", "ми", "ви",
    "ben", "biz", "siz", "sen", "en", "mi", "eu", "noi", "dumneavoastra", "εγω", "εμεις", "εσεις",
];

/// Folded words.
struct Words(FxHashSet<String>);

impl Words {
    fn of(words: &[&str]) -> Words {
        Words(words.iter().map(|word| fold_value(word)).collect())
    }

    fn has(&self, folded: &str) -> bool {
        self.0.contains(folded)
    }
}

static TITLE_SET: LazyLock<Words> = LazyLock::new(|| Words::of(TITLES));
static ROLE_SET: LazyLock<Words> = LazyLock::new(|| Words::of(ROLES));
static NO_SPEAKER_SET: LazyLock<Words> = LazyLock::new(|| Words::of(NO_SPEAKER));
static NO_SPEAKER_LAST_SET: LazyLock<Words> = LazyLock::new(|| Words::of(NO_SPEAKER_LAST));
static NO_NAME_SET: LazyLock<Words> = LazyLock::new(|| Words::of(NO_NAME));
static PARTICLE_SET: LazyLock<Words> = LazyLock::new(|| Words::of(PARTICLES));
static PRONOUN_SET: LazyLock<Words> = LazyLock::new(|| Words::of(PRONOUNS));

/// Builds the tables now rather than at first use.
pub(super) fn build_tables() {
    for set in [&TITLE_SET, &ROLE_SET, &NO_SPEAKER_SET, &NO_SPEAKER_LAST_SET, &NO_NAME_SET, &PARTICLE_SET, &PRONOUN_SET]
    {
        LazyLock::force(set);
    }
}

/// Does the folded word stand before a name?
pub(super) fn is_title(word: &str) -> bool {
    TITLE_SET.has(word)
}

/// Is the folded label a role in a transcript?
pub(super) fn is_role(label: &str) -> bool {
    ROLE_SET.has(label)
}

/// Does the label with these folded words name something that does not speak?
pub(super) fn is_no_speaker(words: &[String]) -> bool {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return true };
    NO_SPEAKER_SET.has(first) || words.len() > 1 && NO_SPEAKER_LAST_SET.has(last)
}

/// Does no name begin with the folded word?
pub(super) fn is_no_name(word: &str) -> bool {
    NO_NAME_SET.has(word)
}

/// Does the folded word stand between the words of a name?
pub(super) fn is_particle(word: &str) -> bool {
    PARTICLE_SET.has(word)
}

/// Does the folded word mean who speaks, or who is spoken to?
pub(super) fn is_pronoun(word: &str) -> bool {
    PRONOUN_SET.has(word)
}
