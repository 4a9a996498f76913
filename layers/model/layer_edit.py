"""Changes of a layer set: each takes one and gives another. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import msgspec

from layers.model.layer_set import (
    MAX_GROUPS,
    MAX_LAYERS,
    Categorised,
    Graduated,
    Group,
    Layer,
    LayerSet,
    Look,
    Node,
    bad,
)

Edit = Callable[[Node], Node | None]


def changed(layers: LayerSet, node_id: str, **values: Any) -> LayerSet:
    """One group or layer with other values; the set as it is where there is no such one."""

    def edit(node: Node) -> Node | None:
        return msgspec.structs.replace(node, **values) if node.id == node_id else node

    return _with(layers, _mapped(layers.items, edit))


def with_visible(layers: LayerSet, ids: Collection[str], on: bool) -> LayerSet:
    """These layers on or off; all others stay."""

    def edit(node: Node) -> Node | None:
        if isinstance(node, Layer) and node.id in ids and node.visible != on:
            return msgspec.structs.replace(node, visible=on)
        return node

    return _with(layers, _mapped(layers.items, edit))


def only_visible(layers: LayerSet, ids: Collection[str]) -> LayerSet:
    """These layers on and all others off."""

    def edit(node: Node) -> Node | None:
        if isinstance(node, Layer) and node.visible != (node.id in ids):
            return msgspec.structs.replace(node, visible=node.id in ids)
        return node

    return _with(layers, _mapped(layers.items, edit))


def without(layers: LayerSet, node_id: str) -> LayerSet:
    """Take away a layer or group of a user's own. Layers of packs in the group move to where it
    stood: they can be hidden, never lost. A layer or group of a pack stays."""
    node = layers.node(node_id)
    if node is None or not node.own:
        return layers
    return _with(layers, _without(layers.items, node_id))


def with_group(layers: LayerSet, title: str, above: str = "") -> LayerSet:
    """A new group on top, or above a node of the first level; KnownError where there are too
    many."""
    if sum(isinstance(node, Group) for node in layers.nodes()) >= MAX_GROUPS:
        raise bad(f"there are {MAX_GROUPS} groups already")
    group = Group(id=fresh_id(layers, "group"), title=title, own=True)
    at = next((i for i, node in enumerate(layers.items) if node.id == above), 0)
    return _with(layers, (*layers.items[:at], group, *layers.items[at:]))


def duplicate(layers: LayerSet, layer_id: str, title: str) -> tuple[LayerSet, str]:
    """A copy of a layer right above it, and its id; KnownError where there are too many."""
    layer = layers.node(layer_id)
    if not isinstance(layer, Layer):
        return layers, ""
    if len(layers.layers()) >= MAX_LAYERS:
        raise bad(f"there are {MAX_LAYERS} layers already")
    copy = msgspec.structs.replace(layer, id=fresh_id(layers, "layer"), title=title, own=True)
    return _with(layers, _beside(layers.items, layer_id, copy)), copy.id


def moved(layers: LayerSet, node_id: str, into: str, at: int) -> LayerSet:
    """A node put into a group (``into`` "": the first level) before its ``at``-th item as they
    stand now. The set as it is where that would nest groups deeper than one level."""
    node, target = layers.node(node_id), layers.node(into) if into else None
    if node is None or (into and not isinstance(target, Group)):
        return layers
    if isinstance(node, Group) and not _may_hold(layers, target, node):
        return layers
    siblings = target.items if isinstance(target, Group) else layers.items
    before = next((n.id for n in siblings[at:] if n.id != node_id), "")
    items = _cut(layers.items, node_id)
    return _with(layers, _put(items, into, before, node))


def parent_of(layers: LayerSet, node_id: str) -> str | None:
    """The id of the group that holds a node, "" for the first level, None for no such node."""
    if any(node.id == node_id for node in layers.items):
        return ""
    for group in layers.nodes():
        if isinstance(group, Group) and any(node.id == node_id for node in group.items):
            return group.id
    return None


def fresh_id(layers: LayerSet, stem: str) -> str:
    """An id that no node has."""
    taken = {node.id for node in layers.nodes()}
    number = 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def layers_under(node: Node) -> tuple[Layer, ...]:
    """A layer itself, or all layers of a group."""
    if isinstance(node, Layer):
        return (node,)
    return tuple(layer for inner in node.items for layer in layers_under(inner))


# -- inside --------------------------------------------------------------------------------
def _with(layers: LayerSet, items: tuple[Node, ...]) -> LayerSet:
    return layers if items == layers.items else msgspec.structs.replace(layers, items=items)


def _mapped(items: Sequence[Node], edit: Edit) -> tuple[Node, ...]:
    found = []
    for node in items:
        if isinstance(node, Group):
            inner = _mapped(node.items, edit)
            if inner != node.items:
                node = msgspec.structs.replace(node, items=inner)
        edited = edit(node)
        if edited is not None:
            found.append(edited)
    return tuple(found)


def _cut(items: Sequence[Node], node_id: str) -> tuple[Node, ...]:
    return _mapped(items, lambda node: None if node.id == node_id else node)


def _without(items: Sequence[Node], node_id: str) -> tuple[Node, ...]:
    found: list[Node] = []
    for node in items:
        if node.id == node_id:
            if isinstance(node, Group):
                found += [inner for inner in node.items if not _all_own(inner)]
        elif isinstance(node, Group):
            found.append(msgspec.structs.replace(node, items=_without(node.items, node_id)))
        else:
            found.append(node)
    return tuple(found)


def _all_own(node: Node) -> bool:
    return node.own and all(layer.own for layer in layers_under(node))


def _beside(items: Sequence[Node], node_id: str, new: Node) -> tuple[Node, ...]:
    found: list[Node] = []
    for node in items:
        if node.id == node_id:
            found.append(new)
        if isinstance(node, Group):
            node = msgspec.structs.replace(node, items=_beside(node.items, node_id, new))
        found.append(node)
    return tuple(found)


def _put(items: Sequence[Node], into: str, before: str, new: Node) -> tuple[Node, ...]:
    if not into:
        at = next((i for i, node in enumerate(items) if before and node.id == before), len(items))
        return (*items[:at], new, *items[at:])

    def edit(node: Node) -> Node | None:
        if isinstance(node, Group) and node.id == into:
            return msgspec.structs.replace(node, items=_put(node.items, "", before, new))
        return node

    return _mapped(items, edit)


def _may_hold(layers: LayerSet, target: Node | None, group: Group) -> bool:
    """Whether a group may lie there: not in itself, and groups in groups one level deep."""
    if target is None:
        return True
    if target.id == group.id or any(isinstance(inner, Group) for inner in group.items):
        return False
    return parent_of(layers, target.id) == ""


def with_class(layers: LayerSet, layer_id: str, place: int) -> LayerSet:
    """One class of a layer's style on or off; ``place`` -1 is all else."""
    layer = layers.node(layer_id)
    if not isinstance(layer, Layer):
        return layers
    style = layer.style
    if isinstance(style, Categorised) and 0 <= place < len(style.classes):
        one = style.classes[place]
        turned = msgspec.structs.replace(one, visible=not one.visible)
        classes = (*style.classes[:place], turned, *style.classes[place + 1 :])
        return changed(layers, layer_id, style=msgspec.structs.replace(style, classes=classes))
    if isinstance(style, Categorised):
        other = Look() if style.other is None else None
        return changed(layers, layer_id, style=msgspec.structs.replace(style, other=other))
    if isinstance(style, Graduated) and place < 0:
        missing = Look() if style.missing is None else None
        return changed(layers, layer_id, style=msgspec.structs.replace(style, missing=missing))
    return layers


