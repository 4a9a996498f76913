"""The layer tree: what is checked, what it counts, what it hides."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from services.packs.loader import default_directory, load
from services.packs.model import Catalogue
from tests.services.packs.site import site_packs
from tests.widgets.seen import LEFT, words
from widgets.layer_delegate import GROUP_ROLE, KIND_ROLE, _count_text, _hints, check_rect
from widgets.layer_tree import EXPANDED_ROWS, LayerTreePanel
from widgets.theme import Theme


@dataclass(frozen=True)
class Count:
    total: int
    online: int = 0
    offline: int = 0
    unknown: int = 0
    alarmed: int = 0
    severe: int = 0


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, catalogue: Catalogue) -> LayerTreePanel:
    made = LayerTreePanel(theme)
    qtbot.addWidget(made)
    made.set_catalogue(catalogue, "zh")
    made.resize(300, 1_000)
    made.show()
    return made


def box_of(panel: LayerTreePanel, kind: str) -> QPoint:
    row = panel.tree.visualRect(panel.index_of(kind))
    return check_rect(row.toRectF()).center().toPoint()


def test_groups_are_packs_and_rows_are_kinds(panel: LayerTreePanel, catalogue: Catalogue) -> None:
    model = panel.tree.model()
    shown = {}
    for group in range(model.rowCount()):
        index = model.index(group, 0)
        rows = [model.index(i, 0, index).data(KIND_ROLE) for i in range(model.rowCount(index))]
        shown[index.data()] = rows
    assert shown == {p.label.zh: [k.id for k in p.kind] for p in catalogue.packs if p.kind}


def test_the_first_groups_are_open_and_the_others_shut(
    panel: LayerTreePanel, catalogue: Catalogue
) -> None:
    model = panel.tree.model()
    groups = [model.index(i, 0) for i in range(model.rowCount())]
    rows = [model.rowCount(g) for g in groups]
    opened = [panel.tree.isExpanded(g) for g in groups]
    count = opened.index(False)
    assert count >= 1
    assert not any(opened[count:])
    assert sum(rows[:count]) <= EXPANDED_ROWS < sum(rows[: count + 1])
    panel.filter_edit.setText(catalogue.kinds["lift"].label.zh)
    assert panel.tree.isExpanded(panel.index_of("lift").parent())
    panel.filter_edit.clear()
    assert [panel.tree.isExpanded(model.index(i, 0)) for i in range(len(groups))] == opened


def test_a_shut_group_says_what_it_holds(panel: LayerTreePanel) -> None:
    panel.set_counts({"lift": Count(3_000, 2_962, alarmed=2), "mall": Count(12, alarmed=1)})
    panel.set_visible_kinds(frozenset({"mall"}))
    group = panel.index_of("lift").parent()
    on, total, alarmed = group.data(GROUP_ROLE)
    assert (on, total, alarmed) == (1, panel.tree.model().rowCount(group), 3)
    panel.set_counts({"case": Count(222, alarmed=42, severe=8)})
    cases = panel.index_of("case").parent()
    assert cases.data(GROUP_ROLE)[2] == 0  # lights are not alarms


def test_a_kind_of_a_site_stands_in_the_tree(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    made = LayerTreePanel(theme)
    qtbot.addWidget(made)
    made.set_catalogue(load(default_directory(), site_packs(tmp_path / "site")), "zh")
    made.set_counts({"beehive": Count(2, 1, 0, 1)})
    assert made.index_of("beehive").data() == "蜂箱"
    assert made.index_of("beehive").parent().data() == "城市蜂场"
    assert made.tree.isExpanded(made.index_of("beehive").parent())
    assert "beehive" in made.visible_kinds()


def test_each_kind_starts_as_its_pack_says(panel: LayerTreePanel, catalogue: Catalogue) -> None:
    assert panel.visible_kinds() == {k.id for k in catalogue.kinds.values() if k.default_visible}


def test_a_click_on_the_box_tells_the_visible_kinds(qtbot: QtBot, panel: LayerTreePanel) -> None:
    before = panel.visible_kinds()
    with qtbot.waitSignal(panel.visible_kinds_changed) as got:
        qtbot.mouseClick(panel.tree.viewport(), LEFT, pos=box_of(panel, "camera"))
    assert got.args == [before - {"camera"}]
    with qtbot.waitSignal(panel.visible_kinds_changed) as again:
        qtbot.mouseClick(panel.tree.viewport(), LEFT, pos=box_of(panel, "camera"))
    assert again.args == [before]


def test_a_click_on_the_name_only_selects(qtbot: QtBot, panel: LayerTreePanel) -> None:
    place = panel.tree.visualRect(panel.index_of("camera")).center()
    with qtbot.assertNotEmitted(panel.visible_kinds_changed):
        qtbot.mouseClick(panel.tree.viewport(), LEFT, pos=place)


def test_space_toggles_and_enter_activates(qtbot: QtBot, panel: LayerTreePanel) -> None:
    panel.tree.setFocus()
    panel.tree.setCurrentIndex(panel.index_of("team"))
    with qtbot.waitSignal(panel.visible_kinds_changed):
        qtbot.keyClick(panel.tree, Qt.Key.Key_Space)
    assert "team" not in panel.visible_kinds()
    with qtbot.waitSignal(panel.kind_activated) as got:
        panel.tree.activated.emit(panel.index_of("team"))
    assert got.args == ["team"]


def test_what_is_hidden_is_said_with_its_alarms(panel: LayerTreePanel) -> None:
    panel.set_counts({"camera": Count(3_492, 3_312, 119, 61), "level_sensor": Count(10, alarmed=2)})
    everything = panel.visible_kinds()
    panel.set_visible_kinds(everything | {"camera", "level_sensor"})
    all_on = len(panel._items) - len(panel.visible_kinds())
    panel.set_visible_kinds(panel.visible_kinds() - {"camera", "level_sensor"})
    shown = words(panel)
    assert f"{all_on + 2} layers off · 3,502 hidden" in shown
    assert "2 of the hidden ones are in alarm." in shown


def test_of_hidden_cases_it_says_what_is_overdue(panel: LayerTreePanel) -> None:
    panel.set_counts({"case": Count(222, alarmed=42, severe=8)})
    panel.set_visible_kinds(frozenset(panel._items) - {"case"})
    assert "1 layer off · 222 hidden" in words(panel)
    assert "8 of the hidden cases are overdue." in words(panel)
    tip = panel.index_of("case").data(Qt.ItemDataRole.ToolTipRole)
    assert "222 open, 8 overdue, 34 due soon" in tip


def test_setting_from_outside_tells_nothing_back(qtbot: QtBot, panel: LayerTreePanel) -> None:
    with qtbot.assertNotEmitted(panel.visible_kinds_changed):
        panel.set_visible_kinds(frozenset({"team"}))
        panel.set_counts({"team": Count(40, 38, 2)})
    assert panel.visible_kinds() == {"team"}


def test_counts_say_online_offline_unknown_and_alarms(panel: LayerTreePanel) -> None:
    camera = Count(3_492, 3_312, 119, 61, 4)
    assert _count_text(camera, True) == "3,312/3,492"
    assert _count_text(Count(4_012), False) == "4,012"
    assert _count_text(None, True) == "–"
    assert [text for text, _token in _hints(camera, True)] == [
        "4 in alarm",
        "119 offline",
        "61 unknown",
    ]
    assert _hints(Count(12, unknown=12), False) == []
    cases = _hints(Count(222, alarmed=42, severe=8), False, True)
    assert [text for text, _token in cases] == ["8 overdue", "34 due soon"]
    assert _hints(Count(222), False, True) == []
    panel.set_counts({"camera": camera})
    tip = panel.index_of("camera").data(Qt.ItemDataRole.ToolTipRole)
    assert "3,492 in all, 3,312 online, 119 offline, 61 unknown, 4 in alarm" in tip


def test_filter_finds_kinds_and_says_when_nothing_matches(
    qtbot: QtBot, panel: LayerTreePanel, catalogue: Catalogue
) -> None:
    panel.filter_edit.setText(catalogue.kinds["gas_guard"].label.zh)
    assert panel.index_of("gas_guard").isValid()
    assert not panel.index_of("camera").isValid()
    panel.filter_edit.setText("nothing like this")
    assert "No layer has this name. Clear the filter to see all." in words(panel)
    before = panel.visible_kinds()
    panel.filter_edit.clear()
    assert panel.visible_kinds() == before


def test_menu_shows_only_a_group(qtbot: QtBot, panel: LayerTreePanel, catalogue: Catalogue) -> None:
    group = panel.index_of("gas_guard").parent()
    menu = panel.build_menu(group)
    with qtbot.waitSignal(panel.visible_kinds_changed) as got:
        next(a for a in menu.actions() if a.text() == "Show only these").trigger()
    assert got.args == [{k.id for k in catalogue.kinds.values() if k.group == "gas"}]


def test_a_click_folds_a_group(qtbot: QtBot, panel: LayerTreePanel) -> None:
    group = panel.index_of("camera").parent()
    place = panel.tree.visualRect(group).center()
    qtbot.mouseClick(panel.tree.viewport(), LEFT, pos=place)
    assert not panel.tree.isExpanded(group)
