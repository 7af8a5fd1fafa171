//! Measures of how a word is spread over two sets of texts.

/// Counts of a word and of all words in a set and in what it is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Contingency {
    /// Occurrences of the word in the set.
    pub(crate) in_set: u64,
    /// Words of the set.
    pub(crate) set: u64,
    /// Occurrences of the word in the reference, which does not hold the set.
    pub(crate) in_reference: u64,
    /// Words of the reference.
    pub(crate) reference: u64,
}

impl Contingency {
    /// Occurrences that the set would have if the word were as common in it as in both together.
    #[must_use]
    pub(crate) fn expected(self) -> f64 {
        let all = (self.set + self.reference) as f64;
        self.set as f64 * (self.in_set + self.in_reference) as f64 / all
    }

    /// Log-likelihood ratio G² over the four cells: the word or another, in the set or in the reference (Dunning: Accurate
    /// Methods for the Statistics of Surprise and Coincidence, 1993).
    #[must_use]
    pub(crate) fn log_likelihood(self) -> f64 {
        let (a, b) = (self.in_set as f64, self.in_reference as f64);
        let (c, d) = (self.set as f64 - a, self.reference as f64 - b);
        let all = a + b + c + d;
        let cell = |observed: f64, row: f64, column: f64| {
            if observed > 0.0 { observed * (observed * all / (row * column)).ln() } else { 0.0 }
        };
        let sum = cell(a, a + b, a + c) + cell(b, a + b, b + d) + cell(c, c + d, a + c) + cell(d, c + d, b + d);
        2.0 * sum
    }

    /// Log-likelihood over two cells, the word in the set and in the reference, as corpus tools compute keyness (Rayson,
    /// Garside: Comparing Corpora using Frequency Profiling, 2000).
    #[must_use]
    pub(crate) fn keyness(self) -> f64 {
        let expected = self.expected();
        let of_reference = (self.in_set + self.in_reference) as f64 - expected;
        let cell = |observed: u64, expected: f64| {
            if observed > 0 { observed as f64 * (observed as f64 / expected).ln() } else { 0.0 }
        };
        2.0 * (cell(self.in_set, expected) + cell(self.in_reference, of_reference))
    }

    /// Binary logarithm of the ratio of relative frequencies (Hardie: Log Ratio, an informal introduction, 2014). A word
    /// that the reference lacks counts half an occurrence there.
    #[must_use]
    pub(crate) fn log_ratio(self) -> f64 {
        let reference = if self.in_reference == 0 { 0.5 } else { self.in_reference as f64 };
        let relative = |count: f64, words: u64| count / words.max(1) as f64;
        (relative(self.in_set as f64, self.set) / relative(reference, self.reference)).log2()
    }

    /// Mutual information: binary logarithm of the observed over the expected occurrences (Church, Hanks: Word Association
    /// Norms, Mutual Information, and Lexicography, 1990).
    #[must_use]
    pub(crate) fn mutual_information(self) -> f64 {
        (self.in_set as f64 / self.expected()).log2()
    }
}

/// logDice of a node and a word near it (Rychlý: A Lexicographer-Friendly Association Score, 2008): 14 at most.
#[must_use]
pub(crate) fn log_dice(together: u64, node: u64, word: u64) -> f64 {
    14.0 + (2.0 * together as f64 / (node + word) as f64).log2()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Figures of a script with the formulas, to six decimals.
    #[test]
    fn formulas() {
        let near = |a: f64, b: f64| assert!((a - b).abs() < 5e-7, "{a} {b}");
        let table = Contingency { in_set: 30, set: 1_000, in_reference: 70, reference: 99_000 };
        near(table.expected(), 1.0);
        near(table.log_likelihood(), 156.403_009);
        near(table.keyness(), 155.544_398);
        near(table.log_ratio(), 5.406_964);
        near(table.mutual_information(), 4.906_891);
        near(log_dice(30, 200, 100), 11.678_072);
        let absent = Contingency { in_reference: 0, ..table };
        near(absent.log_ratio(), (0.03_f64 / (0.5 / 99_000.0)).log2());
    }

    /// Pairs of words of a corpus of 31,777 pairs, with the published -2 log λ: the first rows of table 1 of Dunning:
    /// Accurate Methods for the Statistics of Surprise and Coincidence, 1993. The counts are those of the pair, of the first
    /// word without the second, of the second without the first, and of neither.
    #[test]
    fn log_likelihood_as_published() {
        for (published, [both, first, second, neither], pair) in [
            (270.72, [110, 2_442, 111, 29_114], "the swiss"),
            (263.90, [29, 13, 123, 31_612], "can be"),
            (256.84, [31, 23, 139, 31_584], "previous year"),
            (167.23, [10, 0, 3, 31_764], "mineral water"),
            (157.21, [76, 104, 2_476, 29_121], "at the"),
            (157.03, [16, 16, 51, 31_694], "real terms"),
            (146.80, [9, 0, 5, 31_763], "natural gas"),
            (115.02, [16, 0, 865, 30_896], "owing to"),
            (104.53, [10, 9, 41, 31_717], "health insurance"),
            (100.96, [8, 2, 27, 31_740], "stiff competition"),
        ] {
            let table =
                Contingency { in_set: both, set: both + first, in_reference: second, reference: second + neither };
            assert_eq!(format!("{:.2}", table.log_likelihood()), format!("{published:.2}"), "{pair}");
        }
    }
}
