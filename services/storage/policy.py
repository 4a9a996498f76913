"""How long what is kept: the ``[retention]`` table of ``hub.toml`` in the data directory. Pure."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import msgspec

from services.domain import toml
from services.domain.errors import KnownError

DAY_S = 86_400.0
MAX_BYTES = 64 * 1024


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days, each; 0 keeps for ever.

    ``observed_days``: every single event, so that each moment can be replayed exactly. Then
    readings, positions and online flags leave the log. ``lossless_days``: what people did and what
    happened (alarms, cases, dispatches, descriptions). ``readings_days``: single points of curves;
    ``minutes_days`` and ``hours_days``: their rollups. ``history_days``: closed cases and gone
    alarms in the search.
    """

    observed_days: float = 30.0
    lossless_days: float = 365.0
    readings_days: float = 30.0
    minutes_days: float = 365.0
    hours_days: float = 3_650.0
    history_days: float = 3_650.0


FOREVER = Policy(
    observed_days=0.0,
    lossless_days=0.0,
    readings_days=0.0,
    minutes_days=0.0,
    hours_days=0.0,
    history_days=0.0,
)
_ORDER = (
    ("observed_days", "lossless_days"),
    ("readings_days", "minutes_days"),
    ("minutes_days", "hours_days"),
    ("lossless_days", "history_days"),
)


def limit(now: float, days: float) -> float:
    """The moment before which things may go; minus infinity when nothing may."""
    return now - days * DAY_S if days > 0 else -math.inf


def read_policy(path: Path) -> Policy:
    """The policy of a settings file; the usual one where the file or the table is not there.

    KnownError ``bad_settings`` names the file and the field.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return Policy()
    except OSError as error:
        raise _bad(path, f"cannot be read: {error}") from error
    if len(data) > MAX_BYTES:
        raise _bad(path, f"is larger than {MAX_BYTES} bytes")
    try:
        table = toml.loads(data.decode("utf-8")).get("retention", {})
        policy = msgspec.convert(table, Policy, strict=False)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise _bad(path, f"[retention] cannot be used: {error}") from error
    check(policy, path)
    return policy


def check(policy: Policy, path: Path) -> None:
    """Refuse what cannot be: ``bad_settings``."""
    for field, days in msgspec.structs.asdict(policy).items():
        if not math.isfinite(days) or days < 0:
            raise _bad(path, f"[retention] {field} must be 0 (for ever) or a number of days")
    for shorter, longer in _ORDER:
        a, b = getattr(policy, shorter), getattr(policy, longer)
        if b and (not a or a > b):
            raise _bad(path, f"[retention] {longer} must not be shorter than {shorter}")


def _bad(path: Path, what: str) -> KnownError:
    return KnownError("bad_settings", f"{path} {what}", field="retention")
