"""The roads of the bundled schematic base map as lines. Blocking file reads."""

from __future__ import annotations

import json
from pathlib import Path

from services.domain.errors import KnownError
from services.roads.noding import RoadLine

NAME = "basemap_schematic.geojson"
MAX_BYTES = 32 * 1024 * 1024
JOIN_M = 80.0
"""An end this near to another road meets it: the schematic is good to some hundred metres."""


def default_file() -> Path:
    """The base map that ships with the product."""
    return Path(__file__).resolve().parents[2] / "resources" / "basemap" / NAME


def bundled_lines(path: Path | None = None) -> list[RoadLine]:
    """Features of kind ``road`` that are lines. KnownError ``bad_roads`` names the file.

    Motorways are not among them: the schematic draws no interchanges. A line that runs through
    several streets has their names with dashes between; a remark stands in brackets.
    """
    path = path or default_file()
    try:
        if path.stat().st_size > MAX_BYTES:
            raise KnownError("bad_roads", f"{path.name} is larger than {MAX_BYTES} bytes.")
        features = json.loads(path.read_text("utf-8"))["features"]
        return [
            RoadLine(
                points=tuple((float(c[0]), float(c[1])) for c in f["geometry"]["coordinates"]),
                names=tuple(str(f["properties"]["name"]).split("(")[0].split("—")),
                klass=str(f["properties"].get("cls", "")),
            )
            for f in features
            if f["properties"].get("kind") == "road" and f["geometry"]["type"] == "LineString"
        ]
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise KnownError(
            "bad_roads", f"{path.name} holds no roads that can be read: {error}"
        ) from error
