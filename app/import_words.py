"""Words for what can be wrong with a file that is loaded, with its rows, and with an undo.

By code; ``app.messages`` fills in the parameters of the refusal.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def import_texts() -> dict[str, str]:
    """Texts by code, in the user's language."""
    return {**_files(), **_places(), **_rows(), **_batches()}


def _files() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "no_file": translate("Imports", "The file is not there, or it cannot be read."),
        "empty_file": translate("Imports", "The file is empty."),
        "wrong_format": translate(
            "Imports",
            "The file is of another kind than its name says. What is read: CSV, GeoJSON, shapefile"
            " (also zipped), GeoPackage, KML and KMZ.",
        ),
        "missing_part": translate(
            "Imports",
            "A shapefile is several files. One of them is missing beside it: {part}. Copy all of"
            " them, or pack them into one .zip.",
        ),
        "broken_file": translate(
            "Imports", "The file is broken, or reading it took too much memory or time."
        ),
        "too_slow": translate("Imports", "Reading the file took too long and was given up."),
        "bad_archive": translate(
            "Imports",
            "The archive cannot be unpacked safely: it is broken, encrypted, swells, or holds names"
            " that lead out of it.",
        ),
        "empty_archive": translate("Imports", "The archive holds no shapefile, KML or GeoPackage."),
        "which_member": translate(
            "Imports", "The archive holds {count} files of maps. Unpack it and choose one."
        ),
        "which_layer": translate("Imports", "The file has several layers. Choose one: {layers}"),
        "bad_csv": translate("Imports", "The first line of the table cannot be read as a header."),
        "bad_geojson": translate("Imports", "The file is no valid GeoJSON."),
        "unknown_encoding": translate(
            "Imports", "The texts of the file are not in this encoding. Choose another one."
        ),
        "stopped": translate("Imports", "It was stopped."),
        "unknown_batch": translate("Imports", "Nothing is known of this load any more."),
    }


def _places() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "no_crs": translate(
            "Imports",
            "The file does not say in which reference system its coordinates are. Choose it.",
        ),
        "wrong_crs": translate(
            "Imports",
            "These coordinates are no place in the reference system that was chosen.",
        ),
        "unknown_crs": translate("Imports", "There is no reference system of this number."),
        "unknown_datum": translate("Imports", "There is no such datum."),
    }


def _rows() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "bad_geometry": translate(
            "Imports",
            "Its shape cannot be used: it crosses itself, is broken, or is not the one shape that"
            " this kind has.",
        ),
        "bad_row": translate("Imports", "The row cannot be read."),
        "ragged_row": translate("Imports", "The row has more or fewer cells than the header."),
        "bad_feature": translate("Imports", "The feature cannot be read."),
        "bad_text": translate("Imports", "A text of the row is not in the file's encoding."),
        "not_exact": translate(
            "Imports", "A number has more digits than a number can have; keep it as text."
        ),
        "not_a_number": translate("Imports", "A cell that should hold a number does not."),
        "not_a_boolean": translate("Imports", "A cell that should say yes or no does not."),
        "bad_time": translate("Imports", "A cell that should hold a time does not."),
        "no_offset": translate(
            "Imports", "A time does not say in which time zone it is. Choose the zone."
        ),
        "unknown_timezone": translate("Imports", "There is no such time zone."),
        "duplicate_id": translate("Imports", "A row before it has the same number."),
        "unknown_mapping": translate("Imports", "No such mapping is remembered."),
        "live_field": translate(
            "Imports",
            "Readings, states and signs of life come from whoever observes them, as they happen; "
            "a file cannot say them.",
        ),
        "unknown_column": translate("Imports", "The file has no such column."),
        "unknown_kind": translate("Imports", "The hub knows no such kind of thing."),
        "unknown_unit": translate("Imports", "This unit is not known here."),
        "wrong_unit": translate(
            "Imports", "This unit cannot be turned into the unit that the field has."
        ),
    }


def _batches() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "changed_since": translate(
            "Imports", "It was changed or worked on since; it stays as it is."
        ),
        "in_use": translate(
            "Imports", "It is in use now (dispatched, or it holds stock); it stays."
        ),
        "other_epoch": translate(
            "Imports",
            "The hub's record is not the one that this was loaded into, so it cannot be undone.",
        ),
        "already_undone": translate("Imports", "This load was undone already."),
        "being_undone": translate("Imports", "This load is being undone; it takes no more rows."),
        "not_your_load": translate(
            "Imports",
            "Somebody else loaded this ({user}). Only they or a system administrator can undo it.",
        ),
        "batch_taken": translate("Imports", "Another load has this number. Load the file again."),
        "old_desk": translate(
            "Imports",
            "This desk's program is older than the hub's. Bring it up to the same version, then "
            "load or undo again.",
        ),
        "batch_busy": translate("Imports", "Somebody is working on this load just now."),
        "batch_damaged": translate(
            "Imports",
            "The record of which rows of this load went out is damaged (line {line}), so it cannot"
            " be gone on with. Undo it and load the file again.",
        ),
        "file_changed": translate(
            "Imports", "The file is not the one any more that was being loaded."
        ),
        "not_resumable": translate(
            "Imports", "This load has ended; there is nothing to go on with."
        ),
    }
