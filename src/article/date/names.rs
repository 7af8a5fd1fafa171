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
        "november", "novembre", "noviembre", "novembro", "nov", "ноября", "ноябрь", "kasim",
        "marraskuu", "listopadu",
    ], 11),
    (&[
        "december", "dezember", "decembre", "diciembre", "dicembre", "dezembro", "dec", "dez", "dic", "декабря",
        "декабрь", "grudnia", "grudzien", "aralik", "joulukuu", "prosinec", "prosince",
    ], 12),
];

/// Names of months and days of the week in 78 languages, as Unicode CLDR 48 has them (Unicode License v3): a line for each, or
/// for each country where they differ, its code, the months from the first, the days; `|` separates them, `/` forms of one.
const OF_LANGUAGES: &str = include_str!("names.tsv");

/// Names of months that CLDR lacks: other cases, spellings and abbreviations that newspapers print.
#[rustfmt::skip]
const OTHER_MONTHS: &[(&[&str], i8)] = &[
    (&["janner", "januara", "јануара", "ม.ค", "ianuar"], 1),
    (&["feber", "februara", "фебруара", "ก.พ", "فبرایر"], 2),
    (&["марта", "มี.ค"], 3),
    (&["aprila", "априла", "เม.ย", "نيسان"], 4),
    (&["маја", "พ.ค", "ايار"], 5),
    (&["juna", "јуна", "junija", "มิ.ย"], 6),
    (&["jula", "јула", "julija", "ก.ค"], 7),
    (&["avgusta", "августа", "ส.ค"], 8),
    (&["septembra", "септембра", "ก.ย"], 9),
    (&["oktobra", "октобра", "अक्तूबर", "ต.ค"], 10),
    (&["novembra", "новембра", "studenog", "พ.ย"], 11),
    (&["decembra", "децембра", "ธ.ค"], 12),
];

/// Months of the Solar Hijri calendar, from the first, in Persian and in Dari.
const SOLAR_HIJRI_MONTHS: [&str; 12] = [
    "فروردین/حمل",
    "اردیبهشت/ثور",
    "خرداد/جوزا",
    "تیر/سرطان",
    "مرداد/اسد",
    "شهریور/سنبله",
    "مهر/میزان",
    "آبان/عقرب",
    "آذر/قوس",
    "دی/جدی",
    "بهمن/دلو",
    "اسفند/حوت",
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
    "изменено", "написано", "обновление", "дата", "мск", "msk",
    // Time zones of Asia, Africa and Australia.
    "wib", "wita", "wit", "jst", "kst", "hkt", "sgt", "aest", "aedt", "eat", "wat", "sast",
    "diperbarui", "terbit", "diterbitkan", "tanggal", "pukul", "hari", "guncelleme", "guncellenme", "yayinlanma", "yayin",
    "tarihi", "tarih", "saat", "son", "giris", "dodano", "godz", "r", "roku", "o", "aktualizovano", "publikovano",
    "zverejneno", "dne", "hod", "hodin", "frissitve", "megjelent", "kozzeteve", "m", "d", "gada", "publicat", "actualizat",
    "ora", "orele", "la", "δημοσιευθηκε", "δημοσιευση", "ενημερωση", "ενημερωθηκε", "τελευταια", "στις", "ωρα",
    "опубліковано", "оновлено", "року", "р", "о", "обновена", "публикувана", "часа", "ч", "објављено", "ажурирано", "у",
    "ж", "u", "yil", "en", "an", "ថ្ងៃទី", "ឆ្នាំ", "ngay", "thang", "nam", "luc", "gio", "cap", "nhat", "dang", "đang",
    // `пʼятниця`, which its apostrophe cuts.
    "п", "ятниця",
    "نشر", "نشرت", "في", "تاريخ", "بتاريخ", "النشر", "اخر", "تحديث", "الساعة", "يوم", "ه", "م", "ص", "بتوقيت", "غرينتش",
    "الموافق", "انتشار", "ساعت", "به", "روز", "ش", "یک", "دو", "سه", "چهار", "پنج", "شائع", "کی", "کو",
    // Months of the Islamic calendar, which Arabic newspapers print beside ours.
    "محرم", "صفر", "ربيع", "الاول", "الاخر", "الثاني", "جمادى", "الاولى", "الاخرة", "رجب", "شعبان", "رمضان", "شوال", "ذو",
    "القعدة", "الحجة", "ذي",
    "פורסם", "עודכן", "בשעה", "תאריך", "ב", "प्रकाशित", "अपडेटेड", "अपडेट", "को", "बजे", "दिनांक", "প্রকাশিত", "প্রকাশ",
    "আপডেট", "সময়", "টা", "மணி", "வெளியிடப்பட்டது", "입력", "수정", "등록", "승인", "최종수정", "기사입력", "발행", "업데이트",
    "시", "분", "วันที่", "เวลา", "น", "เผยแพร่", "อัปเดต", "เมื่อ", "พ", "ศ", "ค",
];

