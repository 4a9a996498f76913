"""WMTS capabilities as base maps: which layers, styles and grids of a service can be shown.

OWSLib reads the document; what would hurt it (entities, depth, size) is refused before. Pure.
"""

from __future__ import annotations

import warnings
import xml.parsers.expat
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from services.basemaps.model import MAX_LEVEL, MAX_WORDS, Source, check_source, normal_address
from services.domain.errors import KnownError

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 40
MAX_ELEMENTS = 300_000
MOST_LAYERS = 2_000
_WORLD_SCALES = (559_082_264.028_717_8, 591_658_710.909_131)
"""Scale denominators of level 0 of Web Mercator with pictures of 256 pixels: as the standard has
it, and by 96 dots an inch, as some services count."""
_CORNER_M = 20_037_508.342_789
_MERCATOR = ("3857", "900913", "102100", "102113")
_FORMATS = {"image/png": "png", "image/jpeg": "jpeg", "image/webp": "webp", "tiles": ""}


@dataclass(frozen=True, slots=True)
class Choice:
    """One layer in one style on one grid that can be shown."""

    layer: str
    title: str
    style: str
    matrix_set: str
    source: Source


@dataclass(frozen=True, slots=True)
class Offer:
    """What a service has: what can be shown, and what cannot with the reason."""

    title: str
    choices: tuple[Choice, ...]
    refused: tuple[str, ...]


def read(document: bytes, address: str) -> Offer:
    """What the capabilities at an address offer. KnownError ``bad_capabilities``."""
    _check_document(document)
    try:
        from owslib.wmts import WebMapTileService  # a tenth of a second that no start should take

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of things that stand twice: the last one counts
            service = WebMapTileService(address, xml=document)
        return _offer(service, address)
    except KnownError:
        raise
    except Exception as error:  # the library fails on what is missing in many ways
        raise _bad(f"something that WMTS wants is missing ({type(error).__name__})") from None


def _offer(service: Any, address: str) -> Offer:
    choices: list[Choice] = []
    refused: list[str] = []
    grids: dict[str, tuple[int, tuple[str, ...], int]] = {}
    reasons: dict[str, str] = {}
    for name, grid in service.tilematrixsets.items():
        try:
            grids[name] = _grid(grid)
        except ValueError as error:
            reasons[name] = str(error)
    for name, layer in list(service.contents.items())[:MOST_LAYERS]:
        good = [link for link in layer.tilematrixsetlinks if link in grids]
        if not good:
            links = list(layer.tilematrixsetlinks) or [""]
            why = "; ".join(f"{link}: {reasons.get(link, 'not described')}" for link in links[:5])
            refused.append(f"{name}: {why}"[:MAX_WORDS])
            continue
        for style in list(layer.styles)[:20] or [""]:
            try:
                choices.append(_choice(service, address, name, style, good[0], grids[good[0]]))
            except KnownError as error:
                refused.append(f"{name}: {error.text}"[:MAX_WORDS])
    identified = getattr(service, "identification", None)
    title = str(getattr(identified, "title", "") or "")[:MAX_WORDS]
    return Offer(title, tuple(choices), tuple(refused))


def _choice(
    service: Any,
    address: str,
    name: str,
    style: str,
    grid_name: str,
    grid: tuple[int, tuple[str, ...], int],
) -> Choice:
    """A layer as a source. KnownError where it has no pictures, or an address that is none."""
    layer = service.contents[name]
    formats = [f for f in layer.formats if f.lower() in _FORMATS]
    if not formats:
        raise _bad("no PNG, JPEG or WebP")
    first, names, tile_px = grid
    title = (str(layer.title or name)).strip()[:MAX_WORDS]
    plain = names == tuple(str(level) for level in range(first, first + len(names)))
    template = _template(service, address, layer, style, grid_name, formats[0])
    source = Source(
        id="wmts",
        title_zh=title,
        title_en=title,
        type="wmts",
        address=template.replace("{matrix}", "{z}") if plain else template,
        min_level=first,
        max_level=first + len(names) - 1,
        tile_px=tile_px,
        format=_FORMATS[formats[0].lower()],
        matrices=() if plain else names,
        key=_key_in(address),
        attribution=str(getattr(getattr(service, "provider", None), "name", "") or "")[:MAX_WORDS],
    )
    return Choice(name, title, style, grid_name, check_source(source))


