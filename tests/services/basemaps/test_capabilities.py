"""WMTS capabilities: what can be shown is offered, the rest refused by name, traps at the door."""

from __future__ import annotations

import pytest

from services.basemaps.capabilities import capabilities_address, read
from services.basemaps.model import tile_url
from services.domain.errors import KnownError

_SCALE = 559082264.0287178


def _matrix(name: str, level: int, corner: str, width: int = 256) -> str:
    return (
        f"<TileMatrix><ows:Identifier>{name}</ows:Identifier>"
        f"<ScaleDenominator>{_SCALE * 256 / width / 2**level}</ScaleDenominator>"
        f"<TopLeftCorner>{corner}</TopLeftCorner><TileWidth>{width}</TileWidth>"
        f"<TileHeight>{width}</TileHeight><MatrixWidth>{2**level}</MatrixWidth>"
        f"<MatrixHeight>{2**level}</MatrixHeight></TileMatrix>"
    )


def _grid(name: str, crs: str, matrices: str) -> str:
    return (
        f"<TileMatrixSet><ows:Identifier>{name}</ows:Identifier>"
        f"<ows:SupportedCRS>{crs}</ows:SupportedCRS>{matrices}</TileMatrixSet>"
    )


def _layer(name: str, grid: str, told_format: str = "image/png", more: str = "") -> str:
    return (
        f"<Layer><ows:Title>Title of {name}</ows:Title><ows:Identifier>{name}</ows:Identifier>"
        f'<Style isDefault="true"><ows:Identifier>default</ows:Identifier></Style>'
        f"<Format>{told_format}</Format><TileMatrixSetLink><TileMatrixSet>{grid}</TileMatrixSet>"
        f"</TileMatrixSetLink>{more}</Layer>"
    )


CORNER = "-20037508.3427892 20037508.3427892"
MERCATOR = _grid(
    "w", "urn:ogc:def:crs:EPSG::3857", "".join(_matrix(str(z), z, CORNER) for z in range(1, 19))
)
GET_TILE = (
    '<ows:OperationsMetadata><ows:Operation name="GetTile"><ows:DCP><ows:HTTP>'
    '<ows:Get xlink:href="https://maps.example/wmts?"/>'
    "</ows:HTTP></ows:DCP></ows:Operation></ows:OperationsMetadata>"
)


def _document(contents: str, operations: str = GET_TILE, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}'
        '<Capabilities xmlns="http://www.opengis.net/wmts/1.0"'
        ' xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xlink="http://www.w3.org/1999/xlink"'
        ' version="1.0.0"><ows:ServiceIdentification><ows:Title>城市服务</ows:Title>'
        "</ows:ServiceIdentification><ows:ServiceProvider><ows:ProviderName>测绘院"
        f"</ows:ProviderName></ows:ServiceProvider>{operations}"
        f"<Contents>{contents}</Contents></Capabilities>"
    ).encode()


def test_a_layer_is_asked_for_by_question() -> None:
    offer = read(_document(_layer("vec", "w") + MERCATOR), "https://maps.example/wmts")
    assert (offer.title, offer.refused) == ("城市服务", ())
    (choice,) = offer.choices
    source = choice.source
    assert (source.min_level, source.max_level, source.attribution) == (1, 18, "测绘院")
    assert tile_url(source, source.address, 12, 3207, 1600) == (
        "https://maps.example/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec"
        "&STYLE=default&TILEMATRIXSET=w&FORMAT=image/png&TILEMATRIX=12&TILEROW=1600&TILECOL=3207"
    )


def test_a_layer_with_a_template_and_named_levels() -> None:
    resource = (
        '<ResourceURL format="image/jpeg" resourceType="tile" template='
        '"https://t.example/{Style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.jpg"/>'
    )
    named = _grid(
        "google", "EPSG:3857", "".join(_matrix(f"g:{z:02}", z, CORNER, 512) for z in range(4))
    )
    offer = read(_document(_layer("img", "google", "image/jpeg", resource) + named), "http://h/w")
    source = offer.choices[0].source
    assert (source.tile_px, source.format) == (512, "jpeg")
    assert tile_url(source, source.address, 3, 5, 2) == (
        "https://t.example/default/google/g:03/2/5.jpg"
    )


def test_a_service_that_counts_scales_by_dots_an_inch_and_wants_a_key() -> None:
    """As Tianditu's: corners the other way round, format "tiles", the key in the address."""
    matrices = "".join(
        _matrix(str(z), z, "20037508.3427892 -20037508.3427892").replace(
            str(_SCALE / 2**z), str(591658710.909131 / 2**z)
        )
        for z in range(1, 19)
    )
    grid = _grid("w", "urn:ogc:def:crs:EPSG::900913", matrices)
    offer = read(_document(_layer("vec", "w", "tiles") + grid), "https://maps.example/w?tk=k9")
    source = offer.choices[0].source
    assert (source.min_level, source.max_level, source.key) == (1, 18, "k9")
    assert "k9" not in source.address
    assert tile_url(source, source.address, 3, 5, 2).endswith(
        "FORMAT=tiles&TILEMATRIX=3&TILEROW=2&TILECOL=5&tk=k9"
    )


