//! Bytes to text, by byte order mark, UTF-8, declared encoding or detection; and offsets of the text back to offsets of
//! the bytes.

use std::ops::Range;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, EUC_KR, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::{memchr, memchr_iter};
use oem_cp::code_table::DECODING_TABLE_CP_MAP;

use super::SkipReason;

/// How the bytes of a file were decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    /// Valid UTF-8: offsets of the text are those of the bytes, after the mark.
    Utf8,
    /// Any encoding of the Encoding Standard.
    Standard(&'static Encoding),
    /// UTF-32; `true` for big-endian.
    Utf32(bool),
    /// A code page of DOS, by its number: one byte for each character.
    CodePage(u16),
    /// ISO-2022-KR: EUC-KR in seven bits, between shifts.
    Iso2022Kr,
}

/// The text of a file, and the map back to its bytes.
#[derive(Debug)]
pub(crate) struct Decoded {
    /// The text, UTF-8, without a byte order mark.
    pub text: String,
    /// Maps offsets of the text to offsets of the bytes.
    pub map: TextMap,
}

/// Maps offsets of a text to offsets of the bytes it was decoded from.
#[derive(Debug)]
pub struct TextMap {
    scheme: Scheme,
    /// Length of the byte order mark.
    mark_bytes: usize,
    /// For the start of each line, its offset in the text and in the bytes. Empty for UTF-8.
    checkpoints: Vec<(usize, usize)>,
}

/// Share of control characters above which bytes are not text. In random bytes it is a little under a tenth.
const MOST_CONTROLS: f64 = 0.07;
/// Number of bytes from which an encoding is detected.
const DETECTION_BYTES: usize = 200_000;
/// Number of bytes within which a page declares its encoding.
const DECLARATION_BYTES: usize = 1_024;

/// Decodes the bytes of a file. `declares` tells whether its format may declare an encoding, as XML and HTML do.
///
/// # Errors
///
/// [`SkipReason::Binary`] if they are not text, [`SkipReason::Empty`] if they are white space and NULs only.
pub(crate) fn decode(bytes: &[u8], declares: bool) -> Result<Decoded, SkipReason> {
    let (scheme, mark_bytes) = scheme_of(bytes, declares)?;
    let body = &bytes[mark_bytes..];
    let decoded = match scheme {
        Scheme::Utf8 => Decoded {
            text: std::str::from_utf8(body).expect("`scheme_of` found valid UTF-8").to_string(),
            map: TextMap { scheme, mark_bytes, checkpoints: Vec::new() },
        },
        Scheme::Standard(encoding) => decode_lines(body, encoding, mark_bytes),
        Scheme::Utf32(big_endian) => decode_utf32(body, big_endian, mark_bytes),
        Scheme::CodePage(number) => decode_code_page(body, number, mark_bytes),
        Scheme::Iso2022Kr => decode_iso_2022_kr(body),
    };
    if decoded.text.chars().all(|c| c.is_whitespace() || c == '\0') {
        return Err(SkipReason::Empty);
    }
    Ok(decoded)
}

fn scheme_of(bytes: &[u8], declares: bool) -> Result<(Scheme, usize), SkipReason> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] => return Ok((Scheme::Utf32(false), 4)),
        [0, 0, 0xfe, 0xff, ..] => return Ok((Scheme::Utf32(true), 4)),
        [0xef, 0xbb, 0xbf, rest @ ..] if std::str::from_utf8(rest).is_ok() => return Ok((Scheme::Utf8, 3)),
        [0xef, 0xbb, 0xbf, ..] => return Ok((Scheme::Standard(UTF_8), 3)),
        [0xff, 0xfe, ..] => return Ok((Scheme::Standard(UTF_16LE), 2)),
        [0xfe, 0xff, ..] => return Ok((Scheme::Standard(UTF_16BE), 2)),
        _ => {}
    }
    if let Some(wide) = wide_without_mark(bytes) {
        return Ok((wide, 0));
    }
    if is_binary(bytes) {
        return Err(SkipReason::Binary);
    }
    // Text in ISO-2022 is ASCII with escape sequences, and so valid UTF-8.
    let escapes = memchr_iter(0x1b, &bytes[..bytes.len().min(DETECTION_BYTES)])
        .any(|at| matches!(bytes.get(at + 1), Some(b'$' | b'(')));
    if bytes.starts_with(ISO_2022_KR) {
        return Ok((Scheme::Iso2022Kr, 0));
    }
    if !escapes && std::str::from_utf8(bytes).is_ok() {
        return Ok((Scheme::Utf8, 0));
    }
    if !escapes && is_damaged_utf8(bytes) {
        return Ok((Scheme::Standard(UTF_8), 0));
    }
    let declared = if declares { declared(bytes) } else { None };
    let encoding = match declared {
        Some(Declared::CodePage(number)) => return Ok((Scheme::CodePage(number), 0)),
        Some(Declared::Standard(encoding)) => Some(encoding),
        None => None,
    };
    let encoding = encoding.unwrap_or_else(|| detect(bytes));
    if encoding == UTF_8 && std::str::from_utf8(bytes).is_ok() {
        return Ok((Scheme::Utf8, 0));
    }
    Ok((Scheme::Standard(encoding), 0))
}

