"""What must hold for what closes roads, within a pack and between packs. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from services.packs.locate import Step
from services.packs.model import Catalogue, Closing, Kind, Pack
from services.packs.problems import Problem, identifier, label_texts

MOST_RADIUS_M = 2_000.0


def closing_problems(pack: Pack) -> Iterator[Problem]:
    """What is wrong within one pack."""
    for i, closing in enumerate(pack.closing):
        place: tuple[Step, ...] = ("closing", i)
        yield from identifier((*place, "id"), closing.id)
        yield from label_texts((*place, "label"), closing.label)
        if not 1 <= closing.radius_m <= MOST_RADIUS_M:
            yield Problem((*place, "radius_m"), f"must be within 1 and {MOST_RADIUS_M:,.0f} m")
        if sum(map(bool, (closing.rule, closing.category, closing.kind))) != 1:
            yield Problem(place, "a closing names one of rule, category and kind")
        if closing.states and not closing.kind:
            yield Problem((*place, "states"), "states are those of a kind; name it")
        if closing.category and (closing.where or closing.measure):
            yield Problem(place, "a case has no attributes or measures of a thing")


def closing_references(pack: Pack, catalogue: Catalogue) -> Iterator[Problem]:
    """What the closings of one pack refer to that no pack declares."""
    for i, closing in enumerate(pack.closing):
        place: tuple[Step, ...] = ("closing", i)
        if closing.category and closing.category not in catalogue.categories:
            yield Problem((*place, "category"), f"no category has code {closing.category!r}")
        if closing.rule and closing.rule not in catalogue.rules:
            yield Problem((*place, "rule"), f"no rule has id {closing.rule!r}")
        if closing.kind and closing.kind not in catalogue.kinds:
            yield Problem((*place, "kind"), f"no kind has id {closing.kind!r}")
        kind = _kind_of(closing, catalogue)
        if kind is not None:
            yield from _of_kind(place, closing, kind)


def _kind_of(closing: Closing, catalogue: Catalogue) -> Kind | None:
    rule = catalogue.rules.get(closing.rule)
    return catalogue.kinds.get(rule.kind if rule is not None else closing.kind)


def _of_kind(place: tuple[Step, ...], closing: Closing, kind: Kind) -> Iterator[Problem]:
    states = {s.id for s in kind.state}
    for i, state in enumerate(closing.states):
        if state not in states:
            yield Problem((*place, "states", i), f"{state!r} is not a state of {kind.id}")
    attributes = {a.name: a for a in kind.attribute}
    for name, values in closing.where.items():
        here = (*place, "where", name)
        if name not in attributes:
            yield Problem(here, f"{name!r} is not an attribute of {kind.id}")
        elif attributes[name].choices and not set(values) <= set(attributes[name].choices):
            yield Problem(here, f"{name!r} has no such choice")
    if closing.measure and closing.measure not in {m.name for m in kind.measure}:
        yield Problem((*place, "measure"), f"{closing.measure!r} is not a measure of {kind.id}")
