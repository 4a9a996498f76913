"""Times, ages, numbers and distances as people read them. UNIX seconds in, Beijing time out."""

from __future__ import annotations

import math
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from services.domain.clock import BEIJING
from services.domain.ids import is_case_id

SHORT_S = 600.0
WHOLE_DAYS = 10
"""From so many days on the hours say nothing."""


def local(time: float) -> datetime:
    """The moment in Beijing time, the time of the district wherever the seat stands."""
    return datetime.fromtimestamp(time, BEIJING)


def clock_hms(time: float) -> str:
    """14:05:12."""
    return local(time).strftime("%H:%M:%S")


def clock_hm(time: float) -> str:
    """14:05."""
    return local(time).strftime("%H:%M")


def clock_ends(start: float, end: float) -> tuple[str, str]:
    """Both ends of a span of time; with seconds where minutes would hardly tell them apart."""
    words = clock_hms if end - start < SHORT_S else clock_hm
    return words(start), words(end)


def date_time(time: float) -> str:
    """2026-07-15 14:05:12."""
    return local(time).strftime("%Y-%m-%d %H:%M:%S")


def day_clock(time: float, now: float) -> str:
    """The time of day, with the date in front when it is not today's."""
    then, today = local(time), local(now)
    if then.date() == today.date():
        return then.strftime("%H:%M:%S")
    return then.strftime("%m-%d %H:%M")


def weekday(time: float) -> str:
    """The name of the day."""
    names = (
        QCoreApplication.translate("Format", "Monday"),
        QCoreApplication.translate("Format", "Tuesday"),
        QCoreApplication.translate("Format", "Wednesday"),
        QCoreApplication.translate("Format", "Thursday"),
        QCoreApplication.translate("Format", "Friday"),
        QCoreApplication.translate("Format", "Saturday"),
        QCoreApplication.translate("Format", "Sunday"),
    )
    return names[local(time).weekday()]


def span_hms(seconds: float) -> str:
    """A span as 1:54:09, as 3 d 04:12 from a day on, as 12 d from ten; the sign is left out."""
    whole = int(abs(seconds))
    days, rest = divmod(whole, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, left = divmod(rest, 60)
    if days >= WHOLE_DAYS:
        return QCoreApplication.translate("Format", "{0} d").format(f"{days:,}")
    if days:
        return QCoreApplication.translate("Format", "{0} d {1}").format(
            days, f"{hours:02}:{minutes:02}"
        )
    return f"{hours}:{minutes:02}:{left:02}"


def span_ms(seconds: float) -> str:
    """A span as mm:ss, the form of STALE."""
    minutes, left = divmod(int(abs(seconds)), 60)
    return f"{minutes:02}:{left:02}"


def age(seconds: float) -> str:
    """How long ago, in the largest unit that fits: 3 s ago, 4 min ago, 2 h ago, 3 d ago."""
    seconds = max(0.0, seconds)
    if seconds < 60:
        return QCoreApplication.translate("Format", "{0} s ago").format(int(seconds))
    if seconds < 3_600:
        return QCoreApplication.translate("Format", "{0} min ago").format(int(seconds // 60))
    if seconds < 86_400:
        return QCoreApplication.translate("Format", "{0} h ago").format(int(seconds // 3_600))
    return QCoreApplication.translate("Format", "{0} d ago").format(int(seconds // 86_400))


def number(value: float, decimals: int = 0) -> str:
    """With thousands separators; what is not a number is a dash."""
    return f"{value:,.{decimals}f}" if math.isfinite(value) else "–"


def short_id(identifier: str) -> str:
    """The part of an id that tells one from another today: 0715-00198 of a case number."""
    if is_case_id(identifier):
        return f"{identifier[10:14]}-{identifier[14:]}"
    tail = identifier.split(":", 1)[-1]
    return tail if len(tail) <= 12 else "…" + tail[-11:]


def distance(meters: float) -> str:
    """850 m or 1.2 km."""
    if meters < 1_000:
        return f"{meters:.0f} m"
    return f"{meters / 1_000:.1f} km"
