"""The event log: who was shown what and clicked it, streamed to Parquet."""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.moment import Moment
from cocoonsim.durable import file_digest, put
from cocoonsim.explanations import explain

if TYPE_CHECKING:
    from cocoonsim.assemble import Parts

EVENTS_PER_FILE = 2_000_000
BYTES_PER_FILE = 128 * 2**20
"""What may wait in memory until it is written."""


class EventLog:
    """Exposures on disk: a row per user and step (ids shown, which were clicked), a few million rows per file.

    `which` is `none`, `all` or `sample 0.05`: a share of the users, chosen by a hash of their id, followed throughout.
    The files go to `folder` (made when needed; a temporary one if not given). Where one ends and the next begins follows
    from the rows alone, so a run that was interrupted and resumed leaves the same files.
    """

    def __init__(self, seed: int, which: str, folder: Path | None = None, why: bool = False) -> None:
        self.seed, self.why = seed, why
        word, _, share = which.partition(" ")
        self.share = {"none": 0.0, "all": 1.0}.get(word, float(share or 0))
        self.folder, self.temporary = folder, folder is None
        self.waiting: list[Any] = []
        self.rows = 0
        self.files: list[tuple[Path, str]] = []
        """Files that are complete, each with its SHA-256."""

    def write(self, moment: Moment, parts: Parts | None = None) -> None:
        """Add one moment. Raises UserError when the disk is full or cannot be written, or a feed cannot be explained."""
        if self.share <= 0:
            return
        kept = np.flatnonzero(Chance(self.seed).always.uniform("event log", moment.users)[:, 0] < self.share)
        slate = moment.feed.shape[1]
        most = max(1, min(EVENTS_PER_FILE, BYTES_PER_FILE // (20 + 5 * slate)))
        while len(kept):
            now, kept = np.split(kept, [most - self.rows])
            self.waiting.append(self._frame(moment, now, slate, parts))
            self.rows += len(now)
            if self.rows >= most:
                self._flush()

    def _frame(self, moment: Moment, rows: np.ndarray, slate: int, parts: Parts | None) -> Any:
        import polars as pl

        frame = pl.DataFrame(
            {
                "seed": np.full(len(rows), self.seed),
                "step": np.full(len(rows), moment.step, np.int32),
                "user": moment.users[rows],
                "items": pl.Series(moment.feed[rows], dtype=pl.Array(pl.Int32, slate)),
                "clicked": pl.Series(moment.clicks[rows], dtype=pl.Array(pl.Boolean, slate)),
            }
        )

        if not self.why or parts is None:
            return frame
        told = explain(parts, moment, moment.users[rows])
        why = [[[{"part": name, "adds": value} for name, value in told.of(row, place)] for place in range(slate)]
               for row in range(len(rows))]  # fmt: skip
        kind = pl.Array(pl.List(pl.Struct({"part": pl.String, "adds": pl.Float64})), slate)
        scores = pl.Series("score", told.scores, dtype=pl.Array(pl.Float32, slate))
        return frame.with_columns(scores, pl.Series("why", why, dtype=kind))

    def _packed(self) -> bytes:
        """What waits, as a Parquet file: the same bytes however it came together."""
        import polars as pl

        file = io.BytesIO()
        pl.concat(self.waiting, rechunk=True).write_parquet(file, compression="zstd")
        return file.getvalue()

    def _flush(self) -> None:
        if not self.waiting:
            return
        packed = self._packed()
        try:
            if self.folder is None:
                self.folder = Path(tempfile.mkdtemp(prefix="cocoonsim-events-"))
            self.folder.mkdir(parents=True, exist_ok=True)
            path = put(self._path(len(self.files)), lambda file: file.write(packed))
        except OSError as error:
            self.discard()
            raise UserError(
                f"cannot write the event log to {self.folder}: {error.strerror or error}. "
                "Make room, or use --events none, a smaller sample, or another place with --out"
            ) from None
        self.files.append((path, hashlib.sha256(packed).hexdigest()))
        self.waiting, self.rows = [], 0

    def _path(self, number: int) -> Path:
        assert self.folder is not None
        return self.folder / f"seed-{self.seed}-{number:04d}.parquet"

    def close(self) -> list[Path]:
        """Write what is left and give the files."""
        self._flush()
        return [path for path, _ in self.files]

    def discard(self) -> None:
        """Remove what was written so far to a temporary folder; a folder that was given is the giver's."""
        if self.temporary and self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def state(self) -> dict[str, Any]:
        """What it takes to go on later: which files are complete, and what waits."""
        files = [[path.name, digest] for path, digest in self.files]
        return {"files": files, "waiting": self._packed() if self.waiting else None}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a `state`; files written after it are removed. Raises UserError when an earlier one has changed."""
        if self.share <= 0 or self.folder is None:
            return
        import polars as pl

        self.files = listed_files(self.folder, state["files"])
        for path in set(self.folder.glob(f"seed-{self.seed}-*.parquet")) - {path for path, _ in self.files}:
            path.unlink()
        self.waiting = [pl.read_parquet(io.BytesIO(state["waiting"]))] if state["waiting"] else []
        self.rows = sum(len(frame) for frame in self.waiting)


def listed_files(folder: Path, listed: list[list[str]]) -> list[tuple[Path, str]]:
    """The files of a log, which must be as they were. Raises UserError."""
    files = [(folder / name, digest) for name, digest in listed]
    for path, digest in files:
        if not path.is_file() or file_digest(path) != digest:
            raise UserError(f"{path} is missing or was changed since it was written. Start the run again")
    return files
