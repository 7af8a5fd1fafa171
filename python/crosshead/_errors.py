"""Errors. Each is a :class:`CrossheadError`, and where Python has a class for the case, that too."""

from __future__ import annotations


class CrossheadError(Exception):
    """An error of this package, displayed as a sentence."""


class QueryError(CrossheadError, ValueError):
    """A query that cannot be run."""

    code: str
    """A short name that stays the same: ``open-quote``, ``unknown-field``."""
    message: str
    """What is wrong, and what to write instead."""
    offset: int
    """Where in the query it is, in code points."""
    suggestion: str | None
    """A query, or part of one, that would be valid."""
    query: str
    """The query."""

    def __init__(self, code: str, message: str, offset: int = 0, suggestion: str | None = None, query: str = "") -> None:
        super().__init__(code, message, offset, suggestion, query)
        self.code = code
        self.message = message
        self.offset = offset
        self.suggestion = suggestion
        self.query = query

    def __str__(self) -> str:
        return self.message


class OptionError(CrossheadError, ValueError):
    """A value that an option cannot have."""


class IndexMissing(CrossheadError, FileNotFoundError):
    """There is no index."""


class IndexDamaged(CrossheadError):
    """The files of the index are damaged: it must be built again."""


class IndexOutdated(CrossheadError):
    """The index was made by a version with another format: it must be built again."""


class IndexLocked(CrossheadError):
    """Another process is writing to the index."""


class FolderMissing(CrossheadError, FileNotFoundError):
    """A folder of articles does not exist."""


class ArticleMissing(CrossheadError, LookupError):
    """The index has no article with this id."""


class FileSkipped(CrossheadError):
    """A file that gives no article."""


class Incomplete(CrossheadError):
    """The time was up, or it was cancelled, before all was found or counted."""


class Forked(CrossheadError):
    """This process was forked from one in which the package had run."""
