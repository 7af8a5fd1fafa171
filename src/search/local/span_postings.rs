//! The spans of a leaf of proximity in one field of one segment: positions of its words, their case and the bounds of
//! sentences, combined by the algebra of [`crate::search::local::span`].

use std::sync::Arc;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED, Term};

use crate::index::Fields;
use crate::index::terms::CaseBoundaryTerms;
use crate::query::Near;
use crate::search::budget::{Budget, Meter};
use crate::search::local::docs::{self, Blocks, Docs, Origins};
use crate::search::local::forms::WordTest;
use crate::search::local::occurrence::Occurrence;
use crate::search::local::postings::{
    CachedCursor, CachedPostings, Matches, PositionList, WordPostings, WordTerm, has_compounds, has_many,
};
use crate::search::local::span::{Documents, Marks, Space, Span, SpanNode, mentions, spans};
use crate::text::word::Case;
use crate::vocabulary::{Scope, TextField};

/// A word's positions, document by document.
enum WordPositions {
    Together(WordPostings),
    Gathered(PositionList),
}

impl WordPositions {
    fn doc(&self) -> DocId {
        match self {
            WordPositions::Together(word) => word.doc(),
            WordPositions::Gathered(word) => word.doc(),
        }
    }
    fn seek(&mut self, target: DocId) -> DocId {
        match self {
            WordPositions::Together(word) => word.seek(target),
            WordPositions::Gathered(word) => word.seek(target),
        }
    }
    fn advance(&mut self) -> DocId {
        match self {
            WordPositions::Together(word) => word.advance(),
            WordPositions::Gathered(word) => word.advance(),
        }
    }
    fn positions(&mut self, out: &mut Vec<u32>) {
        match self {
            WordPositions::Together(word) => word.positions(out),
            WordPositions::Gathered(word) => out.extend(word.here().iter().map(|(_, at)| *at)),
        }
    }
    fn compounds(&mut self, out: &mut Vec<(u32, u32)>) {
        match self {
            WordPositions::Together(word) => word.compounds(out),
            WordPositions::Gathered(word) => word.compounds(out),
        }
    }
}

/// Positions of a term of the shape field.
struct CaseBoundaryPostings {
    postings: Option<SegmentPostings>,
    origins: Origins,
}