def with_range(layers: LayerSet, layer_id: str, low: float | None, high: float | None) -> LayerSet:
    """Another range of zooms; where it would be empty, what was not changed gives way."""
    layer = layers.node(layer_id)
    if not isinstance(layer, Layer):
        return layers
    if low is not None and high is not None and low >= high:
        low, high = (low, None) if low != layer.min_zoom else (None, high)
    return changed(layers, layer_id, min_zoom=low, max_zoom=high)


def neighbour_move(layers: LayerSet, node_id: str, up: bool) -> LayerSet:
    """A node one place up or down: past its neighbour, or out of its group at the end of it."""
    into = parent_of(layers, node_id)
    if into is None:
        return layers
    group = layers.node(into) if into else None
    siblings = group.items if isinstance(group, Group) else layers.items
    at = next(i for i, node in enumerate(siblings) if node.id == node_id)
    if 0 <= (at - 1 if up else at + 1) < len(siblings):
        return moved(layers, node_id, into, at - 1 if up else at + 2)
    if not into:
        return layers
    outer = parent_of(layers, into) or ""
    above = layers.node(outer) if outer else None
    around = above.items if isinstance(above, Group) else layers.items
    place = next(i for i, node in enumerate(around) if node.id == into)
    return moved(layers, node_id, outer, place if up else place + 1)
