"""Style and filter of a layer edited live: shown while editing, put back when left."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from app.controllers.layer_editors import LayerEditors
from app.layer_facts import LayerFacts, read_facts
from layers.model.features import Feature, FeatureStore
from layers.model.layer_edit import changed
from layers.model.layer_set import Layer, LayerSet, Look, Single
from layers.model.things import Things
from layers.render import paint_keeper
from layers.render.paint_keeper import PaintKeeper
from services.domain.model import Link
from services.packs.loader import default_directory, load
from widgets.filter_editor import FilterEditor
from widgets.layer_tree import LayerTreePanel
from widgets.style_editor import StyleEditor
from widgets.theme import Theme

CATALOGUE = load(default_directory())


def store() -> FeatureStore:
    made = FeatureStore(tuple(CATALOGUE.kinds.values()))
    made.upsert(
        Feature(
            id=f"s{i}",
            kind="level_sensor",
            name=f"gauge {i}",
            lon=101.8,
            lat=36.6,
            link=Link.ONLINE if i % 2 else Link.OFFLINE,
            state="in_use",
            attrs={"setting": ("road", "river")[i % 2], "site": f"s{i}"},
            readings={"level": i / 10},
        )
        for i in range(10)
    )
    made.upsert([Feature("c1", "camera", "eye", 101.8, 36.6, attrs={"setting": "roof"})])
    return made


class Layers(QObject):
    """What a layers controller is for the editors."""

    editor_asked = Signal(str, str)

    def __init__(self, panel: LayerTreePanel) -> None:
        super().__init__()
        self.panel = panel
        self.shown: list[LayerSet] = []

    @property
    def layers(self) -> LayerSet:
        return self.panel.layers

    def preview(self, layers: LayerSet) -> None:
        self.shown.append(layers)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[SimpleNamespace]:
    panel = LayerTreePanel(Theme.load())
    qtbot.addWidget(panel)
    panel.set_catalogue(CATALOGUE, "en")
    panel.show()
    parts = SimpleNamespace(theme=panel.theme, catalogue=CATALOGUE)
    layers = Layers(panel)
    paints = PaintKeeper(store(), panel)
    paints.set_known(CATALOGUE.field_names())
    editors = LayerEditors(parts, layers, paints, panel, layers)  # type: ignore[arg-type]  # fakes
    yield SimpleNamespace(panel=panel, layers=layers, editors=editors)
    editors.close()
    paints.close()


def layer(shown: LayerSet) -> Layer:
    node = shown.node("level_sensor")
    assert isinstance(node, Layer)
    return node


def test_a_style_shows_at_once_and_goes_when_it_is_left(desk: SimpleNamespace) -> None:
    desk.layers.editor_asked.emit("style", "level_sensor")
    editor = desk.editors.editor
    assert isinstance(editor, StyleEditor)
    editor.sort.setCurrentIndex(2)
    editor.sort.activated.emit(2)
    style = layer(desk.layers.shown[-1]).style
    assert [round(s.upper, 6) for s in style.steps[:-1]] == [0.3, 0.45, 0.6]  # the rule's limits
    assert layer(desk.panel.layers).style == Single()
    editor.reject()
    assert layer(desk.layers.shown[-1]).style == Single()
    assert desk.editors.editor is None


def test_a_style_that_is_taken_is_one_step_back(desk: SimpleNamespace) -> None:
    desk.layers.editor_asked.emit("style", "level_sensor")
    editor = desk.editors.editor
    assert isinstance(editor, StyleEditor)
    wanted = Single(look=Look(color="series_3"))
    editor.previewed.emit(wanted)
    editor._changed(wanted)
    editor._take()
    assert layer(desk.panel.layers).style == wanted
    desk.panel.act("undo")
    assert layer(desk.panel.layers).style == Single()


def test_a_filter_counts_while_it_is_typed_and_says_what_is_wrong(desk: SimpleNamespace) -> None:
    desk.layers.editor_asked.emit("filter", "level_sensor")
    editor = desk.editors.editor
    assert isinstance(editor, FilterEditor)
    assert editor.count.text() == "10 of 10"
    editor.edit.setText("setting = 'road'")
    editor.edit.settled.emit(editor.edit.text())
    assert editor.count.text() == "5 of 10"
    assert layer(desk.layers.shown[-1]).filter == "setting = 'road'"
    editor.edit.setText("setting = ")
    editor.edit.settled.emit(editor.edit.text())
    assert editor.count.text() == ""
    assert editor.problem.text()
    assert not editor.take.isEnabled()
    assert layer(desk.layers.shown[-1]).filter == "setting = 'road'"  # what could be read stays
    editor.edit.setText("level > 0.65")
    editor._take()  # before the pause in typing is over
    assert layer(desk.panel.layers).filter == "level > 0.65"


def test_a_filter_that_is_left_is_as_it_was(desk: SimpleNamespace) -> None:
    desk.panel.edit(changed(desk.panel.layers, "level_sensor", filter="level > 0.5"))
    desk.layers.editor_asked.emit("filter", "level_sensor")
    editor = desk.editors.editor
    assert isinstance(editor, FilterEditor)
    assert editor.count.text() == "4 of 10"
    editor.edit.setText("")
    editor.edit.settled.emit("")
    assert editor.count.text() == "10 of 10"
    desk.editors.close()
    assert layer(desk.layers.shown[-1]).filter == "level > 0.5"


def test_fields_and_values_are_put_in_by_hand(desk: SimpleNamespace) -> None:
    desk.layers.editor_asked.emit("filter", "level_sensor")
    editor = desk.editors.editor
    assert isinstance(editor, FilterEditor)
    row = next(i for i in range(editor.fields.count()) if "setting" in editor.fields.item(i).text())
    editor.fields.setCurrentRow(row)
    shown = [editor.samples.item(i).text() for i in range(editor.samples.count())]
    assert shown == ["river   River", "road   Road"]
    editor.fields.itemDoubleClicked.emit(editor.fields.item(row))
    editor.edit.insert("=")
    editor.samples.itemDoubleClicked.emit(editor.samples.item(0))
    assert editor.edit.text().replace(" ", "") == "setting='river'"
    assert editor.count.text() == "5 of 10"


def test_one_editor_at_a_time(desk: SimpleNamespace) -> None:
    desk.layers.editor_asked.emit("style", "level_sensor")
    first = desk.editors.editor
    desk.layers.editor_asked.emit("filter", "camera")
    assert desk.editors.editor is not first
    desk.layers.editor_asked.emit("filter", "pack:flood")  # a group has neither
    assert desk.editors.editor is None


def test_facts_are_those_of_the_layers_kinds() -> None:
    names = LayerTreePanel(Theme.load())
    names.set_catalogue(CATALOGUE, "en")
    only = Layer(id="level_sensor", kinds=("level_sensor",))
    fields = [field.name for field in names.names.fields(only.kinds)]
    found = read_facts(Things.live(store()), only.kinds, fields)
    facts = LayerFacts(only, names.names, CATALOGUE, found)
    assert list(facts.values("setting")) == [("river", 5), ("road", 5)]
    assert list(facts.values("state")) == [("in_use", 10)]
    assert sorted(facts.numbers("level").tolist()) == pytest.approx([i / 10 for i in range(10)])
    assert len(facts.limits("level")) == 3
    assert facts.limits("setting") == ()
    assert facts.word("setting", "road") == "Road"
    assert facts.word("link", "online") == "online"
    assert {f.name for f in facts.fields() if f.numeric} == {"level"}
    names.deleteLater()


def test_of_many_things_editors_open_and_filters_are_taken_when_they_are_worked_out(
    desk: SimpleNamespace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paint_keeper, "INLINE_ROWS", 0)
    desk.layers.editor_asked.emit("style", "level_sensor")
    desk.layers.editor_asked.emit("filter", "level_sensor")
    assert desk.editors.editor is None
    qtbot.waitUntil(lambda: desk.editors.editor is not None)
    editor = desk.editors.editor
    assert isinstance(editor, FilterEditor)  # and not the style's, which was given up
    editor.edit.setText("level > 0.65")
    editor._take()
    assert layer(desk.panel.layers).filter == ""
    qtbot.waitUntil(lambda: layer(desk.panel.layers).filter == "level > 0.65")
    desk.layers.editor_asked.emit("filter", "level_sensor")
    qtbot.waitUntil(lambda: desk.editors.editor is not None)
    editor = desk.editors.editor
    editor.edit.setText("level > ")
    editor._take()
    qtbot.waitUntil(lambda: bool(editor.problem.text()))
    assert layer(desk.panel.layers).filter == "level > 0.65"
