"""``onemap bench``: one family in this process, or all of them one after another in their own.

A family that needs a screen gets a virtual one where there is none; families are modules of this
package with ``rows() -> list[Row]``.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from app.bench.rows import Row, to_json, to_table
from app.display import has_display, virtual_screen
from services.domain.errors import KnownError

FAMILIES = (
    "render",
    "feed",
    "live",
    "start",
    "video",
    "store",
    "replay",
    "roads",
    "spatial",
    "updates",
    "table",
    "imports",
    "layers",
    "windows",
)
WITHOUT_SCREEN = frozenset({"feed", "store", "replay", "roads", "spatial"})
LONG = ("soak",)
"""Families that take an hour: not among all, to be asked for by name."""
SIZED = {"replay": "events", "soak": "minutes"}
"""Families whose ``rows`` takes a number, and what of."""
FAMILY_LIMIT_S = 1_800.0


def bench(
    family: str,
    *,
    json: bool,
    out: Path | None,
    events: int | None = None,
    minutes: int | None = None,
) -> int:
    """Measure, print a table (or with ``json`` the list of rows) and write ``out`` if given.

    The exit status says whether measuring worked, not whether the figures were reached.
    """
    number = None
    for option, value in (("events", events), ("minutes", minutes)):
        fits = [name for name, of in SIZED.items() if of == option]
        if value is not None and family not in fits:
            raise KnownError("bad_option", f"--{option} is for: " + ", ".join(fits))
        number = number if value is None else value
    rows = (
        [r for f in FAMILIES for r in _in_own_process(f)]
        if family == "all"
        else _here(family, number)
    )
    print(to_json(rows) if json else to_table(rows))
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(to_json(rows) + "\n", "utf-8")
    return 0


def family_rows(family: str, number: int | None = None) -> Callable[[], list[Row]]:
    """The function that measures a family, with a number of events or minutes if one was given."""
    measure: Callable[..., list[Row]] = importlib.import_module(f"app.bench.{family}").rows
    return measure if number is None else partial(measure, number)


def _here(family: str, number: int | None) -> list[Row]:
    with contextlib.ExitStack() as stack:
        if family not in WITHOUT_SCREEN and not has_display(os.environ):
            stack.enter_context(virtual_screen())
        return family_rows(family, number)()


def _in_own_process(family: str) -> list[Row]:
    """A fresh process: no family measures with what another left in memory."""
    print(f"measuring: {family}", file=sys.stderr, flush=True)
    script = Path(__file__).resolve().parents[2] / "main.py"
    program = [str(script)] if script.is_file() else ["-m", "app.cli"]
    result = subprocess.run(
        [sys.executable, *program, "bench", family, "--json"],
        stdout=subprocess.PIPE,
        timeout=FAMILY_LIMIT_S,
        check=False,
    )
    if result.returncode:
        raise KnownError("bench_failed", f"the {family} benchmark ended with an error")
    return msgspec.json.decode(result.stdout, type=list[Row])