def _template(
    service: Any, address: str, layer: Any, style: str, grid_name: str, told_format: str
) -> str:
    """Where the tiles of a layer are: as its resource says, else by a question."""
    for resource in layer.resourceURLs:
        if resource.get("resourceType") == "tile" and resource.get("format") == told_format:
            filled = str(resource["template"])
            for names, value in ((("Style", "style"), style), (("TileMatrixSet",), grid_name)):
                for name in names:
                    filled = filled.replace("{" + name + "}", quote(value, safe=":,"))
            return _with_key_at_home(normal_address(filled), address)
    base = address.split("?")[0]
    for operation in service.operations:
        if operation.name == "GetTile":
            gets = [m for m in operation.methods if m.get("type", "").lower() == "get"]
            by_question = [m for m in gets if "RESTful" not in _encodings(m)] or gets
            told = str(by_question[0]["url"]) if by_question else base
            base = told if _host(told) == _host(address) or "tk=" not in address else base
    joint = "" if base.endswith(("?", "&")) else "&" if "?" in base else "?"
    key = "" if "tk=" in base or "{key}" in base or "tk=" not in address else "&tk={key}"
    asked = normal_address(
        f"{base}{joint}SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={quote(layer.id)}"
        f"&STYLE={quote(style)}&TILEMATRIXSET={quote(grid_name)}&FORMAT={told_format}"
        f"&TILEMATRIX={{TileMatrix}}&TILEROW={{TileRow}}&TILECOL={{TileCol}}{key}"
    )
    return _with_key_at_home(asked, address)


def _host(address: str) -> str:
    return (urlsplit(address.replace("{s}", "0")).hostname or "").lower()


def _with_key_at_home(template: str, address: str) -> str:
    """A key goes to the server that a person gave it for and no other, and not in the clear where
    that was asked over https: a document must not choose who gets it."""
    if "{key}" not in template:
        return template
    if _host(template) != _host(address):
        raise _bad(f"its tiles come from {_host(template)[:80]}, to which the key is not sent")
    if address.startswith("https://") and template.startswith("http://"):
        return "https://" + template.removeprefix("http://")
    return template


def _key_in(address: str) -> str:
    """The key that somebody wrote into the address; it goes where keys are kept."""
    return parse_qs(urlsplit(address).query).get("tk", [""])[0][:500]


def _encodings(method: Any) -> str:
    return " ".join(str(v) for c in method.get("constraints", ()) for v in c.values)


def _grid(grid: Any) -> tuple[int, tuple[str, ...], int]:
    """First level, names of the levels and width of the pictures, of a grid that is Web Mercator's;
    ValueError says why it is not."""
    crs = str(grid.crs)
    if not crs.replace("/", ":").endswith(tuple(f":{code}" for code in _MERCATOR)):
        raise ValueError(f"its grid is {crs[:60]}, not Web Mercator")
    levels: dict[int, str] = {}
    widths = {int(matrix.tilewidth) for matrix in grid.tilematrix.values()}
    if len(widths) != 1 or not widths <= {256, 512}:
        raise ValueError("its tiles are not all 256, or all 512, pixels wide")
    tile_px = widths.pop()
    for matrix in grid.tilematrix.values():
        x, y = matrix.topleftcorner
        corner = abs(abs(x) - _CORNER_M) < 1.0 and abs(abs(y) - _CORNER_M) < 1.0
        level = _level(float(matrix.scaledenominator), tile_px)
        if not corner or level is None or int(matrix.tileheight) != tile_px:
            raise ValueError("its levels are not Web Mercator's")
        levels[level] = str(matrix.identifier)
    first = min(levels)
    if sorted(levels) != list(range(first, first + len(levels))):
        raise ValueError("levels are missing in between")
    return first, tuple(levels[level] for level in sorted(levels)), tile_px


def _level(denominator: float, tile_px: int) -> int | None:
    """The level that a scale belongs to, None where it is between two."""
    for world in _WORLD_SCALES:
        for level in range(MAX_LEVEL + 1):
            wanted = world * 256 / tile_px / (1 << level)
            if abs(denominator - wanted) < wanted * 1e-3:
                return level
    return None


def _check_document(document: bytes) -> None:
    """Refuse what could swell or reach out, in one pass that builds nothing."""
    if len(document) > MAX_BYTES:
        raise _bad(f"more than {MAX_BYTES} bytes")
    depth = elements = 0

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth, elements = depth + 1, elements + 1
        if depth > MAX_DEPTH or elements > MAX_ELEMENTS:
            raise _bad("nested too deep, or too many elements")

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_told: object) -> None:
        raise _bad("it has a document type, which capabilities have not")

    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(document, True)
    except xml.parsers.expat.ExpatError as error:
        raise _bad(f"it is no XML ({error})") from None
    except (ValueError, LookupError) as error:
        raise _bad(f"its encoding is not known ({error})") from None


def capabilities_address(address: str) -> str:
    """Where the capabilities are: the address as it is, asked for them where it does not yet."""
    address = address.strip()
    if urlsplit(address).path.lower().endswith(".xml") or "getcapabilities" in address.lower():
        return address
    joint = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
    return f"{address}{joint}SERVICE=WMTS&REQUEST=GetCapabilities&VERSION=1.0.0"


def _bad(why: str) -> KnownError:
    return KnownError(
        "bad_capabilities",
        f"These WMTS capabilities cannot be used: {why}.",
        params={"why": why},
    )
