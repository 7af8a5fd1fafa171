//! Mailboxes (mbox).

use std::io::{BufRead, Read};

use super::{envelope_time, message, separates};
use crate::ingest::format::Context;
use crate::ingest::source::{Source, unreadable};
use crate::ingest::{BadRecord, SkipReason, Yielded};

/// Reads a mailbox, message by message.
pub(in crate::ingest::format) fn read(
    source: Source<'_>,
    context: &Context,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    let name = source.name.clone();
    let mut reader = source.reader();
    let mut held: Vec<u8> = Vec::new();
    let mut delivered: Option<String> = None;
    // Was the last line blank, and was an envelope line read? `long` counts the bytes of a message over the limit.
    let (mut number, mut long, mut blank, mut begun) = (0usize, 0u64, true, false);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut reader).take(1 << 20).read_until(b'\n', &mut line).map_err(|error| unreadable(&error))?;
        let opens = read > 0 && blank && separates(&line);
        if (opens || read == 0) && begun {
            number += 1;
            let result = if long > 0 {
                Err(SkipReason::TooLong { bytes: long, limit: context.limits.max_bytes })
            } else {
                message::read_bytes(&held, &name, Some(number), delivered.as_deref(), sink)
            };
            if let Err(reason) = result {
                sink(Yielded::Bad(BadRecord { position: format!("message {number}"), reason }));
            }
            held.clear();
            long = 0;
        }
        if read == 0 {
            return Ok(());
        }
        if opens {
            begun = true;
            blank = false;
            delivered = envelope_time(&String::from_utf8_lossy(&line));
            continue;
        }
        blank = line.trim_ascii().is_empty();
        if long > 0 || held.len() as u64 + read as u64 > context.limits.max_bytes {
            long += held.len() as u64 + read as u64;
            held.clear();
        } else {
            // `>From ` is an escaped line of text.
            let quoted = line.iter().take_while(|&&byte| byte == b'>').count();
            let from = usize::from(quoted > 0 && line[quoted..].starts_with(b"From "));
            held.extend_from_slice(&line[from..]);
        }
    }
}
