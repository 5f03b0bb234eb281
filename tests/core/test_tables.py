import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from cocoonsim.core.errors import UserError
from cocoonsim.core.tables import find_file, problems_with_path, read_table


def write(folder: Path, text: str, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_come_as_asked(tmp_path):
    table = read_table(write(tmp_path, "who,n,x\nb,1, 0.5\na,2,-3e2\n\n"))
    assert (table.rows, table.columns) == (2, ["who", "n", "x"])
    assert table.text("who").tolist() == ["b", "a"]
    assert table.whole_numbers("n").tolist() == [1, 2]
    assert table.numbers("x").tolist() == [0.5, -300.0]
    assert table.named("", 1) == "n"


@pytest.mark.parametrize("ending", ["parquet", "tsv"])
def test_other_formats_say_the_same(tmp_path, ending):
    frame = pl.DataFrame({"n": [1, 2], "x": [0.5, 1.5], "bits": [[1], [2]]})
    path = tmp_path / f"t.{ending}"
    if ending == "parquet":
        frame.write_parquet(path)
    else:
        frame.drop("bits").write_csv(path, separator="\t")
    table = read_table(path)
    assert table.columns == ["n", "x"]
    assert table.whole_numbers("n").tolist() == [1, 2]
    assert table.numbers("x").tolist() == [0.5, 1.5]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x,rating\n1,2\n3,\n", "row 2: rating is empty"),
        ("x,rating\n1,2\n3\n", "row 2: rating is empty"),
        ("x,rating\n1,2\n\n3,4\n", "row 2: rating is empty"),
        ("x,rating\n1,2\n3,good\n", "row 2: rating = 'good' is not a number"),
        ("x,rating\n1,NaN\n", "row 1: rating = 'NaN' is not a number"),
        ("x,rating\n1,inf\n", "row 1: rating = 'inf' is not a number"),
        ("x,ratings\n1,2\n", "has no column 'rating'; did you mean 'ratings'?"),
    ],
)
def test_a_bad_cell_is_named_with_file_row_and_column(tmp_path, text, message):
    path = write(tmp_path, text)
    with pytest.raises(UserError) as error:
        read_table(path).numbers("rating")
    assert str(error.value).startswith(str(path))
    assert message in str(error.value)


def test_whole_numbers_are_whole(tmp_path):
    with pytest.raises(UserError, match=r"row 1: x = '1.5' is not a whole number"):
        read_table(write(tmp_path, "x\n1.5\n")).whole_numbers("x")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("\n\n", "malformed"),
        ("x,y\n", "a header but no rows"),
        ("x,y\n1,2\n1,2,3\n", "a row has more cells than the header"),
        ('x,y\n1,"abc\n2,3\n', "malformed"),
    ],
)
def test_a_bad_file_is_named(tmp_path, text, message):
    with pytest.raises(UserError, match=message):
        read_table(write(tmp_path, text))


def test_bytes_that_are_no_text_and_unknown_endings(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"x,y\n1,\xff\xfe\n")
    with pytest.raises(UserError, match="malformed"):
        read_table(tmp_path / "t.csv")
    (tmp_path / "t.parquet").write_bytes(b"no parquet")
    with pytest.raises(UserError, match="malformed"):
        read_table(tmp_path / "t.parquet")
    with pytest.raises(UserError, match=r"cannot read \.xlsx; known: \.csv"):
        read_table(write(tmp_path, "x", "t.xlsx"))


def test_read_once_and_again_after_a_change(tmp_path):
    path = write(tmp_path, "x\n1\n")
    first = read_table(path)
    assert read_table(path) is first
    assert read_table(path, remember=False) is not first
    write(tmp_path, "x\n2\n")
    os.utime(path, ns=(1, 1))
    assert read_table(path).whole_numbers("x").tolist() == [2]


def test_find_file_looks_in_the_folder_or_next_to_the_file(tmp_path):
    path = write(tmp_path, "x\n1\n", "ratings.csv")
    assert find_file(str(tmp_path), "ratings.csv") == path
    assert find_file(str(path), "ratings.csv") == path
    with pytest.raises(UserError, match=r"there is no rating\.csv in .*did you mean 'ratings.csv'\?.*get it"):
        find_file(str(tmp_path), "rating.csv", "get it there")
    with pytest.raises(UserError, match="no data yet: get it there"):
        find_file("", "ratings.csv", "get it there")
    with pytest.raises(UserError, match="there is no file or folder nowhere"):
        find_file("nowhere", "ratings.csv")


def test_problems_with_a_path(tmp_path):
    assert problems_with_path(str(tmp_path), "get it") == []
    assert problems_with_path("", "get it") == [("path", "no data yet: get it")]
    assert problems_with_path("nowhere", "get it") == [("path", "there is no file or folder nowhere: get it")]


def test_columns_are_fresh_arrays(tmp_path):
    table = read_table(write(tmp_path, "x\n1\n2\n"))
    table.numbers("x")[:] = 0
    assert np.array_equal(table.numbers("x"), [1.0, 2.0])
