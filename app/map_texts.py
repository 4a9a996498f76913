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
        "sheet_not_written": QCoreApplication.translate(
            "Messages",
            "The sheet cannot be written to {path}. Choose another place, or free space there.",
        ),
        "no_memory_for_sheet": QCoreApplication.translate(
            "Messages",
            "There is no memory for a picture of this size. Take fewer dots an inch or A4.",
        ),
        "bad_units": QCoreApplication.translate(
            "Messages",
            "The list of administrative units cannot be read: {why}. Install this program anew.",
        ),
    }