def test_a_key_goes_to_nobody_but_the_server_it_was_given_for() -> None:
    elsewhere = GET_TILE.replace("maps.example", "thief.example")
    offer = read(
        _document(_layer("vec", "w") + MERCATOR, elsewhere), "https://maps.example/w?tk=k9"
    )
    source = offer.choices[0].source
    assert tile_url(source, source.address, 3, 5, 2).startswith("https://maps.example/w?")
    clear = GET_TILE.replace("https://", "http://")
    offer = read(_document(_layer("vec", "w") + MERCATOR, clear), "https://maps.example/w?tk=k9")
    source = offer.choices[0].source
    assert tile_url(source, source.address, 3, 5, 2).startswith("https://maps.example/wmts?")
    resource = (
        '<ResourceURL format="image/png" resourceType="tile" template="https://thief.example/'
        '{TileMatrix}/{TileRow}/{TileCol}?tk={key}"/>'
    )
    whole = _document(_layer("vec", "w", more=resource) + MERCATOR)
    offer = read(whole, "https://maps.example/w?tk=k9")
    assert offer.choices == ()
    assert "thief.example, to which the key is not sent" in offer.refused[0]


def test_what_cannot_be_shown_is_refused_by_name() -> None:
    degrees = _grid("c", "urn:ogc:def:crs:EPSG::4490", _matrix("1", 1, "90.0 -180.0"))
    odd = _grid("odd", "EPSG:3857", _matrix("a", 1, CORNER) + _matrix("b", 3, CORNER))
    moved = _grid("moved", "EPSG:3857", _matrix("1", 1, "0 0"))
    layers = (
        _layer("lonlat", "c") + _layer("gaps", "odd") + _layer("moved", "moved")
        + _layer("vector", "w", "application/vnd.mapbox-vector-tile") + _layer("none", "unknown")
        + _layer("good", "w")
    )  # fmt: skip
    offer = read(_document(layers + degrees + odd + moved + MERCATOR), "http://h/wmts")
    assert [choice.layer for choice in offer.choices] == ["good"]
    told = "\n".join(offer.refused)
    assert "lonlat: c: its grid is urn:ogc:def:crs:EPSG::4490, not Web Mercator" in told
    assert "gaps: odd: levels are missing in between" in told
    assert "moved: moved: its levels are not Web Mercator's" in told
    assert "vector: " in told
    assert "none: unknown: not described" in told


def test_a_template_to_somewhere_odd_is_refused() -> None:
    resource = (
        '<ResourceURL format="image/png" resourceType="tile" template='
        '"file:///etc/{TileMatrix}/{TileRow}/{TileCol}"/>'
    )
    offer = read(_document(_layer("x", "w", more=resource) + MERCATOR), "http://h/wmts")
    assert offer.choices == ()
    assert "http" in offer.refused[0]


_LAUGHS = "".join(
    f'<!ENTITY l{n} "{"".join(f"&l{n - 1};" for _ in range(10))}">' for n in range(1, 10)
)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<html><body>log in</body></html>",
        b'{"code": 301002}',
        b"<Capabilities/>",
        b"<a>" * 100_000,
        b"<a>" + b"<b/>" * 300_001 + b"</a>",
        b"x" * (8 * 1024 * 1024 + 1),
        _document("", head=f'<!DOCTYPE x [<!ENTITY l0 "ha">{_LAUGHS}]>').replace(
            "城市服务".encode(), b"&l9;"
        ),
        _document("", head='<!DOCTYPE x SYSTEM "http://127.0.0.1:1/evil.dtd">'),
        _document("", head='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>').replace(
            "城市服务".encode(), b"&e;"
        ),
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><a/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="nonsense"?><a/>',
        _document("<TileMatrixSet/>"),
        _document("<Layer/>").replace(b"<Contents>", b"").replace(b"</Contents>", b""),
        _document(_layer("a", "w") + _grid("w", "EPSG:3857", "<TileMatrix/>")),
        _document(_layer("a", "w") + MERCATOR.replace("<TopLeftCorner>", "<TopLeftCorner>x")),
    ],
)
def test_documents_that_are_none_or_would_do_harm(document: bytes) -> None:
    with pytest.raises(KnownError) as refused:
        read(document, "http://h/wmts")
    assert refused.value.code == "bad_capabilities"
    assert len(refused.value.text) < 400


def test_where_capabilities_are_asked_for() -> None:
    asked = "SERVICE=WMTS&REQUEST=GetCapabilities&VERSION=1.0.0"
    assert capabilities_address("http://h/wmts") == f"http://h/wmts?{asked}"
    assert capabilities_address("http://h/wmts?tk=1") == f"http://h/wmts?tk=1&{asked}"
    for whole in ("http://h/1.0.0/WMTSCapabilities.xml", "http://h/w?request=GetCapabilities"):
        assert capabilities_address(whole) == whole
