"""The menus of the layer tree. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QWidget

from layers.model.layer_edit import layers_under
from layers.model.layer_set import Layer, Node
from widgets.text import button_text

Act = Callable[[str], None]


def node_menu(parent: QWidget, node: Node | None, act: Act, able: frozenset[str]) -> QMenu:
    """What can be done with a row, and with the tree; ``act(name)``. ``able``: names of what is
    possible only sometimes and is now."""
    translate = QCoreApplication.translate
    menu = QMenu(parent)
    _add(menu, act, [("show_all", translate("LayerMenu", "Show all"), "")])
    if node is not None and layers_under(node):
        _add(menu, act, _showing())
        menu.addSeparator()
    if isinstance(node, Layer):
        _add(menu, act, _of_layer(), able)
        menu.addSeparator()
    if node is not None:
        _add(menu, act, [("rename", translate("LayerMenu", "Rename…"), "F2")])
        if node.own:
            _add(menu, act, [("remove", translate("LayerMenu", "Remove"), "Del")])
        menu.addSeparator()
    _add(menu, act, _of_tree(), able)
    return menu


def _showing() -> list[tuple[str, str, str]]:
    translate = QCoreApplication.translate
    return [
        ("show", translate("LayerMenu", "Show these"), ""),
        ("hide", translate("LayerMenu", "Hide these"), ""),
        ("only", translate("LayerMenu", "Show only these"), ""),
        ("zoom_to", translate("LayerMenu", "Zoom to these"), ""),
    ]


def _of_layer() -> list[tuple[str, str, str]]:
    translate = QCoreApplication.translate
    return [
        ("style", translate("LayerMenu", "Style…"), ""),
        ("filter", translate("LayerMenu", "Filter…"), ""),
        ("no_filter", translate("LayerMenu", "Take the filter off"), ""),
        ("table", translate("LayerMenu", "Attribute table…"), ""),
        ("copy_style", translate("LayerMenu", "Copy the style"), "Ctrl+C"),
        ("paste_style", translate("LayerMenu", "Paste the style"), "Ctrl+V"),
        ("duplicate", translate("LayerMenu", "Duplicate"), ""),
    ]


def _of_tree() -> list[tuple[str, str, str]]:
    translate = QCoreApplication.translate
    return [
        ("add_group", translate("LayerMenu", "Add a group"), ""),
        ("undo", translate("LayerMenu", "Undo"), "Ctrl+Z"),
        ("redo", translate("LayerMenu", "Redo"), "Ctrl+Shift+Z"),
        ("reset", translate("LayerMenu", "Back to the layers of the packs"), ""),
    ]


def _add(
    menu: QMenu,
    act: Act,
    entries: Sequence[tuple[str, str, str]],
    able: frozenset[str] | None = None,
) -> None:
    """Entries with their keys; those that depend on something are grey unless they are able."""
    for name, text, key in entries:
        shown = button_text(text) + (f"\t{key}" if key else "")
        entry = menu.addAction(shown if key else button_text(text))
        entry.setObjectName(f"layer_{name}")
        entry.triggered.connect(lambda _on=False, what=name: act(what))
        if able is not None and name in DEPENDS:
            entry.setEnabled(name in able)


DEPENDS = frozenset({"undo", "redo", "paste_style", "no_filter"})
