"""Tables of the user's, read from CSV or Parquet. Whatever is wrong with them is said with file, row and column.

Every column is kept as text until it is asked for, so that a mistake is found in the column it is in and shown as it
stands in the file; only whole numbers of a Parquet file, which can hold nothing else, stay what they are. Rows are counted
from 1, without the header.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cocoonsim.core.errors import UserError, did_you_mean

if TYPE_CHECKING:
    import polars as pl

TABLE_ENDINGS = (".csv", ".tsv", ".dat", ".parquet", ".pq")


@dataclass(frozen=True)
class Table:
    """A table with at least one row. Columns come as fresh NumPy arrays with a value in every row."""

    path: Path
    frame: pl.DataFrame
    """All columns as text, or as whole numbers where the file says so itself."""

    @property
    def rows(self) -> int:
        """The number of rows."""
        return self.frame.height

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return self.frame.columns

    def named(self, column: str, place: int = 0) -> str:
        """`column` if the table has it, or the name of the column at `place` if `column` is empty. Raises UserError."""
        if not column and place < len(self.columns):
            return self.columns[place]
        if column not in self.columns:
            raise UserError(f"has no column {column!r}; {did_you_mean(column, self.columns)}", where=str(self.path))
        return column

    def series(self, column: str) -> pl.Series:
        """A column as text without gaps. Raises UserError when it is missing or has an empty cell."""
        import polars as pl

        values = self._without_gaps(column)
        return values if values.dtype == pl.String else values.cast(pl.String)

    def integers(self, column: str) -> np.ndarray | None:
        """int64 (rows,): a column that the file itself holds as whole numbers; None for any other.

        Raises UserError when it is missing or has an empty cell.
        """
        values = self._without_gaps(column)
        return self.whole_numbers(column) if values.dtype.is_integer() else None

    def _without_gaps(self, column: str) -> pl.Series:
        import polars as pl

        values = self.frame[self.named(column)]
        empty = values.is_null()
        if values.dtype == pl.String:
            empty = (empty | (values.str.strip_chars() == "")).fill_null(True)
        if empty.any():
            self.complain(column, int(empty.arg_max() or 0), "is empty")
        return values

    def text(self, column: str) -> np.ndarray:
        """object (rows,): a column as strings. Raises UserError when it is missing or has an empty cell."""
        return np.array(self.series(column).to_list(), dtype=object)

    def numbers(self, column: str) -> np.ndarray:
        """float64 (rows,): a column of finite numbers. Raises UserError with the first row that has none."""
        values = self._cast(column, "Float64", "is not a number")
        if not np.isfinite(values).all():
            self.complain(column, int(np.argmin(np.isfinite(values))), "is not a number")
        return values

    def whole_numbers(self, column: str) -> np.ndarray:
        """int64 (rows,): a column of whole numbers. Raises UserError with the first row that has none."""
        return self._cast(column, "Int64", "is not a whole number")

    def complain(self, column: str, row: int, message: str) -> None:
        """Raise the UserError that names the cell in `row` (counted from 0 here, from 1 in the message)."""
        value = self.frame[column][row]
        shown = f"{column} = {str(value)!r}" if value is not None else column
        raise UserError(f"{shown} {message}", where=f"{self.path}: row {row + 1}")

    def _cast(self, column: str, kind: str, message: str) -> np.ndarray:
        import polars as pl

        values = self._without_gaps(column)
        if values.dtype == pl.String:
            values = values.str.strip_chars()
        values = values.cast(getattr(pl, kind), strict=False)
        if values.null_count():
            self.complain(column, int(values.is_null().arg_max() or 0), message)
        return values.to_numpy().copy()


def problems_with_path(path: str, get: str) -> list[tuple[str, str]]:
    """What `Component.problems` says of a path setting before anything is read."""
    if not path:
        return [("path", f"no data yet: {get}")]
    if not Path(path).exists():
        return [("path", f"there is no file or folder {path}: {get}")]
    return []


def find_file(path: str, name: str, get: str = "") -> Path:
    """The file `name` in the folder `path`; if `path` is itself a file, the one called `name` next to it.

    Raises UserError when it is not there; `get` is a hint that says how to get it.
    """
    if not path:
        raise UserError(f"no data yet: {get}" if get else "no data: give the path of a file or folder")
    there = Path(path)
    if not there.exists():
        raise UserError(f"there is no file or folder {path}" + (f": {get}" if get else ""))
    folder = there if there.is_dir() else there.parent
    file = folder / name
    if not file.is_file():
        near = [other.name for other in folder.iterdir() if other.is_file()]
        hint = did_you_mean(name, near) if near else "the folder is empty"
        raise UserError(f"there is no {name} in {folder}; {hint}" + (f". If you lack it: {get}" if get else ""))
    return file


def read_table(path: Path, remember: bool = True) -> Table:
    """The table in a CSV (`.csv`), tab-separated (`.tsv`, `.dat`) or Parquet (`.parquet`, `.pq`) file with a header.

    A file that has not changed is read once, unless it is not to be remembered (because it is long, and what is made of it
    is remembered). Raises UserError for a file that is missing, empty, malformed or of another kind.
    """
    return (_read if remember else _read.__wrapped__)(path, *stamp(path))


def stamp(path: Path) -> tuple[int, int]:
    """When a file was last changed and how long it is: while both stay, what was read from it is still true."""
    try:
        status = path.stat()
    except OSError:
        raise UserError(f"there is no file {path}") from None
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=16)
def _read(path: Path, changed: int, size: int) -> Table:
    import polars as pl

    ending = path.suffix.lower()
    if ending not in TABLE_ENDINGS:
        raise UserError(
            f"cannot read {ending or 'a file without ending'}; known: {', '.join(TABLE_ENDINGS)}", str(path)
        )
    if size == 0:
        raise UserError("the file is empty", where=str(path))
    try:
        if ending in (".parquet", ".pq"):
            frame = pl.read_parquet(path, glob=False)
            nested = [name for name, kind in frame.schema.items() if kind.is_nested() or kind == pl.Binary]
            frame = frame.drop(nested)
            frame = frame.cast({name: pl.String for name, kind in frame.schema.items() if not kind.is_integer()})
        else:
            # every cell as text: what it should be is known only to whoever asks for the column
            separator = "," if ending == ".csv" else "\t"
            frame = pl.read_csv(path, separator=separator, infer_schema=False, glob=False)
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as error:
        reason = str(error).strip().splitlines()[0]
        if "more fields" in reason:
            reason = "a row has more cells than the header"
        raise UserError(f"the table is malformed: {reason}", where=str(path)) from None
    while frame.height and all(cell is None for cell in frame.row(-1)):  # blank lines at the end
        frame = frame.head(frame.height - 1)
    if not frame.height:
        raise UserError("the table has a header but no rows", where=str(path))
    return Table(path, frame)
