"""Workspaces: kept from one start to the next, switched, named, damaged; sets from files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.bridge import ThreadBridge
from app.controllers.layer_files import LayerFiles
from app.operations import Operations
from app.workspace_file import (
    MAX_BYTES,
    MAX_MAPS,
    MAX_WORKSPACES,
    STANDARD,
    Content,
    MapState,
    View,
    WorkspaceFile,
    with_copy,
    with_map,
    without,
)
from app.workspaces import Workspaces
from layers.model import layer_edit as edit
from layers.model.layer_set import Layer, LayerSet, decode, encode
from layers.model.pack_layers import from_packs
from services.domain.errors import KnownError
from services.packs.loader import default_directory, load
from widgets.layer_tree import LayerTreePanel
from widgets.theme import Theme

CATALOGUE = load(default_directory())
PACKS = from_packs(CATALOGUE)
NO_CAMERAS = edit.with_visible(PACKS, {"camera"}, False)


@pytest.fixture
def operations(qtbot: QtBot) -> Iterator[Operations]:
    bridge = ThreadBridge()
    made = Operations(bridge)
    yield made
    made.close()
    bridge.close()


@pytest.fixture
def owner(qtbot: QtBot) -> QObject:
    return QObject()


def file_in(folder: Path, user: str = "wang") -> WorkspaceFile:
    return WorkspaceFile(folder, "http://h", user)


def opened(folder: Path, operations: Operations, owner: QObject, user: str = "wang") -> Workspaces:
    return Workspaces(file_in(folder, user), CATALOGUE, operations, owner)


def test_what_a_map_shows_outlives_the_console(
    tmp_path: Path, operations: Operations, owner: QObject
) -> None:
    one = opened(tmp_path, operations, owner)
    assert one.state("desk") == MapState(PACKS)
    view = View(101.8, 36.6, 14.0)
    one.put("desk", MapState(NO_CAMERAS, view))
    one.close()
    again = opened(tmp_path, operations, owner)
    assert again.state("desk") == MapState(NO_CAMERAS, view)
    assert again.state("map-2") == MapState(NO_CAMERAS)  # begins as the desk, but where it likes
    other = opened(tmp_path, operations, owner, "li")
    assert other.state("desk") == MapState(PACKS)
    assert file_in(tmp_path).path.stat().st_mode & 0o777 == 0o600


def test_a_change_is_saved_by_itself(
    qtbot: QtBot, tmp_path: Path, operations: Operations, owner: QObject
) -> None:
    one = opened(tmp_path, operations, owner)
    one._save.setInterval(0)
    one.put("desk", MapState(NO_CAMERAS))
    qtbot.waitUntil(lambda: file_in(tmp_path).load().content.workspaces != {})


def test_named_workspaces_are_switched_and_deleted(
    qtbot: QtBot, tmp_path: Path, operations: Operations, owner: QObject
) -> None:
    one = opened(tmp_path, operations, owner)
    one.put("desk", MapState(PACKS))
    one.save_as("Flood")
    one.put("desk", MapState(NO_CAMERAS))
    assert one.names == [STANDARD, "Flood"]
    with qtbot.waitSignal(one.switched):
        one.switch(STANDARD)
    assert one.state("desk").layers == PACKS
    one.switch("Flood")
    assert one.state("desk").layers == NO_CAMERAS
    with qtbot.waitSignal(one.switched):
        one.delete("Flood")
    assert (one.current, one.names) == (STANDARD, [STANDARD])
    for name in ("", "  ", STANDARD, "x" * 41):
        with pytest.raises(KnownError):
            one.save_as(name)


def test_a_switch_before_anything_was_kept_shows_the_packs(
    tmp_path: Path, operations: Operations, owner: QObject
) -> None:
    one = opened(tmp_path, operations, owner)
    one.save_as("Duty")
    assert one.state("desk") == MapState(PACKS)
    one.switch(STANDARD)
    assert one.state("desk") == MapState(PACKS)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[" * 200_000,
        b'{"version": 2}',
        b'{"version": 1, "workspaces": {"a": {"desk": {"layers": 3}}}}',
        b'{"version": 1, "workspaces": {"": {}}}',
        json.dumps({"version": 1, "workspaces": {f"w{i}": {} for i in range(200)}}).encode(),
        b" " * (MAX_BYTES + 1),
    ],
)
def test_a_damaged_file_is_set_aside_and_told(
    tmp_path: Path, operations: Operations, owner: QObject, data: bytes
) -> None:
    path = file_in(tmp_path).path
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    one = opened(tmp_path, operations, owner)
    assert one.state("desk") == MapState(PACKS)
    assert one.problem is not None
    assert one.problem.code == "workspaces_unreadable"
    assert path.with_suffix(".unreadable").read_bytes() == data
    path.write_bytes(b"again")
    opened(tmp_path, operations, owner)
    assert path.with_suffix(".unreadable-2").read_bytes() == b"again"


def test_a_disk_that_takes_nothing_is_told_and_keeps_what_was(
    qtbot: QtBot, tmp_path: Path, operations: Operations, owner: QObject
) -> None:
    one = opened(tmp_path, operations, owner)
    one.put("desk", MapState(NO_CAMERAS))
    one.close()
    kept = file_in(tmp_path).path
    before = kept.read_bytes()
    (kept.with_name(kept.name + ".new")).mkdir()
    one._save.setInterval(0)
    with qtbot.waitSignal(one.failed) as got:
        one.put("desk", MapState(PACKS))
    assert got.args[0].code == "workspaces_unsaved"
    assert kept.read_bytes() == before


def test_an_older_turn_is_not_written_over_a_newer(tmp_path: Path) -> None:
    file = file_in(tmp_path)
    first, second = file.turn(), file.turn()
    file.save(Content(current="b", workspaces={"b": {}}), second)
    file.save(Content(current="a", workspaces={"a": {}}), first)
    assert file.load().content.current == "b"


def test_numbers_of_workspaces_and_maps_are_bounded() -> None:
    content = Content()
    for i in range(MAX_WORKSPACES):
        content = with_copy(content, STANDARD, f"w{i}")
    with pytest.raises(KnownError):
        with_copy(content, STANDARD, "one more")
    assert with_copy(content, "w3", "w4").current == "w4"
    for i in range(2 * MAX_MAPS):
        content = with_map(content, "w0", f"map-{i}", MapState(LayerSet()))
    assert len(content.workspaces["w0"]) == MAX_MAPS
    assert without(content, "w4").current == "w0"
    assert without(content, "w0").current == STANDARD


def test_kinds_that_came_with_a_pack_stand_in_an_old_workspace(
    tmp_path: Path, operations: Operations, owner: QObject
) -> None:
    one = opened(tmp_path, operations, owner)
    old = edit.changed(PACKS, PACKS.items[0].id, items=())
    stranger = Layer(id="gone", kinds=("gone",), own=True)
    one.put("desk", MapState(LayerSet(items=(stranger, *old.items))))
    shown = one.state("desk").layers
    assert {x.id for x in shown.layers()} == {x.id for x in PACKS.layers()}


# -- files of layer sets ----------------------------------------------------------------------
@pytest.fixture
def files(
    qtbot: QtBot, tmp_path: Path, operations: Operations, owner: QObject
) -> tuple[LayerFiles, LayerTreePanel]:
    panel = LayerTreePanel(Theme.load())
    qtbot.addWidget(panel)
    panel.set_catalogue(CATALOGUE, "en")
    made = LayerFiles(operations, panel, opened(tmp_path, operations, owner), owner)
    made.choose = lambda _window, _name, _writes: str(tmp_path / "set.json")
    return made, panel


def test_a_set_goes_to_a_file_and_comes_back(
    qtbot: QtBot, tmp_path: Path, files: tuple[LayerFiles, LayerTreePanel]
) -> None:
    made, panel = files
    panel.set_layers(NO_CAMERAS)
    with qtbot.waitSignal(made.said):
        made.export()
    assert decode((tmp_path / "set.json").read_bytes()) == NO_CAMERAS
    with qtbot.waitSignal(made.taken) as got:
        made.import_()
    assert got.args == [NO_CAMERAS]


def test_kinds_that_are_not_known_are_named(
    qtbot: QtBot, tmp_path: Path, files: tuple[LayerFiles, LayerTreePanel]
) -> None:
    made, _panel = files
    strange = Layer(id="x", kinds=("unicorn", "camera"), own=True)
    (tmp_path / "set.json").write_bytes(encode(LayerSet(items=(strange,))))
    taken: list[LayerSet] = []
    made.taken.connect(taken.append)
    with qtbot.waitSignal(made.said) as got:
        made.import_()
    assert taken[0].layers()[0].kinds == ("camera",)
    assert got.args[0].endswith("left out: unicorn")


@pytest.mark.parametrize("data", [b"no json", b'{"items": 3}', None])
def test_a_file_that_is_no_set_changes_nothing(
    qtbot: QtBot, tmp_path: Path, files: tuple[LayerFiles, LayerTreePanel], data: bytes | None
) -> None:
    made, _panel = files
    if data is not None:
        (tmp_path / "set.json").write_bytes(data)
    with qtbot.assertNotEmitted(made.taken), qtbot.waitSignal(made.said) as got:
        made.import_()
    assert got.args[0]


def test_the_menu_lists_workspaces(qtbot: QtBot, files: tuple[LayerFiles, LayerTreePanel]) -> None:
    made, panel = files
    made.save_as("Flood & co")
    made.show_name()
    assert panel.sets_button.text() == "Flood && co ▾"
    entries = {a.text(): a for a in made.build_menu().actions()}
    assert entries["Flood && co"].isChecked()
    entries["Standard"].trigger()
    assert panel.sets_button.text() == "Standard ▾"
    said: list[str] = []
    made.said.connect(said.append)
    made.save_as("")
    assert said