/// Characters of the words beside dates in Chinese and Japanese.
const DATE_IDEOGRAPHS: &str = "年月日時时点點分秒号號曜週周星期火水木金土一二三四五六七午前後后上下公開更新最終掲載配信発表行作成登録发布發佈表刊編輯编辑\
    间間期于於令和平成昭大正明治民國国元";

/// Words for a half of the day that are written before the time. Each is read as the token word beside it.
pub(super) const HALVES: &[(&str, &[&str])] =
    &[(FORENOON, &["午前", "上午", "凌晨", "早上", "오전"]), (AFTERNOON, &["午後", "午后", "下午", "晚上", "오후"])];
/// The word of a token for "before noon", written before the time.
pub(super) const FORENOON: &str = "午前";
/// The word of a token for "after noon", written before the time.
pub(super) const AFTERNOON: &str = "午後";

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

/// The month of falling leaves: October in Croatian, November in Polish and Czech.
pub(super) const LISTOPAD: [&str; 2] = ["listopad", "listopada"];

/// The languages of [`OF_LANGUAGES`]: names of months, names of days.
fn languages() -> impl Iterator<Item = (&'static str, &'static str)> {
    OF_LANGUAGES.lines().filter_map(|line| line.split_once('\t')?.1.split_once('\t'))
}

/// The forms of the names in a list, with their position.
fn forms(list: &str) -> impl Iterator<Item = (usize, &str)> {
    list.split('|').enumerate().flat_map(|(i, name)| name.split('/').map(move |form| (i, form.trim())))
}

static MONTH_OF_NAME: LazyLock<FxHashMap<String, i8>> = LazyLock::new(|| {
    let mut months = FxHashMap::default();
    // The first of two months with one name wins, but for LISTOPAD, which only its line can tell.
    for (names, month) in MONTHS.iter().chain(OTHER_MONTHS) {
        for name in *names {
            months.entry(fold(name)).or_insert(*month);
        }
    }
    for (i, name) in languages().flat_map(|(names, _)| forms(names)) {
        months.entry(fold(name)).or_insert(i as i8 + 1);
    }
    for name in LISTOPAD {
        months.remove(name);
    }
    months
});

/// First words of names of months that have two.
static FIRST_WORDS: LazyLock<FxHashSet<&str>> =
    LazyLock::new(|| MONTH_OF_NAME.keys().filter_map(|name| Some(name.split_once([' ', '.'])?.0)).collect());

static SOLAR_HIJRI_MONTH_OF_NAME: LazyLock<FxHashMap<String, i32>> = LazyLock::new(|| {
    let months = SOLAR_HIJRI_MONTHS.iter().zip(1..);
    months.flat_map(|(names, month)| names.split('/').map(move |name| (fold(name), month))).collect()
});

static DATE_WORD_SET: LazyLock<FxHashSet<String>> = LazyLock::new(|| {
    let days =
        languages().flat_map(|(_, days)| days.split(|c: char| c.is_whitespace() || matches!(c, '|' | '-' | '.')));
    // A single letter is a word of its own in some languages.
    let days = days.filter(|word| word.len() > 1);
    let words = DATE_WORDS.iter().chain(SHORT_DAY_NAMES).copied().chain(days).chain(LISTOPAD).map(fold);
    let words = words.chain(SOLAR_HIJRI_MONTH_OF_NAME.keys().cloned());
    let parts = MONTH_OF_NAME.keys().filter(|name| name.contains([' ', '.'])).flat_map(|name| name.split([' ', '.']));
    let ideographs = DATE_IDEOGRAPHS.chars().map(String::from).chain([FORENOON, AFTERNOON].map(str::to_string));
    words.chain(parts.map(str::to_string)).chain(ideographs).collect()
});

/// Builds the tables now rather than at first use.
pub(super) fn build_tables() {
    LazyLock::force(&MONTH_OF_NAME);
    LazyLock::force(&FIRST_WORDS);
    LazyLock::force(&DATE_WORD_SET);
}

/// The month that a folded word names, from 1.
pub(super) fn month_of(folded: &str) -> Option<i8> {
    // Hebrew joins its "in" to the name, Khmer its "month".
    let without_prefix = || folded.strip_prefix('ב').or_else(|| folded.strip_prefix("ខែ"));
    MONTH_OF_NAME.get(folded).or_else(|| MONTH_OF_NAME.get(without_prefix()?)).copied()
}

/// The month that two folded words name, from 1; `between` is what is written between them.
pub(super) fn month_of_two(first: &str, between: char, second: &str) -> Option<i8> {
    FIRST_WORDS.contains(first).then(|| MONTH_OF_NAME.get(&format!("{first}{between}{second}")).copied())?
}

/// The month of the Solar Hijri calendar that a folded word names, from 1.
pub(super) fn solar_hijri_month_of(folded: &str) -> Option<i32> {
    SOLAR_HIJRI_MONTH_OF_NAME.get(folded).copied()
}

/// Is the folded word common beside dates?
pub(in crate::article) fn is_date_word(folded: &str) -> bool {
    // Thai joins its "on the" to the day.
    let word = folded.strip_suffix("ที่").unwrap_or(folded);
    DATE_WORD_SET.contains(word) || is_day_name(word)
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