/// What a text in ISO-2022-KR begins with.
const ISO_2022_KR: &[u8] = b"\x1b$)C";

/// The characters of a line in ISO-2022-KR, each as its bytes in EUC-KR, with the number of bytes of the line up to its end.
/// Shifts and the designator have none.
fn iso_2022_kr(line: &[u8]) -> Vec<(Vec<u8>, usize)> {
    const SHIFT_OUT: u8 = 0x0e;
    const SHIFT_IN: u8 = 0x0f;
    let mut is_out = false;
    let mut out = Vec::with_capacity(line.len());
    let mut at = 0;
    while let Some(&byte) = line.get(at) {
        match (byte, line.get(at + 1)) {
            (0x1b, _) if line[at..].starts_with(ISO_2022_KR) => at += ISO_2022_KR.len(),
            (SHIFT_OUT | SHIFT_IN, _) => {
                is_out = byte == SHIFT_OUT;
                at += 1;
            }
            (0x21..=0x7e, Some(&next @ 0x21..=0x7e)) if is_out => {
                at += 2;
                out.push((vec![byte | 0x80, next | 0x80], at));
            }
            _ => {
                at += 1;
                out.push((vec![byte], at));
            }
        }
    }
    out
}

fn decode_iso_2022_kr(body: &[u8]) -> Decoded {
    let mut text = String::with_capacity(body.len() * 2);
    let mut checkpoints = vec![(0, 0)];
    let mut at = 0;
    // A line ends the shift.
    for line in body.split_inclusive(|&byte| byte == b'\n') {
        let eight_bits: Vec<u8> = iso_2022_kr(line).into_iter().flat_map(|(character, _)| character).collect();
        text.push_str(&EUC_KR.decode_without_bom_handling(&eight_bits).0);
        at += line.len();
        checkpoints.push((text.len(), at));
    }
    Decoded { text, map: TextMap { scheme: Scheme::Iso2022Kr, mark_bytes: 0, checkpoints } }
}

/// UTF-16 or UTF-32 without a mark, by the positions of zero bytes.
fn wide_without_mark(bytes: &[u8]) -> Option<Scheme> {
    let sample = &bytes[..bytes.len().min(4_096) & !3];
    if sample.len() < 8 || memchr(0, sample).is_none() {
        return None;
    }
    let mut zeros = [0usize; 4];
    for (i, _) in sample.iter().enumerate().filter(|(_, byte)| **byte == 0) {
        zeros[i % 4] += 1;
    }
    let units = sample.len() / 4;
    let full = |count: usize| count * 20 >= units * 19;
    if full(zeros[0]) && full(zeros[1]) && !full(zeros[3]) {
        return Some(Scheme::Utf32(true));
    }
    if full(zeros[3]) && full(zeros[2]) && !full(zeros[0]) {
        return Some(Scheme::Utf32(false));
    }
    let (even, odd) = (zeros[0] + zeros[2], zeros[1] + zeros[3]);
    let enough = |count: usize| count * 100 >= sample.len();
    let encoding = if enough(even) && odd * 4 <= even {
        UTF_16BE
    } else if enough(odd) && even * 4 <= odd {
        UTF_16LE
    } else {
        return None;
    };
    let (text, broken) = encoding.decode_without_bom_handling(&bytes[..bytes.len().min(4_096) & !1]);
    let controls = text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    (!broken && controls * 50 <= text.len()).then_some(Scheme::Standard(encoding))
}