impl CaseBoundaryPostings {
    fn open(source: &SpanSource<'_>, term: &str) -> std::io::Result<CaseBoundaryPostings> {
        let term = Term::from_field_text(source.fields.case_boundary, term);
        Ok(CaseBoundaryPostings {
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

/// Which of a word's positions are written in the case that was asked for.
struct CaseFilter {
    /// Must they be among these, or not be?
    among: bool,
    shapes: Vec<CaseBoundaryPostings>,
}

impl CaseFilter {
    fn open(source: &SpanSource<'_>, test: &WordTest) -> std::io::Result<Option<CaseFilter>> {
        let WordTest::Verbatim { case, .. } = test else { return Ok(None) };
        let terms = match CaseBoundaryTerms::case(source.field, case) {
            Some(term) => vec![term],
            None => CaseBoundaryTerms::capitalised(source.field).to_vec(),
        };
        let shapes = terms.iter().map(|term| CaseBoundaryPostings::open(source, term)).collect::<Result<_, _>>()?;
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

/// The spans of one text, with as much of their words as is needed.
enum TextSpans {
    /// With the documents of their words.
    Counted(Vec<Span<Documents>>),
    /// With all of their words.
    Marked(Vec<Span<Marks>>),
}

impl TextSpans {
    fn is_empty(&self) -> bool {
        match self {
            TextSpans::Counted(spans) => spans.is_empty(),
            TextSpans::Marked(spans) => spans.is_empty(),
        }
    }

    /// Has a span a word in this document?
    fn touch(&self, document: &Document) -> bool {
        match self {
            TextSpans::Counted(spans) => spans.iter().any(|span| span.trace.has(document.ordinal)),
            TextSpans::Marked(spans) => spans.iter().any(|span| document.has_any(&span.trace)),
        }
    }

    /// The weights of the spans with a word in this document.
    fn weight(&self, document: &Document) -> f32 {
        match self {
            TextSpans::Counted(spans) => {
                spans.iter().filter(|span| span.trace.has(document.ordinal)).map(|span| span.weight).sum()
            }
            TextSpans::Marked(spans) => {
                spans.iter().filter(|span| document.has_any(&span.trace)).map(|span| span.weight).sum()
            }
        }
    }
}

/// A document of the current text.
#[derive(Debug, Clone, Copy, Default)]
struct Document {
    doc: DocId,
    /// First and last position that was read of it.
    first: u32,
    last: u32,
    /// Its ordinal among the documents of the text that were read.
    ordinal: usize,
}

impl Document {
    /// Is any of these stretches of words in it?
    fn has_any(&self, marks: &Marks) -> bool {
        marks.iter().any(|&mark| self.has(mark))
    }

    fn has(&self, (start, end): (u32, u32)) -> bool {
        start <= self.last && end > self.first
    }
}

/// A leaf's [`SpanNode`] over the texts of one field: those of sections in the body, values elsewhere.
pub(crate) struct SpanPostings {
    node: SpanNode,
    words: Vec<Option<WordPositions>>,
    cases: Vec<Option<CaseFilter>>,
    sentences: Option<CaseBoundaryPostings>,
    paragraphs: Option<CaseBoundaryPostings>,
    /// Words with capitals, if they are asked for.
    capitals: Vec<CaseBoundaryPostings>,
    lede: Option<tantivy::columnar::Column<i64>>,
    blocks: Blocks,
    /// Scope of a text: a section, or one document.
    scope: Scope,
    /// Texts that can match, by their first documents.
    candidates: Docs,
    /// Are spans wanted with all of their words?
    is_marked: bool,
    /// Can a compound be a word of one operand and have a part that is a word of the other?
    can_overlap: bool,
    space: Space,
    documents: Vec<Document>,
    spans: TextSpans,
    /// Documents of the current text that match, and which is current.
    found: Vec<DocId>,
    at: usize,
    meter: Meter,
}

/// What [`SpanPostings::open`] needs of a segment.
pub(crate) struct SpanSource<'s> {
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
    /// Number of words of the ledes, by the article's first document.
    pub lede: Option<tantivy::columnar::Column<i64>>,
    /// What the query may cost.
    pub budget: &'s Budget,
}

impl SpanPostings {
    /// Opens the postings of a node whose words have these tests and terms; of all texts, or only of those with these
    /// documents, in rising order.
    ///
    /// # Errors
    ///
    /// What the operating system says.
    pub(crate) fn open(
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
        let mut words = Vec::new();
        node.words(&mut words);
        words.into_iter().for_each(|word| used[word] = true);
        let present = |word: usize| !terms[word].is_empty() && used[word];
        let all = 0..tests.len();
        let mut first_docs = |word: usize| -> std::io::Result<Docs> {
            if !present(word) {
                return Ok(docs::none());
            }
            let docs: Docs = if has_many(&terms[word]) {
                let found = CachedPostings::of_many(source.index, &terms[word], source.blocks.max_doc, source.budget)?;
                Box::new(CachedCursor::new(Arc::new(found)))
            } else {
                Box::new(WordPostings::open(source.index, &terms[word], IndexRecordOption::Basic, origins.clone())?)
            };
            Ok(docs::convert(source.blocks, docs, Scope::Passage, scope))
        };
        let mut candidates = match only {
            None => candidates(node, &mut first_docs)?,
            Some(docs) => {
                let mut first_docs: Vec<DocId> = docs.iter().map(|&doc| source.blocks.first_doc(doc, scope)).collect();
                first_docs.dedup();
                docs::from_sorted(first_docs)
            }
        };
        // Words with many forms are read in the documents of the candidates only.
        let mut wanted = Vec::new();
        if all.clone().any(|word| present(word) && has_many(&terms[word])) {
            while candidates.doc() != TERMINATED {
                let first_doc = candidates.doc();
                wanted.push(first_doc..source.blocks.end(first_doc, scope));
                candidates.advance();
            }
            candidates = docs::from_sorted(wanted.iter().map(|range| range.start).collect());
        }
        let open = |word: usize| -> std::io::Result<Option<WordPositions>> {
            if !present(word) {
                return Ok(None);
            }
            Ok(Some(if has_many(&terms[word]) {
                WordPositions::Gathered(PositionList::open(
                    source.index,
                    &terms[word],
                    &wanted,
                    &origins,
                    source.budget,
                )?)
            } else {
                let option = IndexRecordOption::WithFreqsAndPositions;
                WordPositions::Together(WordPostings::open(source.index, &terms[word], option, origins.clone())?)
            }))
        };
        let words = all.map(open).collect::<Result<Vec<_>, _>>()?;
        let cases = tests.iter().map(|test| CaseFilter::open(source, test)).collect::<Result<_, _>>()?;
        let capitalised = CaseBoundaryTerms::capitalised(source.field);
        let capitals = capitalised.iter().filter(|_| node.needs_capitals());
        let capitals = capitals.map(|term| CaseBoundaryPostings::open(source, term)).collect::<Result<_, _>>()?;
        let starts = |needed: bool, term: String| needed.then(|| CaseBoundaryPostings::open(source, &term)).transpose();
        let mut postings = SpanPostings {
            node: node.clone(),
            space: Space {
                words: vec![Vec::new(); tests.len()],
                compounds: vec![Vec::new(); tests.len()],
                ..Space::default()
            },
            words,
            cases,
            sentences: starts(node.needs(Near::Sentence), CaseBoundaryTerms::sentence(source.field))?,
            paragraphs: starts(node.needs(Near::Paragraph), CaseBoundaryTerms::paragraph(source.field))?,
            capitals,
            lede: source.lede.clone(),
            blocks: source.blocks.clone(),
            scope,
            candidates,
            is_marked: only.is_some() || node.can_share(&|a, b| share_a_term(&terms[a], &terms[b])),
            can_overlap: node.can_share(&|a, b| has_compounds(&terms[a]) || has_compounds(&terms[b])),
            documents: Vec::new(),
            spans: TextSpans::Counted(Vec::new()),
            found: Vec::new(),
            at: 0,
            meter: source.budget.meter(),
        };
        postings.settle();
        Ok(postings)
    }

    /// Finds the next text that matches, from the current candidate on; none once the budget is spent.
    fn settle(&mut self) -> DocId {
        self.found.clear();
        self.at = 0;
        while self.candidates.doc() != TERMINATED && !self.meter.is_spent() {
            self.read(self.candidates.doc());
            // Few texts have a compound, even of words that are common.
            let overlaps = self.can_overlap && self.space.compounds.iter().any(|compounds| !compounds.is_empty());
            self.spans = if self.is_marked || overlaps || self.documents.len() > Documents::MAX {
                TextSpans::Marked(spans(&self.node, &self.space, &mut self.meter))
            } else {
                TextSpans::Counted(spans(&self.node, &self.space, &mut self.meter))
            };
            if !self.spans.is_empty() {
                let all = &self.documents;
                let touched = all.iter().filter(|document| all.len() == 1 || self.spans.touch(document));
                self.found.extend(touched.map(|document| document.doc));
                break;
            }
            self.candidates.advance();
        }
        self.doc()
    }

    /// Reads the text whose first document is `first_doc` into the space.
    fn read(&mut self, first_doc: DocId) {
        self.space.clear();
        self.documents.clear();
        let end = self.blocks.end(first_doc, self.scope);
        let space = self.space.words.iter_mut().zip(&mut self.space.compounds);
        for ((word, case), (positions, compounds)) in self.words.iter_mut().zip(&mut self.cases).zip(space) {
            let Some(word) = word else { continue };
            let mut doc = if word.doc() < first_doc { word.seek(first_doc) } else { word.doc() };
            while doc < end {
                let from = positions.len();
                word.positions(positions);
                word.compounds(compounds);
                if let Some(case) = case {
                    case.apply(doc, positions, from);
                }
                if let (Some(&first), Some(&last)) = (positions.get(from), positions.last()) {
                    self.documents.push(Document { doc, first, last, ordinal: 0 });
                }
                doc = word.advance();
            }
        }
        self.documents.sort_unstable_by_key(|document| document.doc);
        self.documents.dedup_by(|next, kept| {
            let same = next.doc == kept.doc;
            if same {
                kept.first = kept.first.min(next.first);
                kept.last = kept.last.max(next.last);
            }
            same
        });
        for (ordinal, document) in self.documents.iter_mut().enumerate() {
            document.ordinal = ordinal;
            self.space.documents.push(document.first);
        }
        // A middle name can be in a passage without a word that is searched.
        let is_whole = !self.capitals.is_empty();
        if let Some(sentences) = self.sentences.as_mut().filter(|_| !is_whole) {
            self.documents.iter().for_each(|document| sentences.positions(document.doc, &mut self.space.sentences));
        }
        if is_whole {
            for doc in first_doc..end {
                let from = self.space.capitals.len();
                self.sentences.iter_mut().for_each(|sentences| sentences.positions(doc, &mut self.space.sentences));
                self.capitals.iter_mut().for_each(|capitals| capitals.positions(doc, &mut self.space.capitals));
                self.space.capitals[from..].sort_unstable();
            }
        }
        if let Some(paragraphs) = &mut self.paragraphs {
            // A paragraph can begin passages before the words it holds.
            for doc in first_doc..end {
                paragraphs.positions(doc, &mut self.space.paragraphs);
            }
        }
        if let Some(lede) = &self.lede {
            let words = lede.first(self.blocks.first_doc(first_doc, Scope::Article)).unwrap_or(0);
            self.space.lede = u32::try_from(words).unwrap_or(0);
        }
    }

    /// The current document.
    fn document(&self) -> Document {
        let doc = self.doc();
        self.documents.iter().find(|document| document.doc == doc).copied().unwrap_or_default()
    }
}

/// Has one term of the index both lists?
fn share_a_term(a: &[WordTerm], b: &[WordTerm]) -> bool {
    a.iter().any(|a| b.iter().any(|b| a.info.postings_range.start == b.info.postings_range.start))
}

/// Texts that have the words that a node cannot do without.
fn candidates(node: &SpanNode, first_docs: &mut dyn FnMut(usize) -> std::io::Result<Docs>) -> std::io::Result<Docs> {
    Ok(match node {
        SpanNode::Nothing => docs::none(),
        SpanNode::Word(word) => first_docs(*word)?,
        SpanNode::Phrase { words, .. } | SpanNode::Name { words, .. } => {
            docs::and(words.iter().map(|&word| first_docs(word)).collect::<std::io::Result<_>>()?)
        }
        SpanNode::Or(nodes) | SpanNode::Forms(nodes) => {
            docs::or(nodes.iter().map(|node| candidates(node, first_docs)).collect::<std::io::Result<_>>()?)
        }
        SpanNode::Near { negated: true, pair, .. } => candidates(&pair.0, first_docs)?,
        SpanNode::Near { pair, .. } => {
            docs::and(vec![candidates(&pair.0, first_docs)?, candidates(&pair.1, first_docs)?])
        }
        SpanNode::First(_, node) | SpanNode::Lede(node) => candidates(node, first_docs)?,
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
            let first_doc = self.blocks.first_doc(target, self.scope);
            if self.candidates.doc() < first_doc {
                self.candidates.seek(first_doc);
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
        self.spans.weight(&self.document())
    }
    fn mentions(&mut self) -> u32 {
        // Those of a text are counted once, at its first document.
        match &self.spans {
            _ if self.at > 0 => 0,
            TextSpans::Counted(spans) => mentions(spans),
            TextSpans::Marked(spans) => mentions(spans),
        }
    }
    fn marks(&mut self, out: &mut Vec<(u32, u32)>) {
        // Postings of all documents are counted only; those of hits are opened with their documents.
        let TextSpans::Marked(spans) = &self.spans else { return };
        let document = self.document();
        for span in spans {
            out.extend(span.trace.iter().copied().filter(|&mark| document.has(mark)));
        }
    }
    fn occurrences(&mut self, out: &mut Vec<Occurrence>) {
        let TextSpans::Marked(spans) = &self.spans else { return };
        let document = self.document();
        let of = |span: &Span<Marks>| Occurrence { start: span.start, end: span.end, words: span.trace.clone() };
        let begins = |span: &&Span<Marks>| (document.first..=document.last).contains(&span.start);
        out.extend(spans.iter().filter(begins).map(of));
    }
}
