//! Where a leaf of proximity stands in one field of one segment: words in their places, cases and sentences, put
//! together by the algebra of [`crate::search::local::span`].

use std::sync::Arc;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED, Term};

use crate::index::Fields;
use crate::index::terms::Shape;
use crate::query::Near;
use crate::search::local::docs::{self, Blocks, Docs, Origins};
use crate::search::local::forms::WordTest;
use crate::search::local::postings::{
    Found, FoundPostings, GatheredPostings, Matches, WordPostings, WordTerm, has_many,
};
use crate::search::local::span::{Marks, Space, Span, SpanNode, mentions, spans};
use crate::text::word::Case;
use crate::vocabulary::{Scope, TextField};

/// A word's positions, document by document.
enum WordPlaces {
    Together(WordPostings),
    Gathered(GatheredPostings),
}

impl WordPlaces {
    fn doc(&self) -> DocId {
        match self {
            WordPlaces::Together(word) => word.doc(),
            WordPlaces::Gathered(word) => word.doc(),
        }
    }
    fn seek(&mut self, target: DocId) -> DocId {
        match self {
            WordPlaces::Together(word) => word.seek(target),
            WordPlaces::Gathered(word) => word.seek(target),
        }
    }
    fn advance(&mut self) -> DocId {
        match self {
            WordPlaces::Together(word) => word.advance(),
            WordPlaces::Gathered(word) => word.advance(),
        }
    }
    fn positions(&mut self, out: &mut Vec<u32>) {
        match self {
            WordPlaces::Together(word) => word.positions(out),
            WordPlaces::Gathered(word) => out.extend(word.here().iter().map(|(_, at)| *at)),
        }
    }
}

/// Positions of a term of the shape field.
struct ShapePostings {
    postings: Option<SegmentPostings>,
    origins: Origins,
}

impl ShapePostings {
    fn open(source: &SpanSource<'_>, term: &str) -> std::io::Result<ShapePostings> {
        let term = Term::from_field_text(source.fields.shape, term);
        Ok(ShapePostings {
            postings: source.shape.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?,
            origins: source.blocks.origins(source.field),
        })
    }

    /// Appends the positions in `doc`. Documents must come in rising order.
    fn positions(&mut self, doc: DocId, out: &mut Vec<u32>) {
        let Some(postings) = &mut self.postings else { return };
        if postings.doc() < doc {
            postings.seek(doc);
        }
        if postings.doc() == doc {
            postings.append_positions_with_offset(self.origins.of(doc), out);
        }
    }
}

/// The first words of the sentences of these passages, in rising order, counted from each passage's first word.
///
/// # Errors
///
/// What the operating system says.
pub fn sentence_starts(index: &InvertedIndexReader, fields: &Fields, docs: &[DocId]) -> std::io::Result<Vec<Vec<u32>>> {
    let mut out = vec![Vec::new(); docs.len()];
    for field in [TextField::Body, TextField::Boilerplate] {
        let term = Term::from_field_text(fields.shape, &Shape::sentence(field));
        let mut postings = index.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?;
        let Some(postings) = &mut postings else { continue };
        for (&doc, starts) in docs.iter().zip(&mut out) {
            if postings.doc() < doc {
                postings.seek(doc);
            }
            if postings.doc() == doc {
                postings.append_positions_with_offset(0, starts);
            }
        }
    }
    Ok(out)
}

/// Which of a word's positions are written in the case that was asked for.
struct CaseFilter {
    /// Must they be among these, or not be?
    among: bool,
    shapes: Vec<ShapePostings>,
}

impl CaseFilter {
    fn open(source: &SpanSource<'_>, test: &WordTest) -> std::io::Result<Option<CaseFilter>> {
        let WordTest::Verbatim { case, .. } = test else { return Ok(None) };
        let terms = match Shape::case(source.field, case) {
            Some(term) => vec![term],
            None => Shape::capitalised(source.field).to_vec(),
        };
        let shapes = terms.iter().map(|term| ShapePostings::open(source, term)).collect::<Result<_, _>>()?;
        Ok(Some(CaseFilter { among: *case != Case::Lower, shapes }))
    }