/// Magic bytes of a binary format, or too many control characters?
fn is_binary(bytes: &[u8]) -> bool {
    const MAGIC: &[&[u8]] = &[
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"\x7fELF",
        b"MZ\x90",
        b"OggS",
        b"ID3",
        b"RIFF",
        b"\x00\x00\x01\x00",
        b"\xca\xfe\xba\xbe",
        b"\x00asm",
        b"SQLite format 3",
        b"wOFF",
        b"wOF2",
        b"\x1aE\xdf\xa3",
    ];
    if MAGIC.iter().any(|magic| bytes.starts_with(magic)) {
        return true;
    }
    let end = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    let sample = &bytes[..end.min(64 * 1024)];
    let controls = sample
        .iter()
        .filter(|&&byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x0e | 0x0f | 0x1b))
        .count();
    controls as f64 > MOST_CONTROLS * sample.len() as f64
}

/// Is it UTF-8 with a few bad bytes, as text that was truncated or concatenated has?
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes[..bytes.len().min(DETECTION_BYTES)].utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    bad > 0 && good >= bad * 10
}

/// The encoding that a text declares.
enum Declared {
    Standard(&'static Encoding),
    CodePage(u16),
}

fn declared(bytes: &[u8]) -> Option<Declared> {
    let head = &bytes[..bytes.len().min(DECLARATION_BYTES)];
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let at = head.find("charset=").map(|at| at + 8).or_else(|| head.find("encoding=").map(|at| at + 9))?;
    let label = head[at..].trim_start_matches(['"', '\'', ' ']);
    let end = label.find(['"', '\'', ' ', ';', '>', '?', '/']).unwrap_or(label.len());
    by_label(&label[..end])
}

/// The encoding of a label: labels of the Encoding Standard, other names in use for them, code pages of DOS.
fn by_label(label: &str) -> Option<Declared> {
    let known = match label {
        "maccyrillic" | "mac-cyrillic" => Some(encoding_rs::X_MAC_CYRILLIC),
        "macroman" | "mac-roman" | "x-mac-roman" => Some(encoding_rs::MACINTOSH),
        "cp949" | "uhc" | "ms949" => Some(encoding_rs::EUC_KR),
        "cp932" | "cp943" => Some(encoding_rs::SHIFT_JIS),
        "cp936" => Some(encoding_rs::GBK),
        "cp950" => Some(encoding_rs::BIG5),
        label => Encoding::for_label(label.as_bytes()),
    };
    if let Some(encoding) = known {
        return (encoding != UTF_16LE && encoding != UTF_16BE).then_some(Declared::Standard(encoding));
    }
    let number = label.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().ok()?;
    let named = ["ibm", "cp", "dos-", "oem"].iter().any(|prefix| label.starts_with(prefix));
    (named && DECODING_TABLE_CP_MAP.contains_key(&number)).then_some(Declared::CodePage(number))
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&bytes[..bytes.len().min(DETECTION_BYTES)], true);
    detector.guess(None, Utf8Detection::Allow)
}

/// Decodes line by line, to know the start of each line in the text and in the bytes.
fn decode_lines(body: &[u8], encoding: &'static Encoding, mark_bytes: usize) -> Decoded {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(body.len() + body.len() / 2);
    let mut checkpoints = vec![(0, mark_bytes)];
    let mut at = 0;
    while at < body.len() {
        let end = line_end(body, at, encoding);
        feed(&mut decoder, &body[at..end], end == body.len(), &mut text);
        at = end;
        checkpoints.push((text.len(), mark_bytes + at));
    }
    Decoded { text, map: TextMap { scheme: Scheme::Standard(encoding), mark_bytes, checkpoints } }
}

/// The offset after the next line feed, or the end.
fn line_end(body: &[u8], at: usize, encoding: &'static Encoding) -> usize {
    let rest = &body[at..];
    let found = if encoding == UTF_16LE {
        rest.chunks_exact(2).position(|unit| unit == [b'\n', 0]).map(|i| i * 2 + 2)
    } else if encoding == UTF_16BE {
        rest.chunks_exact(2).position(|unit| unit == [0, b'\n']).map(|i| i * 2 + 2)
    } else {
        rest.iter().position(|&byte| byte == b'\n').map(|i| i + 1)
    };
    found.map_or(body.len(), |length| at + length)
}

fn feed(decoder: &mut Decoder, mut bytes: &[u8], last: bool, text: &mut String) {
    loop {
        let room = decoder.max_utf8_buffer_length(bytes.len()).expect("bytes in memory decode to a text that fits");
        text.reserve(room);
        let (result, read, _) = decoder.decode_to_string(bytes, text, last);
        bytes = &bytes[read..];
        if result == encoding_rs::CoderResult::InputEmpty {
            return;
        }
    }
}

