"""Layer sets: written and read back, refused when wrong, changed without losing anything."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.model import layer_edit as edit
from layers.model.layer_set import (
    MAX_BYTES,
    MAX_LAYERS,
    Graduated,
    Group,
    Layer,
    LayerSet,
    Step,
    check,
    decode,
    default_set,
    encode,
    reconciled,
)
from services.domain.errors import KnownError
from tests.layers.model.layer_values import layer_sets

PACKS = {"video": ("camera", "speaker"), "flood": ("gauge",)}
SHOWN = frozenset({"camera", "gauge"})


@given(layer_sets())
def test_a_set_reads_back_as_it_was_written(layers: LayerSet) -> None:
    assert decode(encode(layers)) == layers


def test_the_packs_give_one_layer_for_each_kind() -> None:
    made = default_set(PACKS, SHOWN)
    assert [(g.id, [n.id for n in g.items]) for g in made.items if isinstance(g, Group)] == [
        ("pack:video", ["camera", "speaker"]),
        ("pack:flood", ["gauge"]),
    ]
    assert made.visible_kinds() == SHOWN


def wrong(**changes: object) -> bytes:
    layer = {"type": "layer", "id": "a", "kinds": ["camera"], "own": True, **changes}
    return json.dumps({"version": 1, "items": [layer]}).encode()


def nested(depth: int) -> bytes:
    node: dict[str, object] = {"type": "layer", "id": "x", "kinds": ["camera"]}
    for i in range(depth):
        node = {"type": "group", "id": f"g{i}", "items": [node]}
    return json.dumps({"version": 1, "items": [node]}).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b"{" * 100_000,
        b'{"version": 1, "items": ' + b"[" * 100_000,
        b" " * (MAX_BYTES + 1),
        b'{"version": 2, "items": []}',
        b'{"version": 1, "version": 1, "items": []}',
        wrong(id=""),
        wrong(kinds=[]),
        wrong(opacity=0.0),
        wrong(opacity="1"),
        wrong(colour="red"),
        wrong(min_zoom=-1),
        wrong(min_zoom=12, max_zoom=12),
        wrong(filter="x" * 2_001),
        wrong(title="x" * 81),
        wrong(style={"type": "single", "look": {"color": "url(http://x)"}}),
        wrong(style={"type": "single", "look": {"size": 4_000}}),
        wrong(style={"type": "graduated", "field": "f", "steps": []}),
        wrong(style={"type": "graduated", "field": "f", "steps": [{"upper": 1.0}]}),
        wrong(style={"type": "heat", "radius": 10_000}),
        b'{"version": 1, "items": [{"type": "layer", "id": "a", "kinds": ["c"], "opacity": NaN}]}',
        nested(3),
    ],
)
def test_what_is_no_layer_set_is_refused(data: bytes) -> None:
    with pytest.raises(KnownError) as caught:
        decode(data)
    assert caught.value.code in ("bad_layer_set", "layer_set_no_json", "layer_set_no_text")


def test_a_damaged_file_is_told_by_its_line_and_what_is_no_text_as_such() -> None:
    with pytest.raises(KnownError) as caught:
        decode(b'{"version": 1,\n "items": [}')
    assert caught.value.code == "layer_set_no_json"
    assert caught.value.params == {"line": 2, "column": 12}
    with pytest.raises(KnownError) as caught:
        decode(b"\x89PNG\r\n\x1a\n\xff\xff")
    assert caught.value.code == "layer_set_no_text"


def test_groups_lie_in_groups_one_level_deep() -> None:
    assert len(decode(nested(2)).layers()) == 1


def test_ids_stand_once_and_steps_ascend() -> None:
    twice = LayerSet(items=(Layer(id="a", kinds=("x",)), Group(id="a")))
    steps = Graduated(field="f", steps=(Step(upper=2.0), Step(upper=1.0), Step()))
    for layers in (twice, LayerSet(items=(Layer(id="b", kinds=("x",), style=steps),))):
        with pytest.raises(KnownError):
            check(layers)
    many = tuple(Layer(id=f"l{i}", kinds=("x",)) for i in range(2 * MAX_LAYERS))
    with pytest.raises(KnownError):
        check(LayerSet(items=many))


def test_other_packs_leave_out_what_is_unknown_and_add_what_is_missing() -> None:
    stored = LayerSet(
        items=(
            Group(id="pack:video", items=(Layer(id="camera", kinds=("camera",), visible=False),)),
            Layer(id="mine", kinds=("gone", "gauge"), own=True),
            Layer(id="gone", kinds=("gone",)),
        )
    )
    made, unknown = reconciled(stored, PACKS, SHOWN)
    assert unknown == ("gone",)
    assert {layer.id: layer.kinds for layer in made.layers()} == {
        "camera": ("camera",),
        "speaker": ("speaker",),
        "mine": ("gauge",),
        "gauge": ("gauge",),
    }
    assert edit.parent_of(made, "speaker") == "pack:video"
    assert "camera" not in made.visible_kinds()
    assert reconciled(made, PACKS, SHOWN) == (made, ())


ids = st.sampled_from([*(f"l{i}" for i in range(6)), "inner", "outer", "nobody"])


@given(layer_sets(), ids, st.one_of(ids, st.just("")), st.integers(0, 7))
def test_a_move_keeps_every_layer_and_the_depth(
    layers: LayerSet, node: str, into: str, at: int
) -> None:
    after = edit.moved(layers, node, into, at)
    check(after)
    assert sorted(n.id for n in after.nodes()) == sorted(n.id for n in layers.nodes())
    assert {x.id: x for x in after.layers()} == {x.id: x for x in layers.layers()}
    target = layers.node(into)
    if isinstance(layers.node(node), Layer) and (isinstance(target, Group) or not into):
        assert edit.parent_of(after, node) == into


def test_a_move_puts_a_layer_before_what_stands_there() -> None:
    layers = default_set(PACKS, SHOWN)
    after = edit.moved(layers, "speaker", "pack:video", 0)
    assert [layer.id for layer in after.layers()] == ["speaker", "camera", "gauge"]
    assert edit.moved(after, "speaker", "pack:video", 2) == layers
    assert edit.moved(layers, "camera", "pack:flood", 1).layers()[-1].id == "camera"
    assert edit.moved(layers, "pack:flood", "pack:flood", 0) is layers


@given(layer_sets(), ids)
def test_taking_away_loses_no_layer_of_a_pack(layers: LayerSet, node: str) -> None:
    pack = msgspec.structs.replace(layers, items=edit.changed(layers, "l0", own=False).items)
    after = edit.without(pack, node)
    check(after)
    assert {x.id for x in after.layers() if not x.own} == {x.id for x in pack.layers() if not x.own}
    found = pack.node(node)
    if found is not None and found.own:
        assert after.node(node) is None


def test_groups_and_copies() -> None:
    layers = edit.with_group(default_set(PACKS, SHOWN), "Tonight")
    assert isinstance(layers.items[0], Group)
    assert layers.items[0].title == "Tonight"
    copied, new = edit.duplicate(layers, "speaker", "Speakers 2")
    at = [layer.id for layer in copied.layers()].index("speaker")
    assert copied.layers()[at - 1].id == new
    assert copied.layers()[at - 1].own
    assert edit.without(copied, new) == layers
    assert edit.without(layers, "speaker") is layers


def test_showing_some_only() -> None:
    layers = default_set(PACKS, SHOWN)
    assert edit.only_visible(layers, {"speaker"}).visible_kinds() == {"speaker"}
    assert edit.with_visible(layers, {"speaker"}, True).visible_kinds() == {*SHOWN, "speaker"}
    assert edit.with_visible(layers, {"camera"}, True) is layers
