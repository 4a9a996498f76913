"""Base maps that only need a key, or an address, to be added. Facts of the providers, no keys."""

from __future__ import annotations

import msgspec

from services.basemaps.model import Source

_TIANDITU = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_{matrix}/wmts?SERVICE=WMTS&REQUEST=GetTile"
    "&VERSION=1.0.0&LAYER={layer}&STYLE=default&TILEMATRIXSET={matrix}&FORMAT=tiles"
    "&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{key}}"
)


def _tianditu(id_: str, zh: str, en: str, layer: str, words: str) -> Source:
    return Source(
        id=id_,
        title_zh=zh,
        title_en=en,
        type="wmts",
        address=_TIANDITU.format(layer=layer, matrix="w"),
        overlay=_TIANDITU.format(layer=words, matrix="w"),
        subdomains=tuple("01234567"),
        min_level=1,  # its grids have no level 0
        max_level=18,
        attribution="天地图",
    )


def presets() -> tuple[Source, ...]:
    """What can be added; all but their key or address is filled in."""
    return (
        _tianditu("tianditu-vec", "天地图 矢量", "Tianditu, streets", "vec", "cva"),
        _tianditu("tianditu-img", "天地图 影像", "Tianditu, imagery", "img", "cia"),
        Source(
            id="xyz",
            title_zh="瓦片服务（XYZ）",
            title_en="Tile server (XYZ)",
            type="xyz",
            address="https://tiles.example/{z}/{x}/{y}.png",
        ),
        Source(
            id="osm-mirror",
            title_zh="OpenStreetMap 镜像",
            title_en="Mirror of OpenStreetMap",
            type="xyz",
            address="https://osm-mirror.example/{z}/{x}/{y}.png",
            max_level=19,
            attribution="© OpenStreetMap contributors",
        ),
    )


def preset(id_: str) -> Source | None:
    """One of them by its id."""
    return next((source for source in presets() if source.id == id_), None)


def on_mirror(source: Source, host: str) -> Source:
    """The same service on an internal mirror: ``host`` is ``https://mirror.example:8443``."""
    host = host.rstrip("/")

    def moved(address: str) -> str:
        rest = address.partition("://")[2].partition("/")[2]
        return f"{host}/{rest}" if address else ""

    return msgspec.structs.replace(
        source, address=moved(source.address), overlay=moved(source.overlay), subdomains=()
    )
