//! Words of dates in the languages of news, folded: names of months and days, and words common beside dates.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::text::fold::fold;

/// Names of months and their unambiguous abbreviations.
#[rustfmt::skip]
const MONTHS: &[(&[&str], i8)] = &[
    (&[
        "january", "januar", "janvier", "janv", "enero", "ene", "gennaio", "gen", "janeiro", "januari", "jan",
        "января", "январь", "stycznia", "styczen", "ocak", "tammikuu", "leden", "ledna",
    ], 1),
    (&[
        "february", "februar", "fevrier", "fevr", "fev", "febrero", "febbraio", "fevereiro", "februari", "feb",
        "февраля", "февраль", "lutego", "luty", "subat", "helmikuu", "unor", "unora",
    ], 2),
    (&[
        "march", "marz", "maerz", "mrz", "mars", "marzo", "marco", "maart", "mrt", "mar", "mart", "марта", "март",
        "marca", "marzec", "maaliskuu", "brezen", "brezna",
    ], 3),
    (&[
        "april", "avril", "avr", "abril", "abr", "aprile", "apr", "апреля", "апрель", "kwietnia", "kwiecien", "nisan",
        "huhtikuu", "duben", "dubna",
    ], 4),
    (&[
        "may", "mai", "mayo", "maggio", "mag", "maio", "mei", "maj", "maja", "мая", "май", "mayis", "toukokuu",
        "kveten", "kvetna",
    ], 5),
    (&[
        "june", "juni", "juin", "junio", "giugno", "giu", "junho", "jun", "июня", "июнь", "czerwca", "czerwiec",
        "haziran", "kesakuu", "cerven", "cervna",
    ], 6),
    (&[
        "july", "juli", "juillet", "juil", "julio", "luglio", "lug", "julho", "jul", "июля", "июль", "lipca",
        "lipiec", "temmuz", "heinakuu", "cervenec", "cervence",
    ], 7),
    (&[
        "august", "aout", "agosto", "ago", "augustus", "augusti", "aug", "августа", "август", "sierpnia", "sierpien",
        "agustos", "elokuu", "srpen", "srpna",
    ], 8),
    (&[
        "september", "septembre", "septiembre", "setiembre", "settembre", "setembro", "sept", "sep", "set",
        "сентября", "сентябрь", "wrzesnia", "wrzesien", "eylul", "syyskuu", "zari",
    ], 9),
    (&[
        "october", "oktober", "octobre", "octubre", "ottobre", "outubro", "oct", "okt", "ott", "out", "октября",
        "октябрь", "pazdziernika", "pazdziernik", "ekim", "lokakuu", "rijen", "rijna",
    ], 10),
    (&[
        "november", "novembre", "noviembre", "novembro", "nov", "ноября", "ноябрь", "listopada", "listopad", "kasim",
        "marraskuu", "listopadu",
    ], 11),
    (&[
        "december", "dezember", "decembre", "diciembre", "dicembre", "dezembro", "dec", "dez", "dic", "декабря",
        "декабрь", "grudnia", "grudzien", "aralik", "joulukuu", "prosinec", "prosince",
    ], 12),
];

/// Further names of months, in languages of newspapers whose names are not those above.
#[rustfmt::skip]
const MORE_MONTHS: &[(&[&str], i8)] = &[
    (&[
        "ianuarie", "січня", "січень", "януари", "sijecnja", "sijecanj", "ιανουαριου", "يناير", "январ",
        "januara", "gener", "janner", "tammikuuta", "ינואר", "जनवरी", "janvaris", "sausio",
    ], 1),
    (&[
        "februarie", "лютого", "лютий", "февруари", "veljace", "veljaca", "φεβρουαριου", "فبراير", "februara",
        "febrer", "feber", "helmikuuta", "פברואר", "फरवरी", "vasario",
    ], 2),
    (&[
        "martie", "березня", "березень", "ozujka", "ozujak", "μαρτιου", "مارس", "marcius",
        "maaliskuuta", "מרץ", "maret",
    ], 3),
    (&[
        "aprilie", "квітня", "квітень", "април", "travnja", "travanj", "απριλιου", "أبريل", "ابريل", "aprila",
        "aprilis", "huhtikuuta", "אפריל", "balandzio",
    ], 4),
    (&[
        "травня", "травень", "svibnja", "svibanj", "μαιου", "مايو", "majus", "toukokuuta", "maig", "מאי", "मई",
        "geguzes",
    ], 5),
    (&[
        "iunie", "червня", "червень", "юни", "lipnja", "lipanj", "ιουνιου", "يونيو", "juna", "junius",
        "kesakuuta", "juny", "יוני", "जून", "birzelio",
    ], 6),
    (&[
        "iulie", "липня", "липень", "юли", "srpnja", "srpanj", "ιουλιου", "يوليو", "jula", "julius",
        "heinakuuta", "juliol", "יולי", "जुलाई", "liepos",
    ], 7),
    (&[
        "серпня", "серпень", "kolovoza", "kolovoz", "αυγουστου", "أغسطس", "اغسطس", "avgusta", "avgust",
        "augusztus", "elokuuta", "agost", "אוגוסט", "अगस्त", "rugpjucio", "agustus",
    ], 8),
    (&[
        "septembrie", "вересня", "вересень", "септември", "rujna", "rujan", "σεπτεμβριου", "سبتمبر",
        "septembra", "septembar", "szeptember", "syyskuuta", "setembre", "ספטמבר", 
        "rugsejo",
    ], 9),
    (&[
        "octombrie", "жовтня", "жовтень", "октомври", "οκτωβριου", "أكتوبر", "اكتوبر", "oktobra", "oktobar",
        "lokakuuta", "אוקטובר", "spalio",
    ], 10),
    (&[
        "noiembrie", "листопада", "листопад", "ноември", "studenoga", "studenog", "studeni", "νοεμβριου",
        "نوفمبر", "novembra", "novembar", "marraskuuta", "נובמבר", "नवंबर", "lapkricio",
    ], 11),
    (&[
        "decembrie", "грудня", "грудень", "декември", "prosinca", "δεκεμβριου", "ديسمبر", "decembra",
        "decembar", "desember", "joulukuuta", "desembre", "דצמבר", "दिसंबर", "gruodzio",
    ], 12),
];

