"""Tables of other libraries, which are imported when they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow as _pyarrow

    from ._crosshead import Table


def to_arrow(table: Table) -> _pyarrow.Table:
    """A table of pyarrow."""
    import pyarrow

    return pyarrow.table(table)


def to_polars(table: Table) -> polars.DataFrame:
    """A frame of polars, which needs nothing else."""
    import polars

    return polars.DataFrame(table)


def to_pandas(table: Table) -> pandas.DataFrame:
    """A frame of pandas, by pyarrow where that is installed. Days are ``datetime64``."""
    import pandas

    try:
        import pyarrow
    except ImportError:
        frame = pandas.DataFrame(table.to_dicts(), columns=list(table.columns))
        for name in ("published_from", "published_to", "from", "to"):
            if name in frame.columns:
                frame[name] = frame[name].astype("datetime64[s]")
        return frame
    return pyarrow.table(table).to_pandas(date_as_object=False)
