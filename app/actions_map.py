"""The actions of the map's tools, and the pictures of their buttons on the map. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.action import Action
from widgets.palette import Command

BOOKMARK = "bookmark:"
"""What the ids of commands that go to a kept view begin with."""
_RING = "M12 3 A9 9 0 1 1 11.99 3"
_ARROW = "M10 10 L20 14 L15.5 15.5 L14 20 Z"
_PICTURES = {
    "identify": ("left", f"{_RING} M12 11 L12 17 M12 7.2 L12 7.8"),
    "select": ("left", f"M3 4 H7 M10 4 H14 M16 6 V9 M3 7 V11 M3 14 V16 H6 {_ARROW}"),
    "select_polygon": ("left", "M5 9 L13 4 L20 10 L17 19 L7 18 Z"),
    "select_radius": ("left", f"{_RING} M12 12 L18.4 5.6 M11.6 12 L12.4 12"),
    "measure_distance": ("left", "M3 16 L16 3 L21 8 L8 21 Z M7 12 L9 14 M10 9 L12 11 M13 6 L15 8"),
    "go_to": ("right", "M12 2 V8 M12 16 V22 M2 12 H8 M16 12 H22 M12 7 A5 5 0 1 1 11.99 7"),
    "bookmarks": ("right", "M7 3 H17 V21 L12 16.5 L7 21 Z"),
    "print_map": ("right", "M7 9 V3 H17 V9 M5 17 H3 V9 H21 V17 H19 M7 14 H17 V21 H7 Z"),
    "measure_area": ("left", "M4 6 L19 4 L20 17 L7 20 Z M8 17 L16 7 M12 18.5 L18.5 10.5"),
}  # fmt: skip
"""By action: the side of the map that its button stands on, and its SVG path, 24 × 24."""


def bookmark_commands(names: list[str]) -> list[Command]:
    """A palette line for each view that is kept; its id is BOOKMARK and its number."""
    text = QCoreApplication.translate("Actions", "Bookmark: {0}")
    tip = QCoreApplication.translate("Actions", "Show this view that was kept")
    return [
        Command(f"{BOOKMARK}{number}", text.format(name), "", tip)
        for number, name in enumerate(names)
    ]


def tool_actions() -> tuple[Action, ...]:
    """Actions of the map's tools and of what they make."""
    return (*_tools(), *_selection(), *_places())


def map_buttons() -> list[dict[str, object]]:
    """The buttons on the map, from the table."""
    return [
        {
            "id": action.id,
            "hint": f"{action.text} ({action.shortcut})" if action.shortcut else action.text,
            "side": _PICTURES[action.id][0],
            "path": _PICTURES[action.id][1],
        }
        for action in tool_actions()
        if action.id in _PICTURES
    ]


def _tools() -> tuple[Action, ...]:
    translate = QCoreApplication.translate
    rows = (
        (
            "identify",
            translate("Actions", "What is here"),
            "I",
            translate("Actions", "Click a point of the map: all that lies there, of every layer"),
        ),
        (
            "select",
            translate("Actions", "Select"),
            "V",
            translate("Actions", "Select on the map by clicks or in a box"),
        ),
        (
            "select_polygon",
            translate("Actions", "Select in an outline"),
            "P",
            translate("Actions", "Select all inside of corners that you click"),
        ),
        (
            "select_radius",
            translate("Actions", "Select in a circle"),
            "R",
            translate("Actions", "Select all within a distance that you drag"),
        ),
        (
            "measure_distance",
            translate("Actions", "Measure a distance"),
            "M",
            translate("Actions", "Measure along corners that you click, on the ellipsoid"),
        ),
        (
            "measure_area",
            translate("Actions", "Measure an area"),
            "Shift+M",
            translate("Actions", "Measure the area and the way round corners that you click"),
        ),
        (
            "measure_clear",
            translate("Actions", "Clear measurements"),
            "",
            translate("Actions", "Take all measurements off the map"),
        ),
    )
    return tuple(Action(name, text, key, tip, "tool") for name, text, key, tip in rows)


def _selection() -> tuple[Action, ...]:
    translate = QCoreApplication.translate
    rows = (
        (
            "selection",
            translate("Actions", "Selection"),
            "Ctrl+Shift+S",
            translate("Actions", "Show what is selected on the map, by kind"),
        ),
        (
            "select_view",
            translate("Actions", "Select all in view"),
            "Ctrl+Shift+V",
            translate("Actions", "Select everything that the map shows now"),
        ),
        (
            "select_expression",
            translate("Actions", "Select by expression"),
            "Ctrl+E",
            translate("Actions", "Select what an attribute expression is true of"),
        ),
        (
            "select_incident",
            translate("Actions", "Dispatch to the selection"),
            "",
            translate("Actions", "Begin a dispatch to the middle of what is selected"),
        ),
        (
            "select_invert",
            translate("Actions", "Invert the selection in view"),
            "",
            translate("Actions", "Select what is in view and not selected, and let go the rest"),
        ),
        (
            "select_zoom",
            translate("Actions", "Zoom to the selection"),
            "",
            translate("Actions", "Show all that is selected"),
        ),
        (
            "select_clear",
            translate("Actions", "Clear the selection"),
            "Ctrl+Shift+A",
            translate("Actions", "Select nothing"),
        ),
    )
    return tuple(Action(name, text, key, tip, "tool") for name, text, key, tip in rows)


def _places() -> tuple[Action, ...]:
    translate = QCoreApplication.translate
    rows = (
        (
            "go_to",
            translate("Actions", "Go to"),
            "Ctrl+G",
            translate("Actions", "Go to coordinates in any datum, a code, a name, initials"),
        ),
        (
            "pin_clear",
            translate("Actions", "Take the marker away"),
            "",
            translate("Actions", "Take the marker of the place that was gone to off the map"),
        ),
        (
            "bookmark_add",
            translate("Actions", "Keep this view"),
            "Ctrl+B",
            translate("Actions", "Keep what the map shows as a bookmark, and name it"),
        ),
        (
            "bookmarks",
            translate("Actions", "Bookmarks"),
            "Ctrl+Shift+B",
            translate("Actions", "Show the views that are kept, by name"),
        ),
        (
            "copy_coordinates",
            translate("Actions", "Copy coordinates"),
            "Ctrl+Shift+C",
            translate("Actions", "Copy the place under the pointer in the form that is shown"),
        ),
        (
            "coordinates",
            translate("Actions", "Form of coordinates"),
            "",
            translate("Actions", "Degrees, minutes and seconds, metres of a zone, GCJ-02, BD-09"),
        ),
        (
            "print_map",
            translate("Actions", "Print or export the map"),
            "Ctrl+P",
            translate("Actions", "A sheet with legend, scale and north, as PDF or picture"),
        ),
        (
            "copy_map",
            translate("Actions", "Copy the map as a picture"),
            "Ctrl+Alt+C",
            translate("Actions", "Put what the map shows on the clipboard"),
        ),
        (
            "scale",
            translate("Actions", "Scale of the map"),
            "",
            translate("Actions", "Show the map at a scale that you type"),
        ),
    )
    return tuple(Action(name, text, key, tip, "tool") for name, text, key, tip in rows)
