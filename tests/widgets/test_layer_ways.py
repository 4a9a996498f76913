"""The layer tree in hand: dragging, keys, groups, legends, filters, scales, undo."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from layers.model import layer_edit as edit
from layers.model.features import KindCount
from layers.model.layer_set import (
    Categorised,
    Category,
    Graduated,
    Group,
    Heat,
    Layer,
    LayerSet,
    Look,
    Single,
    Step,
)
from layers.model.painter import Withheld
from layers.model.painting import Tally
from services.packs.model import Catalogue
from tests.widgets.seen import LEFT, words
from widgets.layer_delegate import LEGEND_ROLE, NOTE_ROLE, check_rect, indent
from widgets.layer_tree import LayerTreePanel
from widgets.theme import Theme

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
CLASSES = Categorised(
    field="link",
    classes=(
        Category(value="online", look=Look(color="series_1", shape="square")),
        Category(value="offline", look=Look(color="series_2", shape="triangle")),
    ),
)


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, catalogue: Catalogue) -> LayerTreePanel:
    made = LayerTreePanel(theme)
    qtbot.addWidget(made)
    made.set_catalogue(catalogue, "en")
    made.resize(300, 1_400)
    made.show()
    for group in made.layers.items:
        made.tree.expand(made.index_of(group.id))
    return made


def row(panel: LayerTreePanel, node: str, share: float = 0.5, x: int = 120) -> QPoint:
    rect = panel.tree.visualRect(panel.index_of(node))
    return QPoint(x, rect.top() + int(rect.height() * share))


def drag(qtbot: QtBot, panel: LayerTreePanel, node: str, to: QPoint, drop: bool = True) -> None:
    view = panel.tree.viewport()
    start = row(panel, node)
    qtbot.mousePress(view, LEFT, pos=start)
    for step in (0.3, 0.6, 1.0):
        at = start + (to - start) * step
        qtbot.mouseMove(view, at)
    if drop:
        qtbot.mouseRelease(view, LEFT, pos=to)


def order(panel: LayerTreePanel) -> list[str]:
    return [layer.id for layer in panel.layers.layers()]


def choose(panel: LayerTreePanel, node: str) -> None:
    panel.tree.setCurrentIndex(panel.index_of(node))


def test_a_drag_reorders_and_shows_where_it_would_go(qtbot: QtBot, panel: LayerTreePanel) -> None:
    before = order(panel)
    first, second = before[0], before[1]
    target = row(panel, first, 0.1)
    drag(qtbot, panel, second, target, drop=False)
    assert panel.tree.drop is not None
    assert not panel.tree.drop.whole
    with qtbot.waitSignal(panel.layers_changed):
        qtbot.mouseRelease(panel.tree.viewport(), LEFT, pos=target)
    assert order(panel)[:2] == [second, first]
    assert panel.tree.drop is None
    qtbot.keyClick(panel.tree, Qt.Key.Key_Z, CONTROL)
    assert order(panel) == before


def test_a_drag_onto_a_group_puts_it_there_and_escape_drops_nothing(
    qtbot: QtBot, panel: LayerTreePanel
) -> None:
    before = panel.layers
    layer, group = before.layers()[0].id, before.items[1].id
    drag(qtbot, panel, layer, row(panel, group, 0.6), drop=False)
    assert panel.tree.drop is not None
    assert panel.tree.drop.whole
    qtbot.keyClick(panel.tree, Qt.Key.Key_Escape)
    qtbot.mouseRelease(panel.tree.viewport(), LEFT, pos=row(panel, group, 0.6))
    assert panel.layers == before
    drag(qtbot, panel, layer, row(panel, group, 0.6))
    assert edit.parent_of(panel.layers, layer) == group


def test_groups_lie_in_groups_but_only_once(qtbot: QtBot, panel: LayerTreePanel) -> None:
    one, two, three = (group.id for group in panel.layers.items[:3])
    drag(qtbot, panel, two, row(panel, one, 0.6))
    assert edit.parent_of(panel.layers, two) == one
    assert indent(panel.index_of(two)) > indent(panel.index_of(one))
    with qtbot.waitSignal(panel.refused):
        drag(qtbot, panel, one, row(panel, three, 0.6))
    assert edit.parent_of(panel.layers, one) == ""


def test_a_press_on_the_box_does_not_drag(qtbot: QtBot, panel: LayerTreePanel) -> None:
    layer = order(panel)[0]
    rect = QRectF(panel.tree.visualRect(panel.index_of(layer)))
    box = check_rect(rect).center().toPoint()
    qtbot.mousePress(panel.tree.viewport(), LEFT, pos=box)
    qtbot.mouseMove(panel.tree.viewport(), box + QPoint(0, 60))
    assert panel.tree.drop is None
    qtbot.mouseRelease(panel.tree.viewport(), LEFT, pos=box)


def test_alt_and_arrows_move_and_leave_a_group(qtbot: QtBot, panel: LayerTreePanel) -> None:
    alt = Qt.KeyboardModifier.AltModifier
    group = panel.layers.items[0]
    assert isinstance(group, Group)
    first, second = group.items[0].id, group.items[1].id
    choose(panel, second)
    qtbot.keyClick(panel.tree, Qt.Key.Key_Up, alt)
    assert order(panel)[:2] == [second, first]
    qtbot.keyClick(panel.tree, Qt.Key.Key_Up, alt)
    assert edit.parent_of(panel.layers, second) == ""
    assert panel.layers.items[0].id == second
    qtbot.keyClick(panel.tree, Qt.Key.Key_Down, alt)
    assert panel.layers.items[1].id == second


def test_the_box_of_a_group_is_for_all_in_it(qtbot: QtBot, panel: LayerTreePanel) -> None:
    group = panel.layers.items[0]
    assert isinstance(group, Group)
    ids = {layer.id for layer in edit.layers_under(group)}
    panel.edit(edit.with_visible(panel.layers, ids, True))
    index = panel.index_of(group.id)
    state = Qt.ItemDataRole.CheckStateRole
    assert index.data(state) == Qt.CheckState.Checked.value
    rect = QRectF(panel.tree.visualRect(index))
    box = check_rect(rect, group=True).center().toPoint()
    qtbot.mouseClick(panel.tree.viewport(), LEFT, pos=box)
    assert not panel.visible_kinds() & ids
    assert panel.tree.isExpanded(panel.index_of(group.id))
    one = next(iter(ids))
    panel.edit(edit.with_visible(panel.layers, {one}, True))
    index = panel.index_of(group.id)
    assert index.data(state) == Qt.CheckState.PartiallyChecked.value
    qtbot.mouseClick(panel.tree.viewport(), LEFT, pos=box)
    assert ids <= panel.visible_kinds()


def test_renaming_in_place_and_back_to_the_packs_name(
    qtbot: QtBot, panel: LayerTreePanel, catalogue: Catalogue
) -> None:
    choose(panel, "camera")
    qtbot.keyClick(panel.tree, Qt.Key.Key_F2)
    editor = panel.tree.findChild(QLineEdit)
    assert editor is not None
    assert editor.text() == catalogue.kinds["camera"].label.en
    editor.setText("Eyes <b>")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.index_of("camera").data() == "Eyes <b>")
    panel._renamed("camera", "")
    assert panel.index_of("camera").data() == catalogue.kinds["camera"].label.en


def test_copies_can_be_removed_and_layers_of_packs_cannot(
    qtbot: QtBot, panel: LayerTreePanel
) -> None:
    before = panel.layers
    choose(panel, "camera")
    qtbot.keyClick(panel.tree, Qt.Key.Key_Delete)
    assert panel.layers == before
    panel.act("duplicate")
    copy = panel.chosen()
    assert isinstance(copy, Layer)
    assert copy.own
    assert copy.title == "Cameras (copy)"
    menu = [a.objectName() for a in panel.build_menu(panel.index_of(copy.id)).actions()]
    assert "layer_remove" in menu
    qtbot.keyClick(panel.tree, Qt.Key.Key_Delete)
    assert panel.layers == before


def test_a_style_is_copied_and_pasted(qtbot: QtBot, panel: LayerTreePanel) -> None:
    style = Single(look=Look(color="series_3"))
    panel.edit(edit.changed(panel.layers, "camera", style=style))
    choose(panel, "camera")
    qtbot.keyClick(panel.tree, Qt.Key.Key_C, CONTROL)
    choose(panel, "team")
    qtbot.keyClick(panel.tree, Qt.Key.Key_V, CONTROL)
    node = panel.layers.node("team")
    assert isinstance(node, Layer)
    assert node.style == style


def test_legends_count_their_classes_and_turn_them_off(qtbot: QtBot, panel: LayerTreePanel) -> None:
    panel.edit(edit.changed(panel.layers, "camera", style=CLASSES))
    panel.set_tallies({"camera": Tally(10, 10, (7, 2), 1)}, {}, Withheld())
    index = panel.index_of("camera")
    model = panel.tree.model()
    rows = [model.index(i, 0, index).data(LEGEND_ROLE) for i in range(model.rowCount(index))]
    assert [(r.text, r.count) for r in rows] == [
        ("online", "7"),
        ("offline", "2"),
        ("all else", "1"),
    ]
    assert rows[0].mark.shape != rows[1].mark.shape
    panel.tree.expand(index)
    rect = QRectF(panel.tree.visualRect(model.index(1, 0, index)))
    place = QPoint(int(rect.left()) + 48, int(rect.center().y()))
    with qtbot.waitSignal(panel.layers_changed):
        qtbot.mouseClick(panel.tree.viewport(), LEFT, pos=place)
    layer = panel.layers.node("camera")
    assert isinstance(layer, Layer)
    assert isinstance(layer.style, Categorised)
    assert [c.visible for c in layer.style.classes] == [True, False]
    assert model.index(1, 0, panel.index_of("camera")).data(LEGEND_ROLE).on is False


def test_steps_and_heat_say_what_they_mean(panel: LayerTreePanel) -> None:
    steps = Graduated(field="level", steps=(Step(upper=0.3), Step(upper=1.0), Step()), missing=None)
    panel.edit(edit.changed(panel.layers, "level_sensor", style=steps))
    model, index = panel.tree.model(), panel.index_of("level_sensor")
    texts = [model.index(i, 0, index).data() for i in range(model.rowCount(index))]
    assert texts == ["≤ 0.3 m", "0.3 – 1 m", "> 1 m", "without a number"]
    panel.edit(edit.changed(panel.layers, "level_sensor", style=Heat(radius=40)))
    panel.set_peaks({"level_sensor": 1_234.5})
    index = panel.index_of("level_sensor")
    assert model.index(0, 0, index).data() == "up to 1,234 per km²"
    assert len(model.index(0, 0, index).data(LEGEND_ROLE).ramp) == 5


def test_a_filter_is_seen_with_what_it_hides(panel: LayerTreePanel) -> None:
    panel.edit(edit.changed(panel.layers, "camera", filter="road = 'x'"))
    panel.set_counts({"camera": KindCount(56, 50, 4, 2, 3, 1)})
    panel.set_tallies({"camera": Tally(56, 20)}, {}, Withheld(36, 2, 1))
    note = panel.index_of("camera").data(NOTE_ROLE)
    assert note.passed == "20 of 56"
    shown = words(panel)
    assert "1 filter on · 36 filtered out" in shown
    alarms = [text for text in shown if "in alarm" in text]
    assert alarms == ["2 of the hidden ones are in alarm. 1 of the hidden cases are overdue."]
    panel.set_tallies({}, {"camera": "no such field"}, Withheld())
    assert panel.index_of("camera").data(NOTE_ROLE).problem == "no such field"
    tip = panel.index_of("camera").data(Qt.ItemDataRole.ToolTipRole)
    assert "The filter hides nothing: no such field" in tip
    assert "1 filter on" not in " ".join(words(panel))


def test_layers_out_of_their_range_say_from_which_scale_on(panel: LayerTreePanel) -> None:
    panel.edit(edit.changed(panel.layers, "camera", min_zoom=15.0, max_zoom=18.0))
    for zoom, text in ((14.9, "from 1:14,000"), (15.0, ""), (17.9, ""), (18.0, "up to 1:1,700")):
        panel.set_view(zoom, 36.6)
        assert panel.index_of("camera").data(NOTE_ROLE).out == text


def test_opacity_and_range_of_the_chosen_layer(qtbot: QtBot, panel: LayerTreePanel) -> None:
    assert panel.strip.isHidden()
    choose(panel, "camera")
    assert panel.strip.isVisible()
    for percent in (90, 80, 40):
        panel.strip.opacity.setValue(percent)
    layer = panel.layers.node("camera")
    assert isinstance(layer, Layer)
    assert layer.opacity == 0.4
    low, high = panel.strip.low, panel.strip.high
    low.setCurrentIndex(low.findData(14.0))
    low.activated.emit(low.currentIndex())
    high.setCurrentIndex(high.findData(12.0))
    high.activated.emit(high.currentIndex())
    layer = panel.layers.node("camera")
    assert isinstance(layer, Layer)
    assert (layer.min_zoom, layer.max_zoom) == (None, 12.0)
    for _step in range(3):
        qtbot.keyClick(panel.tree, Qt.Key.Key_Z, CONTROL)
    layer = panel.layers.node("camera")
    assert isinstance(layer, Layer)
    assert (layer.opacity, layer.min_zoom) == (1.0, None)  # the slider was one step
    qtbot.keyClick(panel.tree, Qt.Key.Key_Z, CONTROL | SHIFT)
    again = panel.layers.node("camera")
    assert isinstance(again, Layer)
    assert again.opacity == 0.4
    choose(panel, panel.layers.items[0].id)
    assert panel.strip.isHidden()


def test_a_preview_leaves_no_trace(panel: LayerTreePanel) -> None:
    before = panel.layers
    panel.preview(edit.changed(before, "camera", style=CLASSES))
    assert panel.tree.model().rowCount(panel.index_of("camera")) == 3
    panel.preview(before)
    assert panel.tree.model().rowCount(panel.index_of("camera")) == 0
    assert panel.layers is before


def test_menus_ask_for_what_others_do(qtbot: QtBot, panel: LayerTreePanel) -> None:
    menu = panel.build_menu(panel.index_of("camera"))
    named = {a.objectName(): a for a in menu.actions() if a.objectName()}
    with qtbot.waitSignal(panel.asked) as got:
        named["layer_style"].trigger()
    assert got.args == ["style", "camera"]
    with qtbot.waitSignal(panel.table_requested) as table:
        named["layer_table"].trigger()
    assert table.args[0].id == "camera"
    assert not named["layer_undo"].isEnabled()
    assert not named["layer_paste_style"].isEnabled()
    group = panel.build_menu(panel.index_of(panel.layers.items[0].id))
    with qtbot.waitSignal(panel.asked) as zoom:
        next(a for a in group.actions() if a.objectName() == "layer_zoom_to").trigger()
    assert zoom.args == ["zoom_to", panel.layers.items[0].id]


def test_back_to_the_packs_can_be_undone(panel: LayerTreePanel) -> None:
    packs = panel.layers
    panel.edit(edit.with_group(packs, "Tonight"))
    mine = panel.layers
    panel.act("reset")
    assert panel.layers == packs
    panel.act("undo")
    assert panel.layers == mine


def test_another_order_keeps_what_was_open_and_chosen(panel: LayerTreePanel) -> None:
    first, second = panel.layers.items[0].id, panel.layers.items[1].id
    panel.tree.collapse(panel.index_of(second))
    choose(panel, "camera")
    panel.edit(edit.moved(panel.layers, first, "", 2))
    assert panel.tree.isExpanded(panel.index_of(first))
    assert not panel.tree.isExpanded(panel.index_of(second))
    chosen = panel.chosen()
    assert chosen is not None
    assert chosen.id == "camera"


def test_an_empty_set_is_shown(panel: LayerTreePanel) -> None:
    panel.set_layers(LayerSet())
    assert panel.tree.model().rowCount() == 0
    assert panel.visible_kinds() == frozenset()


def test_a_new_style_opens_its_legend_and_a_shut_one_stays_shut(panel: LayerTreePanel) -> None:
    panel.edit(edit.changed(panel.layers, "camera", style=CLASSES))
    assert panel.tree.isExpanded(panel.index_of("camera"))
    panel.tree.collapse(panel.index_of("camera"))
    panel.set_tallies({"camera": Tally(10, 10, (7, 2), 1)}, {}, Withheld())
    panel.edit(edit.changed(panel.layers, "camera", opacity=0.5))
    assert not panel.tree.isExpanded(panel.index_of("camera"))


def test_what_is_tried_out_stays_in_the_tree_when_numbers_come(panel: LayerTreePanel) -> None:
    style = Categorised(field="link", classes=(Category(value="online"), Category(value="offline")))
    panel.preview(edit.changed(panel.layers, "camera", style=style))
    panel.set_counts({})
    panel.set_tallies({"camera": Tally(10, 10, (7, 2), 1)}, {}, Withheld())
    rows = panel.tree.model().rowCount(panel.index_of("camera"))
    assert rows == 3
    panel.preview(panel.layers)
    panel.set_tallies({}, {}, Withheld())
    assert panel.tree.model().rowCount(panel.index_of("camera")) == 0
    assert panel.shown is panel.layers


def test_how_far_a_long_evaluation_is_is_said_until_it_is_done(panel: LayerTreePanel) -> None:
    panel.edit(edit.with_visible(panel.layers, {"camera"}, False))
    before = panel._hidden.text()
    assert before
    panel.set_working(0.4)
    assert "40 %" in panel._hidden.text()
    panel.set_counts({})
    assert "40 %" in panel._hidden.text()
    panel.set_working(1.0)
    assert panel._hidden.text() == before
