"""Words for refusals of orders, of replays and of questions that a hub was asked.

A key may carry the field that the refusal names (``missing_field:department``) where that says more
than the code alone, see ``app.messages``.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def refusal_texts() -> dict[str, str]:
    """Texts by code, in the user's language."""
    words = (_what_is_missing(), _wrong_values(), _unknown(), _replay(), _hub(), _line(), _trust())
    return {code: text for some in words for code, text in some.items()}


def _what_is_missing() -> dict[str, str]:
    return {
        "missing_field": QCoreApplication.translate(
            "Messages", "Something that this needs was not filled in."
        ),
        "missing_field:category": QCoreApplication.translate(
            "Messages", "This alarm suggests no category; choose one."
        ),
        "missing_field:department": QCoreApplication.translate(
            "Messages", "Name the department that shall handle the case."
        ),
        "missing_field:handler": QCoreApplication.translate("Messages", "Name who handles it."),
        "missing_field:lon": QCoreApplication.translate(
            "Messages", "Give the place on the map, or none at all."
        ),
        "missing_field:why": QCoreApplication.translate(
            "Messages", "This goes on record: say what it is needed for."
        ),
    }


def _wrong_values() -> dict[str, str]:
    wrong = QCoreApplication.translate(
        "Messages",
        "The hub cannot read this order. Are hub and desk of one version? Give the log file to"
        " whoever looks after this desk.",
    )
    place = QCoreApplication.translate(
        "Messages", "This is no place on the map: check longitude and latitude."
    )
    return {
        **dict.fromkeys(
            ("malformed", "unknown_field", "unknown_command", "wrong_type", "bad_key", "bad_frame"),
            wrong,
        ),
        **dict.fromkeys(("too_deep", "no_hello", "bad_id", "key_reused"), wrong),
        **dict.fromkeys(("swapped", "not_finite"), place),
        "out_of_range": QCoreApplication.translate(
            "Messages", "A value is larger or smaller than is allowed. Nothing was changed."
        ),
        "out_of_range:until": QCoreApplication.translate(
            "Messages", "A suspension ends later than now, within a year."
        ),
        "out_of_range:stock": QCoreApplication.translate(
            "Messages", "A quantity must be at least 1."
        ),
        "too_long": QCoreApplication.translate(
            "Messages", "What was written is too long. Nothing was changed; shorten it."
        ),
        "too_large": QCoreApplication.translate(
            "Messages", "That is too much at once. Nothing was changed."
        ),
        "bad_character": QCoreApplication.translate(
            "Messages", "What was written has a sign that cannot be stored; write it anew."
        ),
        "same_place": QCoreApplication.translate("Messages", "Choose two different warehouses."),
        "no_limit": QCoreApplication.translate(
            "Messages", "This case has no limit that could be extended."
        ),
        "not_dispatchable": QCoreApplication.translate(
            "Messages", "One of those chosen is nothing that can be sent."
        ),
    }


def _unknown() -> dict[str, str]:
    return {
        "unknown_category": QCoreApplication.translate(
            "Messages", "The hub knows no such category. Its packs may be others than this desk's."
        ),
        "unknown_task": QCoreApplication.translate(
            "Messages", "This task is not part of the dispatch any more."
        ),
        "bad_camera_id": QCoreApplication.translate("Messages", "This is no camera's id."),
    }


def _replay() -> dict[str, str]:
    return {
        "at_end": QCoreApplication.translate(
            "Messages", "The replay stands at the end of its span; go back first."
        ),
        "bad_replay": QCoreApplication.translate(
            "Messages", "That is not possible in this replay at present."
        ),
        "bad_span": QCoreApplication.translate("Messages", "Nothing was recorded in this span."),
        "bad_speed": QCoreApplication.translate("Messages", "A replay does not run at this speed."),
        "bad_steps": QCoreApplication.translate(
            "Messages", "A replay does not go so many events at one step."
        ),
        "empty_log": QCoreApplication.translate("Messages", "Nothing has been recorded yet."),
        "replay_closed": QCoreApplication.translate(
            "Messages", "The hub has closed this replay. Close the window and open it again."
        ),
        "too_old": QCoreApplication.translate(
            "Messages", "The record of so long ago is not kept any more."
        ),
        "log_broken": QCoreApplication.translate(
            "Messages",
            "The hub's record is damaged there. Tell who looks after the hub.",
        ),
    }


def _hub() -> dict[str, str]:
    return {
        "internal": QCoreApplication.translate(
            "Messages",
            "The hub failed on this. Look whether it was done; its log says why it failed.",
        ),
        "busy_hub": QCoreApplication.translate(
            "Messages", "The hub has too much to do. Nothing was done; try again in a moment."
        ),
        "too_slow": QCoreApplication.translate(
            "Messages", "The line is too slow for this; the hub has ended it."
        ),
        "hub_refused": QCoreApplication.translate(
            "Messages", "The hub has refused this and not said why; its log may."
        ),
        "not_written": QCoreApplication.translate(
            "Messages", "The file could not be written on this machine."
        ),
    }


def _line() -> dict[str, str]:
    return {
        "no_line": QCoreApplication.translate(
            "Messages", "There is no connection to the hub. It is tried again and again."
        ),
        "silent": QCoreApplication.translate(
            "Messages", "The connection stands, but nothing comes from the hub."
        ),
        "hub_stopping": QCoreApplication.translate(
            "Messages", "The hub is being stopped, for a new start perhaps."
        ),
        "full": QCoreApplication.translate(
            "Messages",
            "The hub serves as many desks as it can. Close one, or ask who looks after it.",
        ),
        "epoch": QCoreApplication.translate(
            "Messages", "The hub has begun a new record; everything is fetched anew."
        ),
    }


def _trust() -> dict[str, str]:
    return {
        "tls_expired": QCoreApplication.translate(
            "Messages", "The hub's certificate has ended. Tell who looks after the hub."
        ),
        "tls_not_yet": QCoreApplication.translate(
            "Messages", "The hub's certificate is not valid yet. Is this machine's clock right?"
        ),
        "tls_wrong_name": QCoreApplication.translate(
            "Messages", "The hub's certificate is for another address than the one given here."
        ),
        "tls_untrusted": QCoreApplication.translate(
            "Messages",
            "This machine does not trust the hub's certificate: start the console with --ca FILE,"
            " the certificate of the hub's authority.",
        ),
        "tls_failed": QCoreApplication.translate(
            "Messages", "The encrypted connection to the hub could not be made."
        ),
    }