    /// Keeps of `positions`, those of `doc`, what is in the case.
    fn apply(&mut self, doc: DocId, positions: &mut Vec<u32>, from: usize) {
        let mut shaped = Vec::new();
        for shape in &mut self.shapes {
            shape.positions(doc, &mut shaped);
        }
        shaped.sort_unstable();
        let mut kept = from;
        for i in from..positions.len() {
            if shaped.binary_search(&positions[i]).is_ok() == self.among {
                positions[kept] = positions[i];
                kept += 1;
            }
        }
        positions.truncate(kept);
    }
}

/// A leaf's [`SpanNode`] over the texts of one field: those of sections in the body, values elsewhere.
pub struct SpanPostings {
    node: SpanNode,
    words: Vec<Option<WordPlaces>>,
    cases: Vec<Option<CaseFilter>>,
    sentences: Option<ShapePostings>,
    paragraphs: Option<ShapePostings>,
    lede: Option<tantivy::columnar::Column<i64>>,
    blocks: Blocks,
    /// What a text is: a section's passages, or one document.
    scope: Scope,
    /// Texts that can match, by their heads.
    candidates: Docs,
    space: Space,
    /// The documents of the current text: each with its first and last position that was read.
    documents: Vec<(DocId, u32, u32)>,
    spans: Vec<Span>,
    /// Documents of the current text that match, and which is current.
    found: Vec<DocId>,
    at: usize,
}

/// What [`SpanPostings::open`] needs of a segment.
pub struct SpanSource<'s> {
    /// The inverted index of the field.
    pub index: &'s InvertedIndexReader,
    /// That of the shape field.
    pub shape: &'s InvertedIndexReader,
    /// Numbers of fields.
    pub fields: &'s Fields,
    /// The field.
    pub field: TextField,
    /// Blocks of the segment.
    pub blocks: &'s Blocks,
    /// How many words the ledes have, by the article's head.
    pub lede: Option<tantivy::columnar::Column<i64>>,
}

