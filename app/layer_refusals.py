"""Words for what can go wrong with layer sets and workspaces."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def layer_texts() -> dict[str, str]:
    """Texts by code, in the user's language."""
    translate = QCoreApplication.translate
    return {
        "bad_layer_set": translate(
            "Messages", "This is no layer set, or a damaged one. Nothing was changed. ({what})"
        ),
        "layer_set_no_json": translate(
            "Messages",
            "This file is no layer set, or a damaged one: line {line}, character {column} is not as"
            " it should be. Nothing was changed.",
        ),
        "layer_set_no_text": translate(
            "Messages", "This file is no layer set: it is not even text. Nothing was changed."
        ),
        "workspaces_unreadable": translate(
            "Messages",
            "Your saved layers could not be read and were set aside as {file}. The layers of the"
            " packs are shown.",
        ),
        "workspaces_unsaved": translate(
            "Messages",
            "Your layers cannot be saved on this desk's disk: {what}. They stay until you leave.",
        ),
        "workspace_name": translate("Messages", "A name has 1 to {most} characters."),
        "workspaces_full": translate(
            "Messages", "There are {most} workspaces already; delete one first."
        ),
    }
