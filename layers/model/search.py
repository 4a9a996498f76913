"""Finding features by id, name, the name's pinyin initials or keys. Pure; built as it is used."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from layers.model.sounds import initial, plain

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
    """Folded names and initials by row, made when first searched and forgotten when they change."""

    def __init__(self) -> None:
        self._folded: dict[int, tuple[str, str, tuple[str, ...]]] = {}
        self._sounds: dict[int, str] = {}

    def forget(self, row: int) -> None:
        """The row's name or keys have changed."""
        self._folded.pop(row, None)
        self._sounds.pop(row, None)

    def search(
        self,
        text: str,
        limit: int,
        ids: Sequence[str],
        names: Sequence[str],
        keys: Sequence[tuple[str, ...]],
    ) -> list[int]:
        """Rows that match, best first: whole, then beginning, then part, then by a key; ties by
        name."""
        wanted = text.strip().casefold()
        if not wanted or limit <= 0:
            return []
        letters = spelt(wanted)
        found: list[tuple[int, int, str, int]] = []
        for row, feature_id in enumerate(ids):
            if not feature_id:
                continue
            name, short, more = self._entry(row, names[row], keys[row])
            rank = _rank(wanted, feature_id.casefold(), name, short)
            if rank is None and letters and not name.isascii():
                rank = sound_rank(letters, self._sound_of(row, name))
            if rank is None and any(wanted in key for key in more):
                rank = BY_KEY
            if rank is not None:
                found.append((rank, len(name), name, row))
        found.sort()
        return [row for *_, row in found[:limit]]

    def _sound_of(self, row: int, name: str) -> str:
        sound = self._sounds.get(row)
        if sound is None:
            sound = self._sounds[row] = pinyin(name)
        return sound

    def _entry(
        self, row: int, name: str, keys: tuple[str, ...]
    ) -> tuple[str, str, tuple[str, ...]]:
        entry = self._folded.get(row)
        if entry is None:
            entry = (name.casefold(), initials(name), tuple(k.casefold() for k in keys))
            self._folded[row] = entry
        return entry


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