impl SpanPostings {
    /// Opens the postings of a node whose words have these tests and terms; of all texts, or only of those with these
    /// documents, in rising order.
    ///
    /// # Errors
    ///
    /// What the operating system says.
    pub fn open(
        source: &SpanSource<'_>,
        node: &SpanNode,
        tests: &[WordTest],
        terms: &[Vec<WordTerm>],
        only: Option<&[DocId]>,
    ) -> std::io::Result<SpanPostings> {
        let scope = match source.field {
            TextField::Body | TextField::Boilerplate => Scope::Section,
            _ => Scope::Passage,
        };
        let origins = source.blocks.origins(source.field);
        let mut used = vec![false; tests.len()];
        use_words(node, &mut used);
        let present = |word: usize| !terms[word].is_empty() && used[word];
        let all = 0..tests.len();
        let mut heads = |word: usize| -> std::io::Result<Docs> {
            if !present(word) {
                return Ok(docs::none());
            }
            let docs: Docs = if has_many(&terms[word]) {
                let found = Found::of_many(source.index, &terms[word], source.blocks.max_doc)?;
                Box::new(FoundPostings::new(Arc::new(found)))
            } else {
                Box::new(WordPostings::open(source.index, &terms[word], IndexRecordOption::Basic, origins.clone())?)
            };
            Ok(docs::convert(source.blocks, docs, Scope::Passage, scope))
        };
        let mut candidates = match only {
            None => candidates(node, &mut heads)?,
            Some(docs) => {
                let mut heads: Vec<DocId> = docs.iter().map(|&doc| source.blocks.head(doc, scope)).collect();
                heads.dedup();
                docs::from_sorted(heads)
            }
        };
        // Words that stand for many are read in the documents of the candidates only.
        let mut wanted = Vec::new();
        if all.clone().any(|word| present(word) && has_many(&terms[word])) {
            wanted = vec![false; source.blocks.max_doc as usize];
            let mut heads = Vec::new();
            while candidates.doc() != TERMINATED {
                let head = candidates.doc();
                heads.push(head);
                wanted[head as usize..source.blocks.end(head, scope) as usize].fill(true);
                candidates.advance();
            }
            candidates = docs::from_sorted(heads);
        }
        let open = |word: usize| -> std::io::Result<Option<WordPlaces>> {
            if !present(word) {
                return Ok(None);
            }
            Ok(Some(if has_many(&terms[word]) {
                WordPlaces::Gathered(GatheredPostings::open(source.index, &terms[word], &wanted, &origins)?)
            } else {
                let option = IndexRecordOption::WithFreqsAndPositions;
                WordPlaces::Together(WordPostings::open(source.index, &terms[word], option, origins.clone())?)
            }))
        };
        let words = all.map(open).collect::<Result<Vec<_>, _>>()?;
        let cases = tests.iter().map(|test| CaseFilter::open(source, test)).collect::<Result<_, _>>()?;
        let starts = |needed: bool, term: String| needed.then(|| ShapePostings::open(source, &term)).transpose();
        let mut postings = SpanPostings {
            node: node.clone(),
            space: Space { words: vec![Vec::new(); tests.len()], ..Space::default() },
            words,
            cases,
            sentences: starts(node.needs(Near::Sentence), Shape::sentence(source.field))?,
            paragraphs: starts(node.needs(Near::Paragraph), Shape::paragraph(source.field))?,
            lede: source.lede.clone(),
            blocks: source.blocks.clone(),
            scope,
            candidates,
            documents: Vec::new(),
            spans: Vec::new(),
            found: Vec::new(),
            at: 0,
        };
        postings.settle();
        Ok(postings)
    }

    /// From the current candidate on, finds the next text that matches.
    fn settle(&mut self) -> DocId {
        self.found.clear();
        self.at = 0;
        while self.candidates.doc() != TERMINATED {
            self.read(self.candidates.doc());
            self.spans = spans(&self.node, &self.space);
            if !self.spans.is_empty() {
                let all = &self.documents;
                let touched = |(_, first, last): &&(DocId, u32, u32)| {
                    all.len() == 1 || self.spans.iter().any(|span| touches(span, *first, *last))
                };
                self.found.extend(all.iter().filter(touched).map(|(doc, _, _)| *doc));
                break;
            }
            self.candidates.advance();
        }
        self.doc()
    }

    /// Reads the text at `head` into the space.
    fn read(&mut self, head: DocId) {
        self.space.clear();
        self.documents.clear();
        let end = self.blocks.end(head, self.scope);
        for ((word, case), positions) in self.words.iter_mut().zip(&mut self.cases).zip(&mut self.space.words) {
            let Some(word) = word else { continue };
            let mut doc = if word.doc() < head { word.seek(head) } else { word.doc() };
            while doc < end {
                let from = positions.len();
                word.positions(positions);
                if let Some(case) = case {
                    case.apply(doc, positions, from);
                }
                if let (Some(&first), Some(&last)) = (positions.get(from), positions.last()) {
                    self.documents.push((doc, first, last));
                }
                doc = word.advance();
            }
        }
        self.documents.sort_unstable();
        self.documents.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 = kept.1.min(next.1);
                kept.2 = kept.2.max(next.2);
            }
            same
        });
        if let Some(sentences) = &mut self.sentences {
            self.documents.iter().for_each(|(doc, _, _)| sentences.positions(*doc, &mut self.space.sentences));
        }
        if let Some(paragraphs) = &mut self.paragraphs {
            // A paragraph can begin passages before the words it holds.
            for doc in head..end {
                paragraphs.positions(doc, &mut self.space.paragraphs);
            }
        }
        if let Some(lede) = &self.lede {
            let words = lede.first(self.blocks.head(head, Scope::Article)).unwrap_or(0);
            self.space.lede = u32::try_from(words).unwrap_or(0);
        }
    }

    /// First and last position that was read of the current document.
    fn range(&self) -> (u32, u32) {
        let doc = self.doc();
        self.documents.iter().find(|(other, _, _)| *other == doc).map_or((0, 0), |&(_, first, last)| (first, last))
    }
}

