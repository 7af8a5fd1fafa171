//! Opening one index or several, and taking up their newer commits.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use super::Searcher;
use super::over_engine::OverEngine;
use super::snapshot::Snapshot;
use crate::engine::Engine;
use crate::index::{Index, IndexError, guarded_by, one_of};

impl Searcher {
    /// Opens the last commit of the index at `path`.
    ///
    /// # Errors
    ///
    /// An error of reading the index.
    pub fn open(path: impl AsRef<Path>) -> Result<Searcher, IndexError> {
        Searcher::of(&Index::open(path.as_ref())?)
    }

    /// Opens the last commit of `index`.
    ///
    /// # Errors
    ///
    /// An error of reading the index.
    pub fn of(index: &Index) -> Result<Searcher, IndexError> {
        Searcher::of_all(vec![index.clone()])
    }

    /// Opens the last commits of several indexes, which are searched as one index of all of their articles would be: the same
    /// matches, counts, scores and order, reprints grouped across them. Each is written to by itself, and is only read here.
    ///
    /// Folders that two indexes follow under one name are shown with the name of the index before it: `2023/articles`. An
    /// article that is in two indexes is there twice, as two copies of a file in one index are. Of saved queries with one name
    /// that of the first index is meant.
    ///
    /// ```
    /// use crosshead::{Index, SearchOptions, Searcher, SyncOptions, sync};
    ///
    /// let folder = tempfile::tempdir()?;
    /// let mut paths = Vec::new();
    /// for (year, text) in [("2022", "# Dockers walk out\n\nNo ship.\n"), ("2023", "# The dockers are back\n\nAll ships.\n")] {
    ///     let articles = folder.path().join(year).join("articles");
    ///     std::fs::create_dir_all(&articles)?;
    ///     std::fs::write(articles.join("strike.md"), text)?;
    ///     paths.push(folder.path().join(year).join("index"));
    ///     let index = Index::open_or_create(paths.last().expect("it was pushed"))?;
    ///     sync(&index, &[articles], &SyncOptions::default())?;
    /// }
    /// let searcher = Searcher::open_all(&paths)?;
    /// assert_eq!(searcher.count("dockers", &SearchOptions::default())?.articles, 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// An error of reading an index, which names it: one that cannot be read is never left out. [`IndexError::Twice`] for one that is
    /// named twice, [`IndexError::NoneNamed`] without any.
    pub fn open_all<P: AsRef<Path>>(paths: &[P]) -> Result<Searcher, IndexError> {
        let mut known: HashMap<PathBuf, &Path> = HashMap::new();
        for path in paths.iter().map(AsRef::as_ref) {
            // One that is missing has an error of its own.
            let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
            if let Some(before) = known.insert(real, path) {
                return Err(IndexError::Twice { path: before.to_path_buf(), again: path.to_path_buf() });
            }
        }
        Searcher::of_all(paths.iter().map(|path| Index::open(path.as_ref())).collect::<Result<_, _>>()?)
    }

    fn of_all(indexes: Vec<Index>) -> Result<Searcher, IndexError> {
        if indexes.is_empty() {
            return Err(IndexError::NoneNamed);
        }
        let paths: Arc<[PathBuf]> = indexes.iter().map(|index| index.path().to_path_buf()).collect();
        let snapshot = guarded_by(|| one_of(paths.iter().map(PathBuf::as_path)), || Snapshot::open(&indexes, None))?;
        Ok(Searcher { paths, engine: None, current: Arc::new(RwLock::new(Arc::new(snapshot))) })
    }

    /// Searches what an engine holds, looking at no more than `most` articles for one call.
    ///
    /// # Errors
    ///
    /// An error of asking it.
    #[cfg_attr(not(feature = "engine"), allow(dead_code))]
    pub(crate) fn over(engine: Arc<dyn Engine>, most: usize) -> Result<Searcher, IndexError> {
        let paths: Arc<[PathBuf]> = [PathBuf::from(engine.name())].into();
        let engine = OverEngine::new(engine, most);
        let base = engine.base()?;
        Ok(Searcher { paths, engine: Some(Arc::new(engine)), current: Arc::new(RwLock::new(Arc::new(base))) })
    }

    /// Opens the newest commit of each index, also of one that was rebuilt in its place, with the saved queries as they are
    /// now. Returns whether there was a newer one, or others.
    /// Queries that are running end on the commits that they began with.
    ///
    /// # Errors
    ///
    /// An error of opening an index; the searcher then stays at its commits.
    pub fn reopen(&self) -> Result<bool, IndexError> {
        if let Some(engine) = &self.engine {
            if engine.engine.commit().map_err(IndexError::from)? == self.snapshot().commit() {
                return Ok(false);
            }
            *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(engine.base()?);
            return Ok(true);
        }
        let indexes = self.paths.iter().map(|path| Index::open(path)).collect::<Result<Vec<_>, _>>()?;
        let snapshot = self.snapshot();
        if snapshot.is_of(&indexes)? {
            return Ok(false);
        }
        let newer = self.guarded(|| Snapshot::open(&indexes, Some(&snapshot)))?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(newer);
        Ok(true)
    }

    /// A searcher that stays at the present commit when its clones are reopened.
    #[must_use]
    pub fn pinned(&self) -> Searcher {
        Searcher {
            paths: Arc::clone(&self.paths),
            engine: self.engine.clone(),
            current: Arc::new(RwLock::new(self.snapshot())),
        }
    }

    /// The folder of the index; of several, of the first.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.paths[0]
    }

    /// The folders of all indexes that are searched.
    #[must_use]
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }
}
