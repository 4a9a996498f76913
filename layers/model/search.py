"""Find features by name, id or pinyin initials. The index is built once per layout, lazily."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from layers.model.features import Feature

MAX_TEXT = 80
SCAN_LIMIT = 400
"""Matches looked at before the best are chosen: a short query must not sort the whole city."""


@lru_cache(maxsize=65_536)
def initials(name: str) -> str:
    """Pinyin initials of a name in lower case: 康乐十字 → klsz; other characters stay."""
    return "".join(lazy_pinyin(name[:MAX_TEXT], style=Style.FIRST_LETTER)).lower()


def search(features: Iterable[Feature], text: str, limit: int = 20) -> list[Feature]:
    """The best matches: id or name equal, then beginning, then inside, then initials."""
    wanted = text.strip().lower()[:MAX_TEXT]
    if not wanted or limit <= 0:
        return []
    by_initials = wanted.isascii() and wanted.replace(" ", "").isalnum()
    found: list[tuple[int, int, str, Feature]] = []
    for feature in features:
        rank = _rank(feature, wanted, by_initials)
        if rank is not None:
            found.append((rank, len(feature.name), feature.id, feature))
            if len(found) >= SCAN_LIMIT and rank == 0:
                break
    found.sort(key=lambda item: item[:3])
    return [feature for *_, feature in found[:limit]]


def _rank(feature: Feature, wanted: str, by_initials: bool) -> int | None:
    name, feature_id = feature.name.lower(), feature.id.lower()
    if wanted in (name, feature_id):
        return 0
    if name.startswith(wanted) or feature_id.startswith(wanted):
        return 1
    if wanted in name:
        return 2
    if wanted in feature_id:
        return 3
    if by_initials and len(wanted) > 1 and wanted in initials(feature.name):
        return 4
    return None
