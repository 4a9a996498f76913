"""CSV files as they come: encodings, ragged rows, formulas, files that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.domain.cells import safe_cell
from services.domain.errors import KnownError
from services.ingest import csv_source, rows
from services.ingest.csv_source import CsvSource

TEXT = "编号,名称,经度,纬度\n1,康乐十字,101.813,36.607\n2,博文路口,101.819,36.6026\n"


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("codec", "named"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with byte-order mark"),
        ("gbk", "GBK (GB 18030)"),
        ("gb18030", "GBK (GB 18030)"),
        ("utf-16", "UTF-16 with byte-order mark"),
    ],
)
def test_every_usual_encoding_is_read_and_named(tmp_path: Path, codec: str, named: str) -> None:
    source = CsvSource(written(tmp_path / "a.csv", TEXT.encode(codec)))
    assert source.format.encoding == named
    assert source.format.columns == ("编号", "名称", "经度", "纬度")
    assert [r.cells["名称"] for r in source.rows()] == ["康乐十字", "博文路口"]


def test_a_named_encoding_is_used(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "id,name\n1,Café\n".encode("latin-1"))
    assert next(CsvSource(path, "latin-1").rows()).cells["name"] == "Café"
    with pytest.raises(KnownError) as caught:
        CsvSource(path, "klingon")
    assert caught.value.code == "unknown_encoding"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = TEXT.replace(",", delimiter)
    source = CsvSource(written(tmp_path / "a.csv", text.encode()))
    assert len(source.format.columns) == 4
    assert source.format.detail["delimiter"] == csv_source._DELIMITERS[delimiter]


def test_ragged_rows_are_reported_with_their_line_and_the_rest_is_read(tmp_path: Path) -> None:
    text = 'a,b\n1,2\n3\n4,5,6\n"x\ny",7\n\n8,9\n'
    found = list(CsvSource(written(tmp_path / "a.csv", text.encode())).rows())
    assert [(r.number, r.problem.code if r.problem else "") for r in found] == [
        (2, ""),
        (3, "ragged_row"),
        (4, "ragged_row"),
        (5, ""),
        (8, ""),
    ]
    assert found[1].raw == ("3",)
    assert "1 cells, the header has 2" in str(found[1].problem)
    assert found[3].cells["a"] == "x\ny"


def test_an_open_quote_costs_its_row_and_not_the_program(tmp_path: Path) -> None:
    text = 'a,b\n1,2\n3,"' + "x" * 200_000 + "\n"
    found = list(CsvSource(written(tmp_path / "a.csv", text.encode())).rows())
    assert found[0].cells == {"a": "1", "b": "2"}
    assert found[1].problem is not None
    assert found[1].problem.code == "bad_row"


def test_bytes_that_turn_bad_far_down_make_it_another_encoding_or_refuse_it(tmp_path: Path) -> None:
    good = b"a,b\n" + b"1,2\n" * 500_000
    with pytest.raises(KnownError) as caught:
        CsvSource(written(tmp_path / "a.csv", good + b"\xff\xff\xff,2\n"))
    assert caught.value.code == "unknown_encoding"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\n\n", "bad_csv"),
        (b",,\n1,2,3\n", "bad_csv"),
        (b"a,,c\n", "bad_csv"),
        (b"a,a\n", "bad_csv"),
        (b"a\x00b,c\n1,2\n", "bad_csv"),
        (",".join(f"c{i}" for i in range(2_000)).encode(), "too_large"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(KnownError) as caught:
        CsvSource(written(tmp_path / "a.csv", content))
    assert caught.value.code == code


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(KnownError) as caught:
            CsvSource(path)
        assert caught.value.code == "no_file"


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(rows.MAX_FILE_BYTES + 1)
    with pytest.raises(KnownError) as caught:
        CsvSource(path)
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-71.0587", "-71.0587"),
        ("+8.5e3", "+8.5e3"),
        ("-x", "'-x"),
        ("东关大街", "东关大街"),
        ("", ""),
    ],
)
def test_formulas_are_plain_text_to_a_spreadsheet(cell: str, safe: str) -> None:
    assert safe_cell(cell) == safe
