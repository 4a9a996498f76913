"""What a map window shows: an ordered tree of groups and layers with their styles. Pure values.

The first layer of the tree lies on top. A colour is "" for the kind's own, a token of
resources/theme.toml, or "#RRGGBB"; zooms are levels of 256-pixel tiles.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from services.domain.errors import KnownError

VERSION = 1
MAX_BYTES = 1_000_000
MAX_LAYERS = 400
MAX_GROUPS = 100
MAX_CLASSES = 32
MAX_ZOOM = 24.0
LEAST_OPACITY = 0.1
"""What is fainter cannot be told from what is off."""

Id = Annotated[str, Meta(min_length=1, max_length=80)]
Title = Annotated[str, Meta(max_length=80)]
Words = Annotated[str, Meta(max_length=120)]
Field = Annotated[str, Meta(max_length=80)]
Color = Annotated[str, Meta(max_length=24, pattern=r"^(#[0-9A-Fa-f]{6}|series_[1-8]|ramp_[1-5]|)$")]
Zoom = Annotated[float, Meta(ge=0.0, le=MAX_ZOOM)]
ShapeName = Literal["", "circle", "diamond", "square", "triangle", "hexagon", "pentagon", "cross"]


class LayerRecord(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Base: an unknown field is an error, so that nothing is read as less than it says."""


class Look(LayerRecord, frozen=True, kw_only=True):
    """What of a kind's symbol is drawn otherwise; ``size`` in pixels, 0 for the kind's own."""

    shape: ShapeName = ""
    color: Color = ""
    size: Annotated[int, Meta(ge=0, le=40)] = 0


class Single(LayerRecord, frozen=True, kw_only=True, tag="single"):
    """Everything alike."""

    look: Look = Look()


class Category(LayerRecord, frozen=True, kw_only=True):
    """Things with one value of an attribute; ``label`` "" is the value as its pack words it."""

    value: Words
    label: Words = ""
    look: Look = Look()
    visible: bool = True


class Categorised(LayerRecord, frozen=True, kw_only=True, tag="categorised"):
    """By the values of an attribute; ``other`` is everything else, None: it is not drawn."""

    field: Field
    classes: Annotated[tuple[Category, ...], Meta(max_length=MAX_CLASSES)] = ()
    other: Look | None = Look()


class Step(LayerRecord, frozen=True, kw_only=True):
    """Numbers up to ``upper`` and above the step before; of the last step ``upper`` is None."""

    upper: float | None = None
    label: Words = ""
    look: Look = Look()


Method = Literal["equal", "quantile", "limits", "manual"]


class Graduated(LayerRecord, frozen=True, kw_only=True, tag="graduated"):
    """By a number, in steps from the least; things without one are drawn as ``missing`` says,
    None: they are not drawn. ``method`` is how the steps were found."""

    field: Field
    steps: Annotated[tuple[Step, ...], Meta(min_length=1, max_length=MAX_CLASSES)]
    missing: Look | None = Look()
    method: Method = "manual"


class Heat(LayerRecord, frozen=True, kw_only=True, tag="heat"):
    """How densely things lie; ``field`` is the number that each weighs, "" for one each."""

    radius: Annotated[int, Meta(ge=8, le=120)] = 28
    field: Field = ""


Style = Single | Categorised | Graduated | Heat


class Layer(LayerRecord, frozen=True, kw_only=True, tag="layer"):
    """Things of some kinds that pass a filter, drawn by one style within a range of zooms.

    A layer of a pack (``own`` False) has the id of its one kind and cannot be taken away.
    ``title`` "" is the kind's label. ``min_zoom`` and ``max_zoom`` None: as the pack says.
    """

    id: Id
    kinds: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=MAX_LAYERS)]
    title: Title = ""
    own: bool = False
    visible: bool = True
    opacity: Annotated[float, Meta(ge=LEAST_OPACITY, le=1.0)] = 1.0
    filter: Annotated[str, Meta(max_length=2_000)] = ""
    min_zoom: Zoom | None = None
    max_zoom: Zoom | None = None
    style: Style = Single()


class Group(LayerRecord, frozen=True, kw_only=True, tag="group"):
    """Layers, and groups of layers one level deep. ``title`` "" is the label of the pack ``id``."""

    id: Id
    title: Title = ""
    own: bool = False
    items: tuple[Layer | Group, ...] = ()


Node = Layer | Group


class LayerSet(LayerRecord, frozen=True, kw_only=True):
    """The whole tree of one map, from top to bottom."""

    version: Literal[1] = 1
    items: tuple[Layer | Group, ...] = ()

    def nodes(self) -> Iterator[Node]:
        """All groups and layers from top to bottom, a group before what it holds."""
        return _nodes(self.items)

    def layers(self) -> tuple[Layer, ...]:
        """All layers, the one on top first."""
        return tuple(node for node in self.nodes() if isinstance(node, Layer))

    def node(self, node_id: str) -> Node | None:
        """A group or layer by its id."""
        return next((node for node in self.nodes() if node.id == node_id), None)

    def visible_kinds(self) -> frozenset[str]:
        """Kinds of which at least one layer is on."""
        return frozenset(kind for layer in self.layers() if layer.visible for kind in layer.kinds)


def _nodes(items: Sequence[Node]) -> Iterator[Node]:
    for node in items:
        yield node
        if isinstance(node, Group):
            yield from _nodes(node.items)


