"""The actions about roads, and the pictures of their buttons on the map. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.action import Action

_PICTURES = {
    "route": "M5 19 C5 11 19 13 19 5 M3 19 A2 2 0 1 1 7 19 A2 2 0 1 1 3 19 M17 5 A2 2 0 1 1 21 5 A2 2 0 1 1 17 5",  # noqa: E501 one path
    "reach": "M12 4 L19 8 L20 15 L13 20 L5 17 L4 9 Z M12 12 L12.1 12 M12 9 A3 3 0 1 1 11.99 9",
    "close_road": "M4 9 H20 V14 H4 Z M7 14 V20 M17 14 V20 M8 9 L5 14 M13 9 L10 14 M18 9 L15 14",
}


def road_actions() -> tuple[Action, ...]:
    """Routes, reach, closures."""
    translate = QCoreApplication.translate
    return (
        Action(
            "route",
            translate("Actions", "Route"),
            "G",
            translate("Actions", "Click places: the quickest way by road that is open"),
            "tool",
        ),
        Action(
            "reach",
            translate("Actions", "Drive-time area"),
            "T",
            translate("Actions", "Click a place: how far one drives from it in some minutes"),
            "tool",
        ),
        Action(
            "closures",
            translate("Actions", "Closed roads"),
            "Ctrl+Shift+R",
            translate("Actions", "List the roads that are closed now, and why"),
            "tool",
        ),
        Action(
            "close_road",
            translate("Actions", "Close a road"),
            "",
            translate("Actions", "Click a place: nobody is sent through it any more"),
            "tool",
            needs="orders",
        ),
    )


def road_buttons() -> list[dict[str, object]]:
    """The buttons on the map."""
    return [
        {
            "id": action.id,
            "hint": f"{action.text} ({action.shortcut})" if action.shortcut else action.text,
            "side": "left",
            "path": _PICTURES[action.id],
        }
        for action in road_actions()
        if action.id in _PICTURES
    ]