fn decode_utf32(body: &[u8], big_endian: bool, mark_bytes: usize) -> Decoded {
    let mut text = String::with_capacity(body.len() / 3);
    let mut checkpoints = vec![(0, mark_bytes)];
    for (i, unit) in body.chunks(4).enumerate() {
        let c = match (unit, big_endian) {
            (&[a, b, c, d], true) => char::from_u32(u32::from_be_bytes([a, b, c, d])),
            (&[a, b, c, d], false) => char::from_u32(u32::from_le_bytes([a, b, c, d])),
            _ => None,
        };
        text.push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
        if c == Some('\n') {
            checkpoints.push((text.len(), mark_bytes + (i + 1) * 4));
        }
    }
    Decoded { text, map: TextMap { scheme: Scheme::Utf32(big_endian), mark_bytes, checkpoints } }
}

fn decode_code_page(body: &[u8], number: u16, mark_bytes: usize) -> Decoded {
    let table = DECODING_TABLE_CP_MAP.get(&number).expect("`by_label` found the code page");
    let mut text = String::with_capacity(body.len() * 2);
    let mut checkpoints = vec![(0, mark_bytes)];
    for (i, line) in body.split_inclusive(|&byte| byte == b'\n').scan(0, |at, line| {
        *at += line.len();
        Some((*at, line))
    }) {
        text.push_str(&table.decode_string_lossy(line));
        checkpoints.push((text.len(), mark_bytes + i));
    }
    Decoded { text, map: TextMap { scheme: Scheme::CodePage(number), mark_bytes, checkpoints } }
}

impl TextMap {
    /// Name of the encoding.
    #[must_use]
    pub fn encoding(&self) -> &'static str {
        match self.scheme {
            Scheme::Utf8 => "UTF-8",
            Scheme::Standard(encoding) => encoding.name(),
            Scheme::Utf32(_) => "UTF-32",
            Scheme::CodePage(_) => "a code page of DOS",
            Scheme::Iso2022Kr => "ISO-2022-KR",
        }
    }

    /// Offsets in `bytes`, which were decoded to `text`.
    #[must_use]
    pub fn byte_offsets<'a>(&'a self, text: &'a str, bytes: &'a [u8]) -> ByteOffsets<'a> {
        ByteOffsets { map: self, text, bytes, decoder: None, at: (0, 0) }
    }

    /// The start of the line that contains `offset` of the text: its offsets in the text and in the bytes.
    fn checkpoint(&self, offset: usize) -> (usize, usize) {
        let after = self.checkpoints.partition_point(|&(text_at, _)| text_at <= offset);
        self.checkpoints.get(after.wrapping_sub(1)).copied().unwrap_or((0, self.mark_bytes))
    }
}

/// Converts offsets of a text to offsets of its file. Conversions in ascending order cost one pass over the file in all.
pub struct ByteOffsets<'a> {
    map: &'a TextMap,
    text: &'a str,
    bytes: &'a [u8],
    decoder: Option<Decoder>,
    /// Offsets in the text and in the bytes up to which `decoder` has decoded.
    at: (usize, usize),
}

impl ByteOffsets<'_> {
    /// The byte range of the file that decodes to `span` of the text.
    pub fn of_span(&mut self, span: &Range<usize>) -> Range<usize> {
        let start = self.of(span.start);
        start..self.of(span.end)
    }

    /// The byte offset of the character at `offset` of the text.
    pub fn of(&mut self, offset: usize) -> usize {
        let map = self.map;
        match map.scheme {
            Scheme::Utf8 => offset + map.mark_bytes,
            Scheme::Utf32(_) => {
                let (text_at, file_at) = map.checkpoint(offset);
                file_at + self.text[text_at..offset].chars().count() * 4
            }
            Scheme::CodePage(_) => {
                let (text_at, file_at) = map.checkpoint(offset);
                file_at + self.text[text_at..offset].chars().count()
            }
            Scheme::Iso2022Kr => {
                let (text_at, file_at) = map.checkpoint(offset);
                let count = self.text[text_at..offset].chars().count();
                let line = &self.bytes[file_at..];
                let line = &line[..memchr(b'\n', line).map_or(line.len(), |end| end + 1)];
                let ends = iso_2022_kr(line);
                file_at + count.checked_sub(1).and_then(|last| ends.get(last)).map_or(0, |(_, end)| *end)
            }
            Scheme::Standard(encoding) => {
                let line = map.checkpoint(offset);
                if line.0 == offset {
                    return line.1;
                }
                if self.decoder.is_none() || self.at.0 > offset || self.at.0 < line.0 {
                    self.at = line;
                    self.decoder = None;
                }
                let decoder = self.decoder.get_or_insert_with(|| encoding.new_decoder_without_bom_handling());
                step_to(decoder, self.bytes, &mut self.at, offset)
            }
        }
    }
}

