"""Finding features by id, name, the name's pinyin initials or keys. Pure; built as it is used."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from layers.model.sounds import initial, plain
from layers.model.work import Work, in_parts

BY_KEY, BY_SOUND, IN_SOUND = 8, 6, 7
"""The ranks of what is found by a key, and by the pinyin of its name: after all that is found by id
or name."""
LEAST_LETTERS = 3


@lru_cache(maxsize=32_768)
def _initial(char: str) -> str:
    """The first letter of a character's commonest reading; other characters stand for themselves"""
    if char.isascii():
        return char if char.isalnum() else ""
    return initial(char).casefold()


@lru_cache(maxsize=32_768)
def _sound(char: str) -> str:
    """A character's commonest reading without tone; other characters stand for themselves."""
    if char.isascii():
        return char if char.isalnum() else ""
    return plain(char).casefold()


def pinyin(name: str) -> str:
    """A name as it sounds, in letters without spaces: ``康乐十字`` gives ``kangleshizi``."""
    return "".join(map(_sound, name.casefold()))


def spelt(wanted: str) -> str:
    """What was typed as pinyin, without spaces; "" where it can be none."""
    letters = "".join(wanted.split()).replace("'", "")
    return (
        letters if len(letters) >= LEAST_LETTERS and letters.isascii() and letters.isalnum() else ""
    )


def initials(name: str) -> str:
    """Pinyin initials of a name: ``康乐十字 2`` gives ``klsz2``."""
    return "".join(map(_initial, name.casefold()))


class NameIndex:
    """Folded names and initials by row, made when first searched. What is kept of a row is of a
    name and keys; where they are others now it is made anew. One search at a time, on any thread.
    """

    def __init__(self) -> None:
        self._kept: dict[int, _Entry] = {}
        self._lock = threading.Lock()

    def search(
        self,
        text: str,
        limit: int,
        ids: Sequence[str],
        names: Sequence[str],
        keys: Sequence[tuple[str, ...]],
        work: Work | None = None,
    ) -> list[int]:
        """Rows that match, best first: whole, then beginning, then part, then by a key; ties by
        name. StoppedError where the work was stopped."""
        wanted = text.strip().casefold()
        if not wanted or limit <= 0:
            return []
        letters = spelt(wanted)
        found: list[tuple[int, int, str, int]] = []
        with self._lock:
            for first, part in in_parts(ids, work):
                for row, feature_id in enumerate(part, first):
                    if not feature_id:
                        continue
                    entry = self._entry(row, names[row], keys[row])
                    rank = _found(wanted, letters, feature_id, entry)
                    if rank is not None:
                        found.append((rank, len(entry.name), entry.folded, row))
        found.sort()
        return [row for *_, row in found[:limit]]

    def _entry(self, row: int, name: str, keys: tuple[str, ...]) -> _Entry:
        entry = self._kept.get(row)
        if entry is None or entry.name != name or entry.keys != keys:
            entry = self._kept[row] = _Entry(name, keys)
        return entry


class _Entry:
    """A name and its keys as they are compared; how it sounds is worked out when asked for."""

    __slots__ = ("_sound", "folded", "keys", "more", "name", "short")

    def __init__(self, name: str, keys: tuple[str, ...]) -> None:
        self.name, self.keys = name, keys
        self.folded, self.short = name.casefold(), initials(name)
        self.more = tuple(k.casefold() for k in keys)
        self._sound: str | None = None

    @property
    def sound(self) -> str:
        """Its pinyin, "" for a name without Chinese."""
        if self._sound is None:
            self._sound = "" if self.name.isascii() else pinyin(self.name)
        return self._sound


@dataclass(frozen=True, slots=True)
class Naming:
    """What everything was called at one moment; any thread may search it."""

    index: NameIndex
    ids: list[str]
    names: list[str]
    keys: list[tuple[str, ...]]

    def search(self, text: str, limit: int, work: Work | None = None) -> list[str]:
        """Ids, best first. StoppedError where the work was stopped."""
        rows = self.index.search(text, limit, self.ids, self.names, self.keys, work)
        return [self.ids[row] for row in rows]


def _found(wanted: str, letters: str, feature_id: str, entry: _Entry) -> int | None:
    rank = _rank(wanted, feature_id.casefold(), entry.folded, entry.short)
    if rank is None and letters and entry.sound:
        rank = sound_rank(letters, entry.sound)
    if rank is None and any(wanted in key for key in entry.more):
        rank = BY_KEY
    return rank


def sound_rank(letters: str, sound: str) -> int | None:
    """How well pinyin fits the beginning of a name, or a part of it."""
    if sound.startswith(letters):
        return BY_SOUND
    return IN_SOUND if letters in sound else None


def _rank(wanted: str, feature_id: str, name: str, short: str) -> int | None:
    if wanted in (feature_id, name):
        return 0
    if name.startswith(wanted):
        return 1
    if short.startswith(wanted):
        return 2
    if wanted in name:
        return 3
    if wanted in feature_id:
        return 4
    return 5 if wanted in short else None
