"""Full-text search over a folder of news articles, by section and passage.

>>> import crosshead as ch
>>> ix = ch.index("corpus", path="index")      # doctest: +SKIP
>>> ix.search("harbour strike")                # doctest: +SKIP
"""

from importlib.metadata import PackageNotFoundError as _PackageNotFoundError
from importlib.metadata import version as _version

from ._crosshead import (
    Article,
    Collocates,
    Counts,
    Export,
    Facets,
    Hit,
    Index,
    Kwic,
    Results,
    Table,
    Timeline,
    index,
    open,
    sections,
)
from ._errors import (
    ArticleMissing,
    CrossheadError,
    FileSkipped,
    FolderMissing,
    Forked,
    Incomplete,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexOutdated,
    OptionError,
    QueryError,
)

__all__ = [
    "Article",
    "ArticleMissing",
    "Collocates",
    "Counts",
    "CrossheadError",
    "Export",
    "Facets",
    "FileSkipped",
    "FolderMissing",
    "Forked",
    "Hit",
    "Incomplete",
    "Index",
    "IndexDamaged",
    "IndexLocked",
    "IndexMissing",
    "IndexOutdated",
    "Kwic",
    "OptionError",
    "QueryError",
    "Results",
    "Table",
    "Timeline",
    "index",
    "open",
    "sections",
]

try:
    __version__: str = _version("crosshead")
except _PackageNotFoundError:  # The folder of the sources, with the module beside it.
    __version__ = "0"
