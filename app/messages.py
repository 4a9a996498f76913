"""Refusals and failures in the user's language: what happened, what it means, what to do."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from services.domain.errors import KnownError
from services.feed.frames import ErrorInfo

CONTEXT = "Messages"


def _texts() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "offline": translate(
            CONTEXT, "Not connected to the hub. Nothing was sent; try again when LIVE is shown."
        ),
        "no_answer": translate(
            CONTEXT, "The hub has not answered yet. Look at the list before you try again."
        ),
        "stock_short": translate(
            CONTEXT, "Not enough stock: {item} at {warehouse}, {free} free. Nothing was reserved."
        ),
        "busy": translate(CONTEXT, "{entity} already has a task. Choose another team."),
        "conflict": translate(
            CONTEXT, "Somebody else changed this in the meantime. It is shown as it is now."
        ),
        "forbidden": translate(CONTEXT, "Your role may not do this."),
        "replay_readonly": translate(
            CONTEXT, "This is a replay. Orders are not carried out and go nowhere."
        ),
        "disk_full": translate(
            CONTEXT, "The hub's disk is full. Nothing was stored; free space, then try again."
        ),
        "storage_failed": translate(
            CONTEXT, "The hub cannot store anything at the moment. Nothing was stored."
        ),
        "no_media": translate(CONTEXT, "No stream is registered for this camera."),
        "hub_unreachable": translate(CONTEXT, "The hub does not answer."),
        "not_found": translate(CONTEXT, "It is not there any more."),
        "wrong_state": translate(CONTEXT, "That is not possible in its present state."),
        "nothing_chosen": translate(CONTEXT, "Nothing is chosen: pick a team or some stock."),
    }


def person_text(error: ErrorInfo | KnownError) -> str:
    """The error for a person; codes without a translation keep the hub's own English text."""
    template = _texts().get(error.code)
    if template is None:
        return error.text
    try:
        return template.format(**error.params)
    except (KeyError, IndexError):
        return error.text
