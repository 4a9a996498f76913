"""What a road graph takes for granted: speeds by class, access to places, the straight estimate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from services.domain import toml
from services.domain.errors import KnownError, in_words
from services.packs.base import Label, PackRecord

NAME = "roads.toml"
MAX_BYTES = 1 << 18
Kmh = Annotated[float, Meta(ge=1.0, le=200.0)]
KMH = 1 / 3.6
"""Metres a second of one kilometre an hour."""


class RoadClass(PackRecord, frozen=True, kw_only=True):
    """A class of road; ``words``: values of an imported field that mean it, in lower case.

    ``entered``: whether a place beside it is joined to it (a motorway is entered elsewhere).
    """

    id: str
    label: Label
    kmh: Kmh
    entered: bool = True
    words: tuple[str, ...] = ()


class RoadRules(PackRecord, frozen=True, kw_only=True):
    """The file ``roads.toml``. Metres and km/h. The last class is that of roads without a class."""

    version: int
    access_kmh: Kmh
    walk_kmh: Kmh
    longest_access_m: Annotated[float, Meta(gt=0.0, le=20_000.0)]
    straight_detour: Annotated[float, Meta(ge=1.0, le=3.0)]
    straight_kmh: Kmh
    corridor_m: Annotated[float, Meta(gt=0.0, le=2_000.0)]
    bridge_words: tuple[str, ...] = ()
    tunnel_words: tuple[str, ...] = ()
    forward_words: tuple[str, ...] = ()
    backward_words: tuple[str, ...] = ()
    ground_words: tuple[str, ...] = ()
    both_words: tuple[str, ...] = ()
    classes: Annotated[tuple[RoadClass, ...], Meta(min_length=1, max_length=60)] = msgspec.field(
        name="class"
    )

    def class_of(self, word: str) -> RoadClass | None:
        """The class that a value means; None where no class has it."""
        asked = word.strip().lower()
        return next((c for c in self.classes if asked == c.id or asked in c.words), None)

    def straight_s(self, metres: float) -> float:
        """Seconds for a straight distance where no road is known: an estimate, to be called so."""
        return metres * self.straight_detour / (self.straight_kmh * KMH)


def default_file() -> Path:
    """The rules that ship with the product."""
    return Path(__file__).resolve().parents[2] / "resources" / NAME


def load_rules(directory: Path | None = None) -> RoadRules:
    """The rules of a data directory, or the product's; blocking file reads.

    KnownError ``bad_roads`` names the file and what is wrong.
    """
    own = directory / NAME if directory is not None else None
    path = own if own is not None and own.exists() else default_file()
    try:
        if path.stat().st_size > MAX_BYTES:
            raise KnownError("bad_roads", f"{path} is too large for road rules")
        return msgspec.convert(toml.loads(path.read_text(encoding="utf-8")), RoadRules)
    except (OSError, ValueError, msgspec.ValidationError) as error:
        raise KnownError("bad_roads", f"{path} cannot be read: {in_words(error)}") from error
