"""What the builders of the demo share: a random stream of their own, names, people, last signs.

One Draw belongs to one builder; the same seed and topic give the same stream on every machine.
"""

from __future__ import annotations

import random
from collections import Counter

from services.domain.model import Link

INVENTED = "（示例）"
"""Stands behind every name of a person: nobody of the demo exists."""

_SURNAMES = "马王李张赵韩祁白冶刘陈沈罗杨周"
_GIVEN = (
    "建国", "海燕", "秀兰", "晓明", "文军", "玉梅", "志强", "雪莲", "永福", "丽华",
    "国栋", "春花", "启明", "金莲", "学智", "彩霞", "成林", "小芳", "生辉", "桂英",
)  # fmt: skip


class Draw(random.Random):
    """A stream of one topic of the demo."""

    def __init__(self, seed: int, topic: str, now: float) -> None:
        super().__init__(f"{seed}:{topic}")
        self.now = now
        self._names: Counter[str] = Counter()

    def person(self) -> str:
        """An invented name, marked so."""
        return self.choice(_SURNAMES) + self.choice(_GIVEN) + INVENTED

    def phone(self) -> str:
        """A masked number: no digits that could ring somewhere."""
        return f"13{self.randrange(10)}****{self.randrange(10_000):04d}"

    def unique(self, name: str) -> str:
        """The name, numbered from its second use on."""
        self._names[name] += 1
        count = self._names[name]
        return name if count == 1 else f"{name}-{count}"

    def links(self, total: int, offline: int, unknown: int) -> list[Link]:
        """``total`` links, shuffled, of which exactly so many do not answer or are not known."""
        links = (
            [Link.OFFLINE] * offline
            + [Link.UNKNOWN] * unknown
            + [Link.ONLINE] * (total - offline - unknown)
        )
        self.shuffle(links)
        return links

    def seen(self, link: Link, within_s: float) -> float | None:
        """The last sign of life: lately, hours to days ago, or never."""
        if link is Link.ONLINE:
            return round(self.now - self.uniform(0.0, within_s), 3)
        if link is Link.OFFLINE:
            return round(self.now - self.uniform(3_600.0, 3 * 86_400.0), 3)
        return None
