"""Names that a KML document gives to what it says come through the driver as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.domain.errors import KnownError
from services.ingest.gis.kml import named_again, plain_names
from services.ingest.gis.reader import describe, read
from services.ingest.rows import MAX_COLUMNS

PLACE = "<Point><coordinates>101.8,36.6</coordinates></Point>"


def document(*placemarks: str, schema: str = "", encoding: str = "UTF-8") -> bytes:
    inside = "".join(f"<Placemark><name>p</name>{p}{PLACE}</Placemark>" for p in placemarks)
    whole = (
        f'<?xml version="1.0" encoding="{encoding}"?>'
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{schema}{inside}</Document></kml>'
    )
    return whole.encode(encoding)


def data(**values: str) -> str:
    each = "".join(f'<Data name="{n}"><value>{v}</value></Data>' for n, v in values.items())
    return f"<ExtendedData>{each}</ExtendedData>"


def table(path: Path) -> list[dict[str, str]]:
    columns = describe(path).layers[0].columns
    rows = [row for batch in read(path) for row in zip(*batch.cells, strict=True)]
    return [{c: v for c, v in zip(columns, row, strict=True) if v} for row in rows]


def test_chinese_names_and_the_drivers_own_come_through(tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    path.write_bytes(
        document(
            data(管径="300", 材质="铸铁", begin="2020年", icon="红"), data(管径="200", plain="x")
        )
    )
    assert table(path) == [
        {"Name": "p", "管径": "300", "材质": "铸铁", "begin": "2020年", "icon": "红"},
        {"Name": "p", "管径": "200", "plain": "x"},
    ]


def test_names_of_a_schema_come_through(tmp_path: Path) -> None:
    fields = "".join(f'<SimpleField type="string" name="{n}"/>' for n in ("timestamp", "单位 名"))
    values = (
        '<SimpleData name="timestamp">昨天</SimpleData><SimpleData name="单位 名">水务</SimpleData>'
    )
    path = tmp_path / "a.kml"
    path.write_bytes(
        document(
            f'<ExtendedData><SchemaData schemaUrl="#s">{values}</SchemaData></ExtendedData>',
            schema=f'<Schema name="s" id="s">{fields}</Schema>',
        )
    )
    assert table(path) == [{"Name": "p", "timestamp": "昨天", "单位 名": "水务"}]


def test_documents_in_other_encodings(tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    path.write_bytes(document(data(管径="铸铁"), encoding="GB18030"))
    assert table(path) == [{"Name": "p", "管径": "铸铁"}]
    path.write_bytes(document(data(管径="铸铁")).replace(b"UTF-8", b"GB2312") + b"\xff")
    with pytest.raises(KnownError) as refused:
        describe(path)
    assert refused.value.code == "unknown_encoding"


def test_what_only_looks_like_a_name_is_left_alone() -> None:
    words = b"<d><![CDATA[<Data name=\"\xe7\xae\xa1\">]]></d><!-- <Data name='\xe7'> -->"
    assert plain_names(words) == (words, {})
    changed, names = plain_names(
        b"<Data id='1' name='a&amp;b'><Data name=\"named_0\"><Data name='x'>"
    )
    assert names == {"named_0": "a&b", "named_1": "named_0"}
    assert changed == b"<Data id='1' name=\"named_0\"><Data name=\"named_1\"><Data name='x'>"


def test_more_names_than_columns_are_refused() -> None:
    many = "".join(f'<Data name="第{n}">' for n in range(MAX_COLUMNS + 1)).encode()
    with pytest.raises(KnownError) as refused:
        plain_names(many)
    assert refused.value.code == "too_large"


def test_two_of_one_name_are_told_apart() -> None:
    assert named_again(["Name", "named_0"], {"named_0": "Name"}) == ("Name", "Name (2)")
