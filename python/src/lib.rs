//! The Python module of Crosshead: `crosshead._crosshead`, which the package `crosshead` shows under its own name.
//!
//! - `index` is the class that answers, `results` and `export` what it gives, `analysis` the tables beside hits, `article` whole
//!   articles, `indexing` what writes an index.
//! - `fields` lists what is known of a hit: attributes, dictionaries and columns are made from that one list. `cell` is a value
//!   of it, `table` rows of them, `arrow` their columns in memory.
//! - `options` reads the options that all calls share, `calls` runs a call without Python's lock, `ending` looks to
//!   the end of the interpreter meanwhile, `errors` has its errors.
//!
//! What is public here is public in Python: `crosshead/_crosshead.pyi` describes it.

mod analysis;
mod arrow;
mod article;
mod calls;
mod cell;
mod ending;
mod errors;
mod export;
mod fields;
mod index;
mod indexing;
mod json;
mod options;
mod results;
mod runs;
mod table;
mod text;

use pyo3::prelude::*;

/// The compiled part of the package `crosshead`.
#[pymodule]
mod _crosshead {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::analysis::{Collocates, Facets, Kwic, Timeline};
    #[pymodule_export]
    use crate::article::Article;
    #[pymodule_export]
    use crate::export::Export;
    #[pymodule_export]
    use crate::fields::Hit;
    #[pymodule_export]
    use crate::index::{Index, open};
    #[pymodule_export]
    use crate::indexing::{index, sections};
    #[pymodule_export]
    use crate::results::{Counts, Results};
    #[pymodule_export]
    use crate::table::Table;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::ending::watch(module.py())
    }
}
