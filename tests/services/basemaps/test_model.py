"""Descriptions of base maps: what is taken, what is refused and by which field."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.basemaps.model import (
    Source,
    cache_key,
    check_source,
    normal_address,
    terms_forbid,
    tile_url,
)
from services.basemaps.presets import on_mirror, preset, presets
from services.domain.errors import KnownError

GOOD = Source(
    id="a",
    title_zh="甲",
    title_en="A",
    type="xyz",
    address="https://t{s}.example/{z}/{x}/{y}.png?k={key}",
    subdomains=("0", "1"),
    key="secret key",
)


def test_every_preset_is_good_as_it_is() -> None:
    for source in presets():
        assert check_source(source) is source
        assert source.key == ""
        assert tile_url(source, source.address, source.min_level, 0, 0).startswith("https://")


def test_tianditu_as_its_service_wants_it() -> None:
    vec = preset("tianditu-vec")
    assert vec is not None
    vec = msgspec.structs.replace(vec, key="k1")
    assert vec.min_level == 1
    assert tile_url(vec, vec.address, 12, 3207, 1600) == (
        "https://t7.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
        "&LAYER=vec&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
        "&TILEMATRIX=12&TILEROW=1600&TILECOL=3207&tk=k1"
    )
    assert "cva_w" in tile_url(vec, vec.overlay, 12, 3207, 1600)
    mirror = on_mirror(vec, "http://10.1.2.3:8080/")
    assert check_source(mirror).address.startswith("http://10.1.2.3:8080/vec_w/wmts?")


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("id", {"id": "A b"}),
        ("id", {"id": "../x"}),
        ("type", {"type": "vector"}),
        ("title", {"title_zh": " "}),
        ("attribution", {"attribution": "x" * 301}),
        ("datum", {"datum": "epsg"}),
        ("levels", {"min_level": 5, "max_level": 4}),
        ("levels", {"max_level": 40}),
        ("tile_px", {"tile_px": 100_000}),
        ("format", {"format": "pbf"}),
        ("bulk", {"bulk": "yes"}),
        ("matrices", {"matrices": ("0",)}),
        ("address", {"address": "file:///etc/{z}/{x}/{y}"}),
        ("address", {"address": "ftp://h/{z}/{x}/{y}"}),
        ("address", {"address": "https://{key}/{z}/{x}/{y}"}),
        ("address", {"address": "https://{x}.example/{z}/{x}/{y}"}),
        ("address", {"address": "https://user:pw@h/{z}/{x}/{y}"}),
        ("address", {"address": "https:///{z}/{x}/{y}"}),
        ("address", {"address": "https://h:99999/{z}/{x}/{y}"}),
        ("address", {"address": "https://h/{z}/{x}"}),
        ("address", {"address": "https://h/{z}/{x}/{y}/{style}"}),
        ("address", {"address": "https://h/{z}/{x}/{y}\r\nHost: b"}),
        ("address", {"address": "https://h/{z}/{x}/{y}" + "a" * 2_000}),
        ("overlay", {"overlay": "javascript:alert(1)"}),
        ("subdomains", {"subdomains": ()}),
        ("subdomains", {"subdomains": ("a.evil/",)}),
        ("address", {"type": "mbtiles", "address": ""}),
    ],
)
def test_what_is_wrong_is_named(field: str, change: dict[str, object]) -> None:
    with pytest.raises(KnownError) as refused:
        check_source(msgspec.structs.replace(GOOD, **change))
    assert (refused.value.code, refused.value.field) == ("bad_basemap_source", field)
    assert "secret" not in str(refused.value)


def test_a_bd09_grid_is_refused_with_the_reason() -> None:
    with pytest.raises(KnownError) as refused:
        check_source(msgspec.structs.replace(GOOD, datum="bd09"))
    assert refused.value.code == "basemap_bd09"


def test_addresses_as_people_write_them() -> None:
    assert normal_address(" http://h/${z}/{X}/{-y} ") == "http://h/{z}/{x}/{-y}"
    assert normal_address("http://h?m={TileMatrix}&r={TileRow}&c={TileCol}") == (
        "http://h?m={matrix}&r={y}&c={x}"
    )


@given(st.integers(0, 18), st.data())
def test_an_address_names_its_tile_and_only_its_host(zoom: int, data: st.DataObject) -> None:
    x, y = (data.draw(st.integers(0, 2**zoom - 1)) for _ in "xy")
    key = data.draw(st.text(max_size=20))
    source = msgspec.structs.replace(GOOD, key=key)
    url = tile_url(source, source.address, zoom, x, y)
    assert url.isascii()
    host, path = url.removeprefix("https://").split("/", 1)
    assert host in ("t0.example", "t1.example")
    assert path.startswith(f"{zoom}/{x}/{y}.png?k=")
    south = tile_url(source, "https://h/{z}/{x}/{-y}", zoom, x, y)
    assert south == f"https://h/{zoom}/{x}/{2**zoom - 1 - y}"


def test_the_cache_is_named_without_the_key() -> None:
    other = msgspec.structs.replace(GOOD, key="another", title_zh="乙")
    assert cache_key(GOOD, GOOD.address) == cache_key(other, other.address)
    assert cache_key(GOOD, GOOD.address) != cache_key(GOOD, "https://h/{z}/{x}/{y}")


def test_public_servers_of_openstreetmap_forbid_whole_regions() -> None:
    osm = msgspec.structs.replace(
        GOOD, address="https://a.tile.openstreetmap.org/{z}/{x}/{y}.png", subdomains=()
    )
    assert terms_forbid(osm)
    assert not terms_forbid(GOOD)
    assert terms_forbid(msgspec.structs.replace(GOOD, bulk="forbidden"))
