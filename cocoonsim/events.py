"""The event log: who was shown what and clicked it, streamed to Parquet."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.moment import Moment

EVENTS_PER_FILE = 2_000_000


class EventLog:
    """Exposures on disk: a row per user and step (ids shown, which were clicked), a few million rows per file.

    `which` is `none`, `all` or `sample 0.05`: a share of the users, chosen by a hash of their id, followed throughout.
    """

    def __init__(self, seed: int, which: str) -> None:
        self.seed = seed
        word, _, share = which.partition(" ")
        self.share = {"none": 0.0, "all": 1.0}.get(word, float(share or 0))
        self.folder: Path | None = None
        self.frames: list[Any] = []
        self.rows = 0
        self.files: list[Path] = []

    def write(self, moment: Moment) -> None:
        """Add one moment."""
        if self.share <= 0:
            return
        import polars as pl

        kept = Chance(self.seed).always.uniform("event log", moment.users)[:, 0] < self.share
        feed, clicks = moment.feed[kept], moment.clicks[kept]
        slate = feed.shape[1]
        frame = pl.DataFrame(
            {
                "seed": np.full(len(feed), self.seed),
                "step": np.full(len(feed), moment.step, np.int32),
                "user": moment.users[kept],
                "items": pl.Series(feed, dtype=pl.Array(pl.Int32, slate)),
                "clicked": pl.Series(clicks, dtype=pl.Array(pl.Boolean, slate)),
            }
        )
        self.frames.append(frame)
        self.rows += len(frame)
        if self.rows >= EVENTS_PER_FILE:
            self._flush()

    def _flush(self) -> None:
        if not self.frames:
            return
        import polars as pl

        try:
            if self.folder is None:
                self.folder = Path(tempfile.mkdtemp(prefix="cocoonsim-events-"))
            path = self.folder / f"seed-{self.seed}-{len(self.files):04d}.parquet"
            pl.concat(self.frames).write_parquet(path, compression="zstd")
        except OSError as error:
            self.discard()
            raise UserError(f"cannot write the event log: {error}. Use --events none, or a sample") from None
        self.files.append(path)
        self.frames, self.rows = [], 0

    def close(self) -> list[Path]:
        """Write what is left and give the files."""
        self._flush()
        return self.files

    def discard(self) -> None:
        """Remove what was written so far."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