/// Has a span a word that matched among these positions?
fn touches(span: &Span, first: u32, last: u32) -> bool {
    span.marks.iter().any(|&(start, end)| start <= last && end > first)
}

fn use_words(node: &SpanNode, used: &mut [bool]) {
    match node {
        SpanNode::Nothing => {}
        SpanNode::Word(word) => used[*word] = true,
        SpanNode::Phrase { words, .. } => words.iter().for_each(|&word| used[word] = true),
        SpanNode::Or(nodes) => nodes.iter().for_each(|node| use_words(node, used)),
        SpanNode::Near { pair, .. } => {
            use_words(&pair.0, used);
            use_words(&pair.1, used);
        }
        SpanNode::First(_, node) | SpanNode::Lede(node) => use_words(node, used),
    }
}

/// Texts that have the words that a node cannot do without.
fn candidates(node: &SpanNode, heads: &mut dyn FnMut(usize) -> std::io::Result<Docs>) -> std::io::Result<Docs> {
    Ok(match node {
        SpanNode::Nothing => docs::none(),
        SpanNode::Word(word) => heads(*word)?,
        SpanNode::Phrase { words, .. } => {
            docs::and(words.iter().map(|&word| heads(word)).collect::<std::io::Result<_>>()?)
        }
        SpanNode::Or(nodes) => {
            docs::or(nodes.iter().map(|node| candidates(node, heads)).collect::<std::io::Result<_>>()?)
        }
        SpanNode::Near { negated: true, pair, .. } => candidates(&pair.0, heads)?,
        SpanNode::Near { pair, .. } => docs::and(vec![candidates(&pair.0, heads)?, candidates(&pair.1, heads)?]),
        SpanNode::First(_, node) | SpanNode::Lede(node) => candidates(node, heads)?,
    })
}

impl DocSet for SpanPostings {
    fn advance(&mut self) -> DocId {
        if self.at + 1 < self.found.len() {
            self.at += 1;
            return self.doc();
        }
        self.candidates.advance();
        self.settle()
    }
    fn seek(&mut self, target: DocId) -> DocId {
        while self.at < self.found.len() && self.found[self.at] < target {
            self.at += 1;
        }
        if self.at < self.found.len() || self.found.is_empty() {
            return self.doc();
        }
        if target == TERMINATED {
            self.candidates.seek(TERMINATED);
        } else {
            let head = self.blocks.head(target, self.scope);
            if self.candidates.doc() < head {
                self.candidates.seek(head);
            } else {
                self.candidates.advance();
            }
        }
        let mut doc = self.settle();
        while doc < target {
            doc = self.advance();
        }
        doc
    }
    fn doc(&self) -> DocId {
        self.found.get(self.at).copied().unwrap_or(TERMINATED)
    }
    fn size_hint(&self) -> u32 {
        self.candidates.size_hint()
    }
}

impl Matches for SpanPostings {
    fn freq(&mut self) -> f32 {
        let (first, last) = self.range();
        self.spans.iter().filter(|span| touches(span, first, last)).map(|span| span.weight).sum()
    }
    fn mentions(&mut self) -> u32 {
        // A text's are counted once, at its first document.
        if self.at == 0 { mentions(&self.spans) } else { 0 }
    }
    fn marks(&mut self, out: &mut Vec<(u32, u32)>) {
        let (first, last) = self.range();
        let mut all: Marks = Marks::new();
        for span in &self.spans {
            all.extend(span.marks.iter().copied().filter(|&(start, end)| start <= last && end > first));
        }
        out.extend(all);
    }
}
