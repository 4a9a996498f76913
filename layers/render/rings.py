"""Rings on badges that tell what clusters consist of, in the colours of the layers' styles.

GUI thread; a ring is put together of a few arcs, so the atlas holds five pictures for each colour
and size and not one for every mixture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layers.model.cluster import ClusterResponse
from layers.model.shares import Groups, in_parts
from layers.render.atlas import Atlas
from layers.render.scene import SPRITE, Records
from layers.render.symbols import Symbols

PARTS = 24
"""Arcs are whole parts of so many in a ring."""
LENGTHS = (16, 8, 4, 2, 1)
OTHER = "muted"
"""The colour of what keeps the colour of its kind."""
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Arcs:
    """Arcs of many badges: which mark each is on, its picture, and its turn clockwise from north in
    radians."""

    owner: Rows
    picture: Rows
    turn: npt.NDArray[np.float64]


class RingMaker:
    """Draws with one atlas. Raises AtlasFullError."""

    def __init__(self, atlas: Atlas, symbols: Symbols) -> None:
        self._atlas = atlas
        self._symbols = symbols

    def arcs(self, response: ClusterResponse, at: Rows, diameters: npt.NDArray[np.float64]) -> Arcs:
        """Arcs of the badges at some places of a response, each so many pixels wide; none for those
        whose things all have the colours of their kinds."""
        counts, groups = response.shares(), _groups(response)
        none = np.zeros(0, np.int64)
        if counts is None or groups is None or not len(at):
            return Arcs(none, none, np.zeros(0))
        colored = np.array([color != "" for color in groups.colors])
        some = counts[at][:, colored].any(axis=1)
        at, diameters = at[some], diameters[some]
        lengths, colors = _by_color(counts[at], groups.colors)
        begins = np.cumsum(lengths, axis=1) - lengths
        owner, picture = [none], [none]
        turn: list[npt.NDArray[np.float64]] = [np.zeros(0)]
        for place, color in enumerate(colors):
            begin, left = begins[:, place].copy(), lengths[:, place].copy()
            for length in LENGTHS:
                fits = np.flatnonzero(left >= length)
                owner.append(at[fits])
                picture.append(self._pictures(color, diameters[fits], length))
                turn.append(np.asarray(begin[fits] * (2 * np.pi / PARTS), np.float64))
                begin[fits] += length
                left[fits] -= length
        return Arcs(np.concatenate(owner), np.concatenate(picture), np.concatenate(turn))

    def opacities(self, response: ClusterResponse) -> npt.NDArray[np.float32] | None:
        """How opaque each mark is: as its things are, on average. None: all are whole."""
        counts, groups = response.shares(), _groups(response)
        if counts is None or groups is None or min(groups.opacities) >= 1.0:
            return None
        whole = np.maximum(counts.sum(axis=1), 1)
        return np.asarray(counts @ np.array(groups.opacities) / whole, np.float32)

    def _pictures(self, color: str, diameters: npt.NDArray[np.float64], length: int) -> Rows:
        different, back = np.unique(diameters, return_inverse=True)
        made = [self._arc(color, float(diameter), length) for diameter in different.tolist()]
        return np.array(made, np.int64)[back] if made else np.zeros(0, np.int64)

    def _arc(self, color: str, diameter: float, length: int) -> int:
        shown = self._symbols.tint(color or OTHER)
        return self._atlas.picture(
            ("arc", shown, diameter, length),
            diameter,
            diameter,
            lambda p: self._symbols.arc(p, diameter, shown, length / PARTS),
        )


def turned(records: Records, turn: npt.NDArray[np.float64]) -> Records:
    """Sprite records of shape (n, SPRITE), turned clockwise."""
    assert records.shape[1] == SPRITE
    records[:, 12], records[:, 13] = np.cos(turn), np.sin(turn)
    return records


def _groups(response: ClusterResponse) -> Groups | None:
    shares = response.index.shares
    return None if shares is None else shares.groups


def _by_color(
    counts: npt.NDArray[np.int64], colors: tuple[str, ...]
) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Parts of a ring by colour (groups of one colour together), all else last."""
    different = [*dict.fromkeys(color for color in colors if color), ""]
    summed = np.stack(
        [counts[:, [c == color for c in colors]].sum(axis=1) for color in different], axis=1
    )
    return in_parts(summed, PARTS), different