/// Words common beside dates: time zones, "published on" in several languages.
#[rustfmt::skip]
const DATE_WORDS: &[&str] = &[
    "published", "publish", "posted", "updated", "update", "last", "first", "on", "at", "the", "of", "date", "am",
    "pm", "a", "p", "m", "et", "est", "edt", "ct", "cst", "cdt", "mt", "mst", "mdt", "pt", "pst", "pdt", "gmt", "utc",
    "bst", "ist", "cet", "cest", "z", "t", "h", "uhr", "um", "st", "nd", "rd", "th", "er", "de", "del", "den", "le",
    "la", "el", "il", "a", "à", "les", "du", "vom", "am", "veroffentlicht", "aktualisiert", "stand", "publie", "mis",
    "jour", "modifie", "publicado", "actualizado", "atualizado", "em", "as", "alle", "ore", "pubblicato",
    "aggiornato", "hrs", "uur", "klo", "kl", "г", "в", "опубликовано", "обновлено", "年", "月", "日", "년", "월", "일",
    "modified", "edited", "amended", "revised", "written", "released", "zuletzt", "geandert", "erstellt", "geschrieben",
    "verfasst", "ecrit", "redige", "derniere", "modification", "jour", "escrito", "modificado", "ultima",
    "actualizacion", "atualizacao", "scritto", "modifica", "geplaatst", "gepubliceerd", "bijgewerkt", "gewijzigd",
    "laatst", "op", "om", "publicerad", "publicerat", "uppdaterad", "uppdaterat", "senast", "skriven", "publisert",
    "oppdatert", "sist", "skrevet", "udgivet", "opdateret", "sidst", "opublikowano", "aktualizacja", "dnia", "года",
    "изменено", "написано",
];

/// Abbreviations of days of the week.
const SHORT_DAY_NAMES: &[&str] = &[
    "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "mo", "di", "mi", "do", "fr", "sa", "so",
    "lun", "mar", "mer", "jeu", "ven", "sam", "dim",
];

/// Names of days of the week.
#[rustfmt::skip]
const DAY_NAMES: &[&str] = &[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "montag", "dienstag", "mittwoch",
    "donnerstag", "freitag", "samstag", "sonnabend", "sonntag", "lundi", "mardi", "mercredi", "jeudi", "vendredi",
    "samedi", "dimanche", "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo", "lunedi",
    "martedi", "mercoledi", "giovedi", "venerdi", "sabato", "domenica", "maandag", "dinsdag", "woensdag", "donderdag",
    "vrijdag", "zaterdag", "zondag",
];

static MONTH_OF_NAME: LazyLock<FxHashMap<String, i8>> = LazyLock::new(|| {
    // The first of two months with one name wins.
    let names = MONTHS
        .iter()
        .chain(MORE_MONTHS)
        .rev()
        .flat_map(|&(names, month)| names.iter().map(move |&name| (fold(name), month)));
    names.collect()
});

static DATE_WORD_SET: LazyLock<FxHashSet<&str>> =
    LazyLock::new(|| DATE_WORDS.iter().chain(SHORT_DAY_NAMES).copied().collect());

/// Builds the tables now rather than at first use.
pub(super) fn build_tables() {
    LazyLock::force(&MONTH_OF_NAME);
    LazyLock::force(&DATE_WORD_SET);
}

/// The month that a folded word names, from 1.
pub(super) fn month_of(folded: &str) -> Option<i8> {
    MONTH_OF_NAME.get(folded).copied()
}

/// Is the folded word common beside dates?
pub(in crate::article) fn is_date_word(folded: &str) -> bool {
    DATE_WORD_SET.contains(folded) || is_day_name(folded)
}

/// Does the folded word name a month?
#[must_use]
pub(crate) fn is_month_name(folded: &str) -> bool {
    month_of(folded).is_some()
}

/// Is the folded word the full name of a day of the week?
#[must_use]
pub(crate) fn is_day_name(folded: &str) -> bool {
    // Few words have these endings, so that the list is rarely searched.
    ["day", "tag", "woch", "abend", "di", "edi", "anche", "es", "ado", "ingo", "feira", "dag", "ka"]
        .iter()
        .any(|end| folded.ends_with(end))
        && DAY_NAMES.contains(&folded)
}