/// Decodes byte by byte from `at`, an offset of the text and one of the bytes, up to `offset` of the text. Returns the
/// offset of the bytes.
fn step_to(decoder: &mut Decoder, bytes: &[u8], at: &mut (usize, usize), offset: usize) -> usize {
    let mut room = [0u8; 32];
    while at.0 < offset && at.1 < bytes.len() {
        let (_, _, written, _) = decoder.decode_to_utf8(&bytes[at.1..=at.1], &mut room, false);
        at.0 += written;
        at.1 += 1;
    }
    at.1
}

/// Detects text that was decoded in a wrong encoding before it was saved: returns one of its words (`Ã©tÃ©`) and the word
/// meant (`été`), if there are several. The text is not repaired, since characters may be lost.
#[must_use]
pub(crate) fn mojibake(text: &str) -> Option<(String, String)> {
    const LEAST_WORDS: usize = 3;
    let text = &text[..text.floor_char_boundary(DETECTION_BYTES)];
    let mut words = text.split_whitespace().filter(|word| !word.is_ascii());
    let (mut found, mut repaired) = (None, 0);
    let mut seen = 0;
    for word in words.by_ref() {
        seen += 1;
        let latin: Option<Vec<u8>> = word.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
        let latin = latin.and_then(|bytes| String::from_utf8(bytes).ok());
        let meant = latin.or_else(|| {
            [encoding_rs::WINDOWS_1252, encoding_rs::WINDOWS_1251, encoding_rs::MACINTOSH].iter().find_map(|encoding| {
                let (bytes, _, unmappable) = encoding.encode(word);
                let meant = std::str::from_utf8(&bytes)
                    .ok()
                    .filter(|meant| !unmappable && meant.chars().count() < word.chars().count())?;
                Some(meant.to_string())
            })
        });
        if let Some(meant) = meant {
            repaired += 1;
            found.get_or_insert((word.to_string(), meant));
        }
    }
    found.filter(|_| repaired >= LEAST_WORDS && repaired * 3 >= seen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{EUC_KR, GBK, SHIFT_JIS, WINDOWS_1252};

    /// The byte range of every word must decode to the word.
    fn assert_offsets(bytes: &[u8], encoding: Option<&'static Encoding>, text: &str) {
        let decoded = decode(bytes, false).expect("text");
        assert_eq!(decoded.text, text);
        let mut offsets = decoded.map.byte_offsets(&decoded.text, bytes);
        let mut words = crate::text::Words::new(text);
        while let Some(word) = words.next() {
            let range = offsets.of_span(&(word.start..word.end));
            let piece = match encoding {
                Some(encoding) => encoding.decode_without_bom_handling(&bytes[range]).0.into_owned(),
                None => String::from_utf8_lossy(&bytes[range]).into_owned(),
            };
            assert_eq!(piece, text[word.start..word.end]);
        }
    }

    #[test]
    fn random_bytes_are_not_text() {
        let mut state = 9u64;
        for length in [4_096, 65_536, 100_000] {
            let byte = |_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 56) as u8
            };
            let bytes: Vec<u8> = (0..length).map(byte).collect();
            assert!(matches!(decode(&bytes, false), Err(SkipReason::Binary)), "{length}");
        }
    }

    #[test]
    fn offsets_in_many_encodings() {
        let japanese =
            "港で働く人々は月曜日に仕事を止めた。\n組合は賃金の引き上げを求めている。\nフェリーは運休した。\n"
                .repeat(3);
        let korean = "항만 노동자들이 월요일에 작업을 멈췄다.\n노조는 임금 인상을 요구하고 있다.\n".repeat(3);
        let chinese = "港口工人星期一停止工作，工会要求提高工资。\n渡轮停航，旅客滞留。\n".repeat(4);
        let french =
            "Les dockers ont cessé le travail à l'aube.\nIls réclament une hausse; «c'est légitime», dit-on à Évian.\n"
                .repeat(3);
        for (encoding, text) in [(SHIFT_JIS, &japanese), (EUC_KR, &korean), (GBK, &chinese), (WINDOWS_1252, &french)] {
            let (bytes, _, broken) = encoding.encode(text);
            assert!(!broken);
            assert_offsets(&bytes, Some(encoding), text);
        }
    }

    #[test]
    fn byte_order_marks_and_wide_text() {
        let text = "Dockers walk out\nTalks had failed over hours, a long dispute.\n";
        let mut bytes = vec![0xef, 0xbb, 0xbf];
        bytes.extend_from_slice(text.as_bytes());
        assert_offsets(&bytes, None, text);
        for (big_endian, mark) in [(true, true), (false, true), (true, false), (false, false)] {
            let unit = |unit: u16| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() };
            let mut bytes: Vec<u8> = if mark { unit(0xfeff).to_vec() } else { vec![] };
            bytes.extend(text.encode_utf16().flat_map(unit));
            assert_offsets(&bytes, Some(if big_endian { UTF_16BE } else { UTF_16LE }), text);
            let unit = |c: u32| if big_endian { c.to_be_bytes() } else { c.to_le_bytes() };
            let mut bytes: Vec<u8> = if mark { unit(0xfeff).to_vec() } else { vec![] };
            bytes.extend(text.chars().flat_map(|c| unit(c as u32)));
            let decoded = decode(&bytes, false).expect("text");
            assert_eq!(decoded.text, text);
            let range = decoded.map.byte_offsets(&decoded.text, &bytes).of_span(&(17..22));
            assert_eq!(range.len(), 20);
        }
    }

    #[test]
    fn damaged_utf8_is_still_utf8() {
        let mut bytes = "Élysée, naïveté, œuvre, déjà vu, où ça, été, à côté: très bien".as_bytes().to_vec();
        bytes.extend_from_slice(&[0xc3]);
        let decoded = decode(&bytes, false).expect("text");
        assert!(decoded.text.starts_with("Élysée"));
    }

    #[test]
    fn mojibake_is_detected() {
        for (text, meant) in [
            ("L'Ã©tÃ© aprÃ¨s la grÃ¨ve, le prÃ©sident", Some("L'été")),
            ("ÐŸÐ¾Ñ€Ñ‚ Ð·Ð°ÐºÑ€Ñ‹Ñ‚ Ð½Ð°", Some("Порт")),
            ("L'été après la grève, le président", None),
            ("Порт закрыт на неделю", None),
        ] {
            assert_eq!(mojibake(text).map(|(_, meant)| meant).as_deref(), meant, "{text}");
        }
    }

    #[test]
    fn code_pages_are_found_by_name() {
        let bytes = b"<?xml version=\"1.0\" encoding=\"IBM866\"?><a>\x8f\xae\xe0\xe2</a>";
        assert!(decode(bytes, true).expect("text").text.contains("Порт"));
        let bytes = b"<?xml version=\"1.0\" encoding=\"IBM855\"?>\n<a>\xdd\xd6\xe1\xe5</a>";
        let decoded = decode(bytes, true).expect("text");
        assert!(decoded.text.contains("По"), "{}", decoded.text);
        let at = decoded.text.find("По").expect("there");
        assert_eq!(decoded.map.byte_offsets(&decoded.text, bytes).of_span(&(at..at + 4)).len(), 2);
        let bytes = b"<?xml version=\"1.0\" encoding=\"MacCyrillic\"?><a>\x8f\xee\xf0\xf2</a>";
        assert!(decode(bytes, true).expect("text").text.contains("Порт"));
    }

    #[test]
    fn no_text() {
        assert_eq!(decode(b"", false).err(), Some(SkipReason::Empty));
        assert_eq!(decode(b" \n\0\0", false).err(), Some(SkipReason::Empty));
        assert_eq!(decode(b"\x89PNG\r\n\x1a\n\0\0\0", false).err(), Some(SkipReason::Binary));
        assert_eq!(decode(&[1, 2, 3, 4, 5, 200, 6, 7, 1, 2, 3], false).err(), Some(SkipReason::Binary));
        assert!(decode(b"Dockers\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", false).is_ok());
    }

    #[test]
    fn a_page_declares_its_encoding() {
        let bytes = b"<html><head><meta charset=\"windows-1251\"></head><body>\xcf\xee\xf0\xf2</body></html>";
        assert!(decode(bytes, true).expect("text").text.contains("Порт"));
    }
}
