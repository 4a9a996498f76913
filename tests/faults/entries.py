"""Reads the corpus of bad input: small files of entries, each with what must be said of it.

An entry's text may hold ``«TEXT*COUNT»``, so that a hundred thousand brackets stay one short line,
``«CUT»`` for half a character, and ``«NAME»`` for a text of the file's own ``[words]``.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).parent / "corpus"
Entry = dict[str, Any]
_MANY = re.compile(r"«([^«»]*?)\*(\d+)»", re.DOTALL)


def entries(name: str) -> list[Entry]:
    """The entries of ``corpus/NAME.toml``, their texts written out."""
    whole = tomllib.loads((CORPUS / f"{name}.toml").read_text("utf-8"))
    words: dict[str, str] = whole.get("words", {})
    found: list[Entry] = []
    for given in whole["entry"]:
        entry = {k: written(v, words) if isinstance(v, str) else v for k, v in given.items()}
        found.append(entry)
    names = [entry["what"] for entry in found]
    assert len(set(names)) == len(names), "two entries have one name"
    return found


def written(text: str, words: dict[str, str]) -> str:
    """A text with its abbreviations written out."""
    for name, word in words.items():
        text = text.replace(f"«{name}»", word)
    return _MANY.sub(lambda m: m[1] * int(m[2]), text)


def resident(pid: int) -> int:
    """Bytes of memory that a process has had at most."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024  # type: ignore[index]  # Linux
