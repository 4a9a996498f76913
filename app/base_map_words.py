"""What is said about a base map: at the map's edge and in the dialog."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from services.basemaps.model import SCHEMATIC, Source
from services.basemaps.remote import Status
from services.domain.errors import KnownError
from widgets.format import clock_hm, day_clock
from widgets.text import plain

translate = QCoreApplication.translate


def plate_words(source: Source, status: Status, stood_in: bool, now: float) -> tuple[str, str]:
    """Whose map it is, and what is wrong with it, "" while nothing is. ``stood_in``: for some
    tiles the schematic map stands in."""
    if source.id == SCHEMATIC:
        return translate("BaseMaps", "Schematic map"), ""
    trouble = trouble_words(status, now)
    if status.oldest is not None and trouble:
        kept = translate("BaseMaps", "kept tiles from {0}").format(day_clock(status.oldest, now))
        trouble = f"{trouble} · {kept}"
    if trouble and (stood_in or status.trouble in ("file", "no_key")):
        instead = translate("BaseMaps", "schematic map instead")
        trouble = f"{trouble} · {instead}"
    return plain(source.attribution or source.title_zh), trouble


def trouble_words(status: Status, now: float) -> str:
    """What is wrong with a source in a few words, "" while nothing is."""
    since = clock_hm(status.since) if now - status.since < 86_400 else day_clock(status.since, now)
    words = {
        "": "",
        "no_answer": translate("BaseMaps", "The tile server has not answered since {0}"),
        "wrong_key": translate("BaseMaps", "The tile server refuses the key"),
        "no_key": translate("BaseMaps", "This base map needs a key"),
        "too_many": translate("BaseMaps", "The tile server takes no more questions for now"),
        "server_error": translate("BaseMaps", "The tile server has failed since {0} ({1})"),
        "no_picture": translate("BaseMaps", "The tile server has sent no pictures since {0}"),
        "redirected": translate(
            "BaseMaps", "The tile server points elsewhere, which is not followed"
        ),
        "untrusted": translate("BaseMaps", "The tile server's certificate is not trusted"),
        "file": translate("BaseMaps", "The base map's file cannot be read"),
    }
    return words[status.trouble].format(since, plain(status.detail))


def server_words(error: KnownError) -> str:
    """Why a tile server was of no use when it was asked, "" for other errors."""
    trouble = str(error.params.get("trouble", ""))
    words = {
        "no_answer": translate("BaseMaps", "The tile server does not answer"),
        "wrong_key": translate("BaseMaps", "The tile server refuses the key"),
        "no_key": translate("BaseMaps", "This base map needs a key"),
        "too_many": translate("BaseMaps", "The tile server takes no more questions for now"),
        "server_error": translate("BaseMaps", "The tile server fails"),
        "no_picture": translate("BaseMaps", "What the tile server sends is no picture"),
        "redirected": translate(
            "BaseMaps", "The tile server points elsewhere, which is not followed"
        ),
        "untrusted": translate("BaseMaps", "The tile server's certificate is not trusted"),
    }
    why = plain(str(error.params.get("why", "")))
    told = words.get(trouble, "")
    return f"{told} ({why})" if told and why else told
