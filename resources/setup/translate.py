"""Collect the texts of the sources into the translation file and compile it (``make i18n``).

Translations that are there stay; new texts appear as unfinished; texts that are gone go.
"""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

import PySide6

ROOT = Path(__file__).resolve().parents[2]
I18N = ROOT / "resources" / "i18n"
TOOLS = Path(PySide6.__file__).parent
SOURCES = ("app", "widgets", "layers", "resources/qml")


def sources() -> list[str]:
    """Files that may hold texts, in a fixed order so that the result does not wander."""
    found = [p for top in SOURCES for s in ("*.py", "*.qml") for p in (ROOT / top).rglob(s)]
    return sorted(str(p.relative_to(ROOT)) for p in found if "__pycache__" not in p.parts)


def update(ts: Path) -> None:
    """Bring ``ts`` up to date with the sources."""
    options = ["-locations", "none", "-no-obsolete", "-source-language", "en"]
    options += ["-target-language", "zh_CN", "-silent"]
    command = [str(TOOLS / "lupdate"), *options, *sources(), "-ts", str(ts)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=300)


def release(ts: Path, qm: Path) -> None:
    """Compile ``ts``; unfinished entries are left out and so show in English."""
    command = [str(TOOLS / "lrelease"), "-silent", str(ts), "-qm", str(qm)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=300)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ts", type=Path, default=I18N / "onemap_zh_CN.ts")
    parser.add_argument("--qm", type=Path, default=I18N / "onemap_zh_CN.qm")
    arguments = parser.parse_args()
    arguments.ts.parent.mkdir(parents=True, exist_ok=True)
    update(arguments.ts)
    release(arguments.ts, arguments.qm)
