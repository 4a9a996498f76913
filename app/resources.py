"""Where shipped data lies."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "resources"


def resource(*parts: str) -> Path:
    """The path of one shipped file or directory."""
    return ROOT.joinpath(*parts)
