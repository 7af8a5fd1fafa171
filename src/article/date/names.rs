//! Words of dates: names of months and days in the languages of news, folded, and what stands beside dates.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

/// Month names by their first letters, folded, and long enough to be sure. Longer spellings stand first.
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

/// Words that stand beside dates, folded: names of zones, "published on" in several languages.
#[rustfmt::skip]
const DATE_WORDS: &[&str] = &[
    "published", "publish", "posted", "updated", "update", "last", "first", "on", "at", "the", "of", "date", "am",
    "pm", "a", "p", "m", "et", "est", "edt", "ct", "cst", "cdt", "mt", "mst", "mdt", "pt", "pst", "pdt", "gmt", "utc",
    "bst", "ist", "cet", "cest", "z", "t", "h", "uhr", "um", "st", "nd", "rd", "th", "er", "de", "del", "den", "le",
    "la", "el", "il", "a", "à", "les", "du", "vom", "am", "veroffentlicht", "aktualisiert", "stand", "publie", "mis",
    "jour", "modifie", "publicado", "actualizado", "atualizado", "em", "as", "alle", "ore", "pubblicato",
    "aggiornato", "hrs", "uur", "klo", "kl", "г", "в", "опубликовано", "обновлено", "年", "月", "日", "년", "월", "일",
];

/// Short names of days, folded.
const SHORT_DAY_NAMES: &[&str] = &[
    "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "mo", "di", "mi", "do", "fr", "sa", "so",
    "lun", "mar", "mer", "jeu", "ven", "sam", "dim",
];

/// Whole names of days, folded.
#[rustfmt::skip]
const DAY_NAMES: &[&str] = &[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "montag", "dienstag", "mittwoch",
    "donnerstag", "freitag", "samstag", "sonnabend", "sonntag", "lundi", "mardi", "mercredi", "jeudi", "vendredi",
    "samedi", "dimanche", "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo", "lunedi",
    "martedi", "mercoledi", "giovedi", "venerdi", "sabato", "domenica", "maandag", "dinsdag", "woensdag", "donderdag",
    "vrijdag", "zaterdag", "zondag",
];

pub(super) fn month_of(folded: &str) -> Option<i8> {
    static BY_NAME: LazyLock<FxHashMap<&str, i8>> = LazyLock::new(|| {
        // Of two months of one name, the first in the list.
        let names = MONTHS.iter().rev().flat_map(|&(names, month)| names.iter().map(move |&name| (name, month)));
        names.collect()
    });
    BY_NAME.get(folded).copied()
}

/// Words that stand beside dates: names of days and zones, and "published on" in several languages.
pub(super) fn is_date_word(folded: &str) -> bool {
    static KNOWN: LazyLock<FxHashSet<&str>> =
        LazyLock::new(|| DATE_WORDS.iter().chain(SHORT_DAY_NAMES).copied().collect());
    KNOWN.contains(folded) || is_day_name(folded)
}

/// Is the word, folded, the name of a month?
#[must_use]
pub fn is_month_name(folded: &str) -> bool {
    month_of(folded).is_some()
}

/// Is the word, folded, the whole name of a day of the week?
#[must_use]
pub fn is_day_name(folded: &str) -> bool {
    ["day", "tag", "woch", "abend", "di", "edi", "anche", "es", "ado", "ingo", "feira", "dag", "ka"]
        .iter()
        .any(|end| folded.ends_with(end))
        && DAY_NAMES.contains(&folded)
}
