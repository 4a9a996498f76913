"""How a single Chinese sign is read. Pure; any thread."""

from __future__ import annotations

import os

# pypinyin reads these when it is first imported. Its phrases take 45 MB and are looked at for
# texts of several signs only; here it is asked sign by sign.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")

from pypinyin import Style, lazy_pinyin


def initial(sign: str) -> str:
    """The first letter of a sign's commonest reading; what is not Chinese stands for itself."""
    return str(lazy_pinyin(sign, style=Style.FIRST_LETTER)[0][:1])


def plain(sign: str) -> str:
    """A sign's commonest reading without its tone; what is not Chinese stands for itself."""
    return str(lazy_pinyin(sign)[0])


def reading(sign: str) -> str:
    """A sign's commonest reading with its tone as a number, 5 for none: ``xi1``."""
    return str(lazy_pinyin(sign, style=Style.TONE3, neutral_tone_with_five=True)[0])
