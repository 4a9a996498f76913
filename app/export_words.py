"""Words for exports that could not be written."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def export_texts() -> dict[str, str]:
    """Texts by code, in the user's language."""
    translate = QCoreApplication.translate
    return {
        "export_disk_full": translate(
            "Messages",
            "The disk is full: {name} was not written. Free space or choose another disk.",
        ),
        "export_no_permission": translate(
            "Messages", "{folder} may not be written here: choose another folder."
        ),
        "export_no_folder": translate("Messages", "There is no folder {folder} (any more)."),
        "export_not_written": translate("Messages", "{name} was not written: {reason}"),
        "export_too_many": translate(
            "Messages",
            "A spreadsheet holds {most} rows and this has {rows}: filter it, or export CSV or"
            " GeoPackage.",
        ),
        "export_no_record": translate(
            "Messages",
            "The hub does not answer, so the export cannot be put on record. Nothing was written;"
            " try again when LIVE is shown.",
        ),
        "unknown_export": translate("Messages", "The hub has no such export of yours on record."),
        "unknown_kind": translate(
            "Messages", "The hub knows no such kind. Its packs may be others than this desk's."
        ),
    }
