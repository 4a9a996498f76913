"""Words for what goes wrong with the map's tools and with what a user keeps. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def map_texts() -> dict[str, str]:
    """Texts by code, in the user's language."""
    return {
        "notes_not_kept": QCoreApplication.translate(
            "Messages",
            "What you keep at this desk (bookmarks, units) could not be written: {why}. It holds"
            " until this console ends; free space on its disk.",
        ),
        "bad_units": QCoreApplication.translate(
            "Messages",
            "The list of administrative units cannot be read: {why}. Install this program anew.",
        ),
    }
