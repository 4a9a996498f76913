"""What a seat keeps from one start to the next, in the data directory. GUI thread."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSettings

from widgets.theme import Variant

FARTHEST_M = 100.0
MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Tone:
    """How base maps are toned down under the marks, each from 0 to 1."""

    opacity: float = 1.0
    grey: float = 0.0
    light: float = 1.0


TONES: dict[str, Tone] = {"dark": Tone(light=0.55, grey=0.25), "light": Tone()}
"""Until somebody chooses: photographs and day maps outshine the marks of a dark desk."""


class Settings:
    """Colours, base maps, the wall's viewing distance; what makes no sense counts as not set."""

    def __init__(self, data_dir: Path) -> None:
        self._store = QSettings(str(data_dir / "console.ini"), QSettings.Format.IniFormat)

    @property
    def variant(self) -> Variant:
        """Dark or light colours; dark at first."""
        return "light" if self._store.value("look/variant") == "light" else "dark"

    def set_variant(self, variant: Variant) -> None:
        """Keep the colours."""
        self._keep("look/variant", variant)

    @property
    def wall_distance_m(self) -> float | None:
        """From how many metres the wall is read; None: only in proportion to its window."""
        try:
            metres = float(str(self._store.value("wall/distance_m", "")))
        except ValueError:
            return None
        return metres if 0.0 < metres <= FARTHEST_M else None

    def set_wall_distance_m(self, metres: float | None) -> None:
        """Keep the viewing distance."""
        self._keep("wall/distance_m", "" if metres is None else f"{metres:g}")

    def base_map(self, user: str, window: str) -> str:
        """The base map that a person chose for a window; the schematic one at first."""
        return str(self._store.value(f"basemap/{_part(user)}/{_part(window)}", "schematic"))

    def set_base_map(self, user: str, window: str, id_: str) -> None:
        """Keep the base map of a window."""
        self._keep(f"basemap/{_part(user)}/{_part(window)}", id_)

    def tone(self, user: str, variant: str) -> Tone:
        """How a person tones base maps under dark or light colours."""
        told = str(self._store.value(f"basemap_tone/{_part(user)}/{variant}", ""))
        try:
            opacity, grey, light = (float(value) for value in told.split(" "))
        except ValueError:
            return TONES.get(variant, Tone())
        if all(0.0 <= value <= 1.0 for value in (opacity, grey, light)):
            return Tone(opacity, grey, light)
        return TONES.get(variant, Tone())

    def set_tone(self, user: str, variant: str, tone: Tone) -> None:
        """Keep how base maps are toned."""
        words = f"{tone.opacity:g} {tone.grey:g} {tone.light:g}"
        self._keep(f"basemap_tone/{_part(user)}/{variant}", words)

    def table_columns(self, layer: str) -> list[str]:
        """Names of the columns of a layer's table, none where nobody has chosen."""
        try:
            names = json.loads(str(self._store.value(f"tables/{_part(layer)}", "[]")))
        except ValueError:
            return []
        if not isinstance(names, list) or len(names) > MOST_COLUMNS:
            return []
        return [name for name in names if isinstance(name, str)]

    def set_table_columns(self, layer: str, names: list[str]) -> None:
        """Keep them."""
        self._keep(f"tables/{_part(layer)}", json.dumps(names[:MOST_COLUMNS]))

    def _keep(self, key: str, value: str) -> None:
        self._store.setValue(key, value)
        self._store.sync()


def _part(name: str) -> str:
    """A name as a part of a settings key."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", name) or "_"
