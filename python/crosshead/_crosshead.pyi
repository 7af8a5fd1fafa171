"""The compiled part of the package."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Literal, TypedDict, final, overload, type_check_only

import pandas
import polars
import pyarrow
from typing_extensions import NotRequired, Required, Self, TypeVar, Unpack, disjoint_base

__all__ = [
    "Article",
    "Collocates",
    "Counts",
    "Export",
    "Facets",
    "Hit",
    "Index",
    "Kwic",
    "Results",
    "Table",
    "Timeline",
    "index",
    "open",
    "sections",
]

# A row is a `Hit` in `Results`, a dictionary in other tables.
_Row = TypeVar("_Row", default=dict[str, Any], covariant=True)

_Path = str | PathLike[str]
_Texts = str | Iterable[str]
_Span = tuple[int, int]
_Degraded = Literal["time", "cancelled", "spans", "incomplete"]
_DatedBy = Literal["metadata", "text", "url", "path"]
_Unit = Literal["section", "passage", "article"]
_Fact = Literal[
    "source", "desk", "byline", "speaker", "lang", "tag", "folder", "heading", "dateline", "year", "month", "day"
]

@type_check_only
class _Options(TypedDict, total=False):
    """The options that all calls share. ``None`` is as if an option were not given, but for ``timeout``."""

    sort: Literal["relevance", "newest", "oldest", "path"] | None
    unit: _Unit | None
    any: bool | None
    strict: bool | None
    literal: bool | None
    ungroup: bool | None
    expand: bool | None
    per_article: int | None
    date: str | None
    since: str | None
    until: str | None
    words: str | None
    where: _Texts | None
    timeout: float | None
    source: _Texts | None
    desk: _Texts | None
    byline: _Texts | None
    lang: _Texts | None
    heading: _Texts | None
    tag: _Texts | None
    speaker: _Texts | None
    dateline: _Texts | None
    folder: _Texts | None

@type_check_only
class _Note(TypedDict):
    code: str
    message: str
    this: NotRequired[str]
    other: NotRequired[str]

@type_check_only
class _Pair(TypedDict):
    articles: int
    of: int

@type_check_only
class _Series(TypedDict):
    query: str
    value: str | None
    total: _Pair
    undated: _Pair
    imprecise: list[dict[str, Any]]

@type_check_only
class _Skipped(TypedDict):
    path: str
    reason: str

@type_check_only
class _Report(TypedDict):
    files: int
    articles: int
    sections: int
    passages: int
    added: int
    changed: int
    removed: int
    unchanged: int
    kept: int
    skipped: list[_Skipped]
    bytes: int
    seconds: float
    failed: list[dict[str, Any]]

@type_check_only
class _Passage(TypedDict):
    id: str
    section: int
    heading: str | None
    level: int
    trail: list[str]
    speaker: str | None
    time: str | None
    page: int | None
    passage: int
    line: int | None
    end_line: int | None
    start: int | None
    end: int | None
    text: str
    boilerplate: str | None
    marks: list[_Span]

@type_check_only
class _Verification(TypedDict):
    verdict: Literal["exact", "near", "no"]
    words: int
    articles: int
    places: list[dict[str, Any]]
    degraded: _Degraded | None

@type_check_only
class _Section(TypedDict):
    ordinal: int
    heading: str | None
    heading_line: int | None
    level: int
    trail: list[str]
    start_line: int | None
    end_line: int | None
    words: int

@type_check_only
class _Outline(TypedDict, total=False):
    """How an article was split; of a record that cannot be read, ``path``, ``position`` and ``skipped``."""

    path: Required[str]
    record: str | None
    title: str | None
    published: str | None
    dated_by: _DatedBy | None
    words: int
    file: str | None
    sections: list[_Section]
    boilerplate: list[dict[str, Any]]
    position: str
    skipped: str

def open(path: _Path, *others: _Path) -> Index: ...
def index(
    folder: _Path | Iterable[_Path] | None = None,
    path: _Path | None = None,
    *,
    rebuild: bool = False,
    rehash: bool = False,
    prune: bool = False,
    wait: bool = False,
    follow: bool = False,
    hidden: bool = False,
    discard_added: bool = False,
    threads: int = 0,
    memory: int | None = None,
    max_file: int | None = None,
    progress: Callable[[int, int, int, int], object] | None = None,
) -> Index: ...
def sections(file: _Path, *, explain: bool = False, max_file: int | None = None) -> list[_Outline]: ...
@final
class Index:
    @property
    def path(self) -> Path: ...
    @property
    def paths(self) -> list[Path]: ...
    @property
    def commit(self) -> str: ...
    @property
    def articles(self) -> int: ...
    @property
    def passages(self) -> int: ...
    @property
    def report(self) -> _Report | None: ...
    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        facets: _Texts | None = None,
        facet_limit: int | None = None,
        advice: bool = False,
        explain: bool = False,
        snippet: int | None = None,
        sample: int | None = None,
        seed: int = 0,
        **options: Unpack[_Options],
    ) -> Results: ...
    def export(
        self,
        query: str,
        *,
        order: Literal["rank", "index"] | None = None,
        snippet: int | None = None,
        sample: int | None = None,
        seed: int = 0,
        **options: Unpack[_Options],
    ) -> Export: ...
    def count(self, query: str, **options: Unpack[_Options]) -> Counts: ...
    def facets(
        self,
        query: str | None = None,
        facet: _Fact | Sequence[_Fact] | None = None,
        *,
        limit: int | None = None,
        prefix: str = "",
        **options: Unpack[_Options],
    ) -> Facets: ...
    def timeline(
        self,
        query: _Texts,
        *,
        by: Literal["auto", "day", "week", "month", "quarter", "year"] = "auto",
        per: _Fact | None = None,
        limit: int = 5,
        relative: bool = False,
        **options: Unpack[_Options],
    ) -> Timeline: ...
    def kwic(
        self,
        query: str,
        *,
        width: int = 10,
        by: Literal["words", "chars"] = "words",
        order: _Texts | None = None,
        limit: int | None = 1000,
        sample: int | None = None,
        seed: int = 0,
        per: _Fact | None = None,
        **options: Unpack[_Options],
    ) -> Kwic: ...
    def collocates(
        self,
        query: str,
        *,
        window: int = 5,
        measure: Literal["ll", "mi", "logdice", "count"] = "ll",
        min_count: int = 5,
        limit: int = 50,
        against: str | None = None,
        **options: Unpack[_Options],
    ) -> Collocates: ...
    def verify(self, quotation: str, *, limit: int = 10, **options: Unpack[_Options]) -> _Verification: ...
    def article(self, id: str, query: str | None = None, **options: Unpack[_Options]) -> Article: ...
    @overload
    def run(
        self,
        queries: Mapping[Any, str] | Iterable[str] | Iterable[tuple[Any, str]],
        format: Literal["trec"] = "trec",
        *,
        limit: int = 1000,
        **options: Unpack[_Options],
    ) -> str: ...
    @overload
    def run(
        self,
        queries: Mapping[Any, str] | Iterable[str] | Iterable[tuple[Any, str]],
        format: Literal["dict"],
        *,
        limit: int = 1000,
        **options: Unpack[_Options],
    ) -> dict[str, dict[str, float]]: ...
    @overload
    def run(
        self,
        queries: Mapping[Any, str] | Iterable[str] | Iterable[tuple[Any, str]],
        format: Literal["table"],
        *,
        limit: int = 1000,
        **options: Unpack[_Options],
    ) -> Table: ...
    def explain(self, query: str, **options: Unpack[_Options]) -> str: ...
    def reload(self) -> bool: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        *_exception: type[BaseException] | BaseException | TracebackType | None,
    ) -> None: ...
    def __reduce__(self) -> tuple[Callable[[_Path], Index], tuple[Path]]: ...

@disjoint_base
class Table(Generic[_Row]):
    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, key: int, /) -> _Row: ...
    @overload
    def __getitem__(self, key: slice, /) -> list[_Row]: ...
    def __iter__(self) -> Iterator[_Row]: ...
    @property
    def columns(self) -> list[str]: ...
    def to_dicts(self) -> list[dict[str, Any]]: ...
    def to_arrow(self) -> pyarrow.Table: ...
    def to_polars(self) -> polars.DataFrame: ...
    def to_pandas(self) -> pandas.DataFrame: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def _repr_html_(self) -> str: ...

@final
class Results(Table[Hit]):
    @property
    def query(self) -> str: ...
    @property
    def reading(self) -> str: ...
    @property
    def notes(self) -> list[_Note]: ...
    @property
    def total(self) -> Counts: ...
    @property
    def degraded(self) -> _Degraded | None: ...
    @property
    def facets(self) -> dict[str, Facets]: ...
    @property
    def advice(self) -> list[dict[str, Any]]: ...
    @property
    def feedback(self) -> list[tuple[str, float]]: ...

@final
class Counts:
    @property
    def passages(self) -> int: ...
    @property
    def sections(self) -> int: ...
    @property
    def articles(self) -> int: ...
    @property
    def degraded(self) -> _Degraded | None: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

@final
class Hit:
    @property
    def rank(self) -> int: ...
    @property
    def score(self) -> float: ...
    @property
    def tier(self) -> Literal["all", "some"]: ...
    @property
    def lacks(self) -> list[str]: ...
    @property
    def id(self) -> str: ...
    @property
    def article(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def record(self) -> str | None: ...
    @property
    def title(self) -> str | None: ...
    @property
    def byline(self) -> str | None: ...
    @property
    def published(self) -> str | None: ...
    @property
    def published_from(self) -> date | None: ...
    @property
    def published_to(self) -> date | None: ...
    @property
    def dated_by(self) -> _DatedBy | None: ...
    @property
    def source(self) -> str | None: ...
    @property
    def url(self) -> str | None: ...
    @property
    def lang(self) -> str | None: ...
    @property
    def dateline(self) -> str | None: ...
    @property
    def desk(self) -> str | None: ...
    @property
    def tags(self) -> list[str]: ...
    @property
    def saved(self) -> str | None: ...
    @property
    def words(self) -> int | None: ...
    @property
    def file(self) -> str | None: ...
    @property
    def section(self) -> int: ...
    @property
    def heading(self) -> str | None: ...
    @property
    def level(self) -> int: ...
    @property
    def trail(self) -> list[str]: ...
    @property
    def speaker(self) -> str | None: ...
    @property
    def time(self) -> str | None: ...
    @property
    def page(self) -> int | None: ...
    @property
    def passage(self) -> int: ...
    @property
    def line(self) -> int | None: ...
    @property
    def end_line(self) -> int | None: ...
    @property
    def start(self) -> int | None: ...
    @property
    def end(self) -> int | None: ...
    @property
    def text(self) -> str: ...
    @property
    def marks(self) -> list[_Span]: ...
    @property
    def title_marks(self) -> list[_Span]: ...
    @property
    def heading_marks(self) -> list[_Span]: ...
    @property
    def snippet(self) -> str: ...
    @property
    def snippet_marks(self) -> list[_Span]: ...
    @property
    def terms(self) -> list[str]: ...
    @property
    def duplicates(self) -> list[str]: ...
    @property
    def boilerplate(self) -> str | None: ...
    @property
    def parts(self) -> list[tuple[str, float]]: ...
    def to_dict(self) -> dict[str, Any]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Export:
    def __iter__(self) -> Self: ...
    def __next__(self) -> Hit: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    @property
    def total(self) -> Counts: ...
    @property
    def reading(self) -> str: ...
    @property
    def notes(self) -> list[_Note]: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        *_exception: type[BaseException] | BaseException | TracebackType | None,
    ) -> None: ...

@final
class Facets(Table):
    @property
    def facets(self) -> list[_Fact]: ...
    @property
    def other_values(self) -> int: ...
    @property
    def other(self) -> Counts | None: ...
    @property
    def without(self) -> Counts | None: ...
    @property
    def degraded(self) -> _Degraded | None: ...

@final
class Timeline(Table):
    @property
    def by(self) -> Literal["day", "week", "month", "quarter", "year"]: ...
    @property
    def series(self) -> list[_Series]: ...
    @property
    def degraded(self) -> _Degraded | None: ...

@final
class Kwic(Table):
    @property
    def occurrences(self) -> int: ...
    @property
    def articles(self) -> int: ...
    @property
    def degraded(self) -> _Degraded | None: ...

@final
class Collocates(Table):
    @property
    def occurrences(self) -> int: ...
    @property
    def window_words(self) -> int: ...
    @property
    def reference_words(self) -> int: ...
    @property
    def degraded(self) -> _Degraded | None: ...

@final
class Article:
    @property
    def id(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def record(self) -> str | None: ...
    @property
    def title(self) -> str | None: ...
    @property
    def byline(self) -> str | None: ...
    @property
    def published(self) -> str | None: ...
    @property
    def published_from(self) -> date | None: ...
    @property
    def published_to(self) -> date | None: ...
    @property
    def dated_by(self) -> _DatedBy | None: ...
    @property
    def source(self) -> str | None: ...
    @property
    def url(self) -> str | None: ...
    @property
    def lang(self) -> str | None: ...
    @property
    def dateline(self) -> str | None: ...
    @property
    def desk(self) -> str | None: ...
    @property
    def tags(self) -> list[str]: ...
    @property
    def saved(self) -> str | None: ...
    @property
    def words(self) -> int | None: ...
    @property
    def file(self) -> str | None: ...
    @property
    def copies(self) -> list[str]: ...
    @property
    def title_marks(self) -> list[_Span]: ...
    @property
    def passages(self) -> list[_Passage]: ...
    @property
    def text(self) -> str: ...
    def to_dict(self) -> dict[str, Any]: ...
    def _repr_html_(self) -> str: ...
