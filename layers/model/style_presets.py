"""Looks that classes are given at first, and what is wrong with a style. Pure.

Classes differ by shape or size before they differ by colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from layers.model.layer_set import (
    MAX_CLASSES,
    Categorised,
    Category,
    Graduated,
    Look,
    Method,
    ShapeName,
    Step,
    Style,
)

SHAPES: tuple[ShapeName, ...] = (
    "circle", "square", "triangle", "diamond", "hexagon", "pentagon", "cross",
)  # fmt: skip
SERIES = tuple(f"series_{i}" for i in range(1, 9))
RAMP = tuple(f"ramp_{i}" for i in range(1, 6))
CLASS_SIZES = (18, 24, 13, 28, 10)
"""Of categories that need more than there are shapes."""
LEAST_STEP_PX, MOST_STEP_PX = 11, 26


def category_looks(count: int) -> list[Look]:
    """So many looks that no two differ by colour alone."""
    pairs = [(shape, size) for size, shape in product(CLASS_SIZES, SHAPES)]
    return [
        Look(shape=shape, color=SERIES[i % len(SERIES)], size=size)
        for i, (shape, size) in enumerate(pairs[:count])
    ]


def step_looks(count: int) -> list[Look]:
    """Looks of steps from little to much: larger and further along the ramp."""
    looks = []
    for i in range(count):
        share = i / max(1, count - 1)
        size = round(LEAST_STEP_PX + share * (MOST_STEP_PX - LEAST_STEP_PX))
        looks.append(Look(color=RAMP[round(share * (len(RAMP) - 1))], size=size))
    return looks


def categorised(field: str, values: Sequence[str], old: Style | None = None) -> Categorised:
    """A class for each value, at most MAX_CLASSES; those of an older style of the field stay as
    they are."""
    kept = {}
    other: Look | None = Look()
    if isinstance(old, Categorised) and old.field == field:
        kept, other = {c.value: c for c in old.classes}, old.other
    chosen = [*kept, *(v for v in values if v not in kept)][:MAX_CLASSES]
    taken = {(c.look.shape, c.look.size) for c in kept.values()}
    free = iter(look for look in category_looks(35) if (look.shape, look.size) not in taken)
    classes = tuple(kept.get(v) or Category(value=v, look=next(free, Look())) for v in chosen)
    return Categorised(field=field, classes=classes, other=other)


def graduated(
    field: str, bounds: Sequence[float], method: Method, missing: Look | None = None
) -> Graduated:
    """Steps between these bounds."""
    uppers: list[float | None] = [*bounds[: MAX_CLASSES - 1], None]
    looks = step_looks(len(uppers))
    steps = tuple(Step(upper=u, look=look) for u, look in zip(uppers, looks, strict=True))
    return Graduated(field=field, steps=steps, method=method, missing=missing)


def only_by_colour(style: Style) -> bool:
    """Whether two classes that are drawn differ by their colour alone, or not at all."""
    if isinstance(style, Categorised):
        looks = [c.look for c in style.classes if c.visible]
    elif isinstance(style, Graduated):
        looks = [step.look for step in style.steps]
    else:
        return False
    forms = [(look.shape, look.size) for look in looks]
    return len(set(forms)) < len(forms)