def encode(layers: LayerSet) -> bytes:
    """As JSON with line breaks, for a file that a person may read."""
    return msgspec.json.format(msgspec.json.encode(layers), indent=1)


def decode(data: bytes) -> LayerSet:
    """Read what ``encode`` wrote. KnownError bad_layer_set, layer_set_no_json or layer_set_no_text
    says what is wrong and where."""
    if len(data) > MAX_BYTES:
        raise bad(f"it is larger than {MAX_BYTES:,} bytes")
    try:
        raw = json.loads(data, object_pairs_hook=_no_twins, parse_constant=_no_number)
        found = msgspec.convert(raw, LayerSet)
    except KnownError:
        raise
    except json.JSONDecodeError as error:
        raise KnownError(
            "layer_set_no_json",
            f"Line {error.lineno}, character {error.colno}: this is no JSON.",
            params={"line": error.lineno, "column": error.colno},
        ) from error
    except UnicodeDecodeError as error:
        raise KnownError("layer_set_no_text", "The layer set is no text.") from error
    except (ValueError, RecursionError) as error:
        raise bad(str(error)[:200]) from error
    check(found)
    return found


def check(layers: LayerSet) -> None:
    """What the types cannot say: ids once each, groups one level deep, numbers of everything."""
    nodes = list(layers.nodes())
    if len(nodes) > MAX_LAYERS + MAX_GROUPS:
        raise bad(f"it has more than {MAX_LAYERS + MAX_GROUPS} layers and groups")
    seen: set[str] = set()
    for node in nodes:
        if node.id in seen:
            raise bad(f"“{node.id}” stands in it twice")
        seen.add(node.id)
        if isinstance(node, Layer):
            _check_style(node)
    for group in (g for g in layers.items if isinstance(g, Group)):
        for inner in (g for g in group.items if isinstance(g, Group)):
            if any(isinstance(deeper, Group) for deeper in inner.items):
                raise bad(f"group “{inner.id}”: groups lie in groups one level deep")


def bad(what: str) -> KnownError:
    """The refusal of a layer set."""
    return KnownError(
        "bad_layer_set", f"The layer set cannot be read: {what}.", params={"what": what}
    )


def _check_style(layer: Layer) -> None:
    style = layer.style
    if isinstance(style, Categorised):
        values = [c.value for c in style.classes]
        if len(set(values)) != len(values):
            raise bad(f"layer “{layer.id}” has a category twice")
    elif isinstance(style, Graduated):
        uppers = [step.upper for step in style.steps]
        bounds = [u for u in uppers[:-1] if u is not None]
        if len(bounds) != len(uppers) - 1 or uppers[-1] is not None:
            raise bad(f"layer “{layer.id}”: only the last step is without an upper bound")
        if any(b <= a for a, b in itertools.pairwise(bounds)):
            raise bad(f"layer “{layer.id}”: the steps do not ascend")
    low, high = layer.min_zoom, layer.max_zoom
    if low is not None and high is not None and low >= high:
        raise bad(f"layer “{layer.id}” is drawn at no scale")


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise bad("a name stands twice in one object")
    return made


def _no_number(name: str) -> float:
    raise bad(f"{name} is no number")


# -- from the packs ------------------------------------------------------------------------
def default_set(groups: Mapping[str, Sequence[str]], shown: frozenset[str]) -> LayerSet:
    """One layer for each kind, grouped by pack: kinds by pack id, and which of them are on."""
    return LayerSet(
        items=tuple(
            Group(
                id=f"pack:{pack}",
                items=tuple(Layer(id=k, kinds=(k,), visible=k in shown) for k in kinds),
            )
            for pack, kinds in groups.items()
            if kinds
        )
    )


def reconciled(
    layers: LayerSet, groups: Mapping[str, Sequence[str]], shown: frozenset[str]
) -> tuple[LayerSet, tuple[str, ...]]:
    """A set made true for these packs: every kind has the layer of its pack, kinds that no pack
    has are left out and returned by name. Nothing that there is can be missing from the tree."""
    known = frozenset(kind for kinds in groups.values() for kind in kinds)
    unknown = {k for layer in layers.layers() for k in layer.kinds if k not in known}
    items = _known_only(layers.items, known)
    there = {node.id for node in _nodes(items)}
    for pack, kinds in groups.items():
        new = tuple(Layer(id=k, kinds=(k,), visible=k in shown) for k in kinds if k not in there)
        if new:
            items = _with_new(items, f"pack:{pack}", new)
    return msgspec.structs.replace(layers, items=items), tuple(sorted(unknown))


def _known_only(items: Sequence[Node], known: frozenset[str]) -> tuple[Node, ...]:
    kept: list[Node] = []
    for node in items:
        if isinstance(node, Group):
            inner = _known_only(node.items, known)
            if inner or node.own:
                kept.append(msgspec.structs.replace(node, items=inner))
        elif kinds := tuple(k for k in node.kinds if k in known):
            own = node.own or node.id not in known  # a stranger may not pose as a pack's layer
            kept.append(msgspec.structs.replace(node, kinds=kinds, own=own))
    return tuple(kept)


def _with_new(items: tuple[Node, ...], group_id: str, new: tuple[Layer, ...]) -> tuple[Node, ...]:
    for at, node in enumerate(items):
        if isinstance(node, Group) and node.id == group_id:
            fuller = msgspec.structs.replace(node, items=(*node.items, *new))
            return (*items[:at], fuller, *items[at + 1 :])
    return (*items, Group(id=group_id, items=new))
