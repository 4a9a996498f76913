"""Hides attributes of classes that a reader may not see. Pure; records that need it are copied.

A masked text is never the value, nor does it hold it: of a person's name the first sign stays, of
a telephone number both ends, of everything else nothing. A masked number or flag is left out,
because a number that is none would mislead whoever reckons with it. Case attributes are described
by the kinds with the trait ``case-bearing``, and a name that is personal of any thing is personal
of a case; what no pack describes counts as sensitive.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from services.access.roles import DataClass
from services.domain.model import Scalar
from services.packs.model import Catalogue, Kind

HIDDEN = "***"
UNDESCRIBED: DataClass = "sensitive"
CASES = ""
"""Stands for a kind where the attributes of cases are meant."""
PHONE_DIGITS = range(11, 16)
MAX_CHINESE_NAME, MAX_NAME = 4, 30
_PHONE = re.compile(r"\+?[\d\s-]+")
_NOTE = re.compile(r"\s*[（(][^（）()]*[）)]$")
_MASKED = re.compile(r"\d{3}\*{4}\d{4}|[^\W\d_]\*\*|\*\*\*")
_NAME = re.compile(r"[^\W\d_]+(?:[ ·.'-][^\W\d_]+)*")


@lru_cache(maxsize=65_536)
def masked(value: str) -> str:
    """What may be shown of a personal text: 张**, 138****0001, and *** for anything else."""
    text = _NOTE.sub("", value.strip())
    if _MASKED.fullmatch(text):
        return text  # its source keeps it masked
    digits = re.sub(r"\D", "", text)
    if _PHONE.fullmatch(text) and len(digits) in PHONE_DIGITS:
        return f"{digits[:3]}****{digits[-4:]}"
    limit = MAX_CHINESE_NAME if any("\u4e00" <= sign <= "\u9fff" for sign in text) else MAX_NAME
    if 2 <= len(text) <= limit and _NAME.fullmatch(text):
        return text[0] + "**"
    return HIDDEN


@dataclass(frozen=True, slots=True)
class _Plan:
    """What to do with the attributes of one kind for one reader, so that rows cost little."""

    known: frozenset[str]
    personal: tuple[str, ...]  # to be masked
    hidden: tuple[str, ...]  # to be hidden whole
    strangers: bool  # whether what no pack describes is shown


class Masks:
    """The attributes of every kind by class. Any thread: it only remembers what it worked out."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._classes: dict[str, dict[str, DataClass]] = {
            kind.id: _classes(kind) for kind in catalogue.kinds.values()
        }
        cases: dict[str, DataClass] = {
            name: "personal"
            for classes in self._classes.values()
            for name, data_class in classes.items()
            if data_class == "personal"
        }
        for kind in catalogue.with_trait("case-bearing"):
            cases |= _classes(kind)
        self._classes[CASES] = cases
        self._plans: dict[tuple[str, frozenset[DataClass]], _Plan] = {}

    def personal(self, kind: str, attrs: Mapping[str, Scalar]) -> dict[str, Scalar]:
        """The personal attributes of a thing of this kind, as they are."""
        classes = self._classes.get(kind, {})
        return {n: v for n, v in attrs.items() if classes.get(n, UNDESCRIBED) == "personal"}

    def personal_of_case(self, attrs: Mapping[str, Scalar]) -> dict[str, Scalar]:
        """The personal attributes of a case, as they are."""
        return self.personal(CASES, attrs)

    def entity(
        self, kind: str, attrs: dict[str, Scalar], clear: frozenset[DataClass]
    ) -> dict[str, Scalar]:
        """The attributes of a thing for who sees the classes ``clear``; the same object when all
        of them may be seen."""
        if not attrs:
            return attrs
        plan = self._plans.get((kind, clear))
        if plan is None:
            plan = self._plans[kind, clear] = _plan(self._classes.get(kind, {}), clear)
        return _mask(attrs, plan)

    def case(self, attrs: dict[str, Scalar], clear: frozenset[DataClass]) -> dict[str, Scalar]:
        """The same for the attributes of a case."""
        return self.entity(CASES, attrs, clear)


def _classes(kind: Kind) -> dict[str, DataClass]:
    return {attribute.name: attribute.data_class for attribute in kind.attribute}


def _plan(classes: Mapping[str, DataClass], clear: frozenset[DataClass]) -> _Plan:
    shut = {name: of for name, of in classes.items() if of not in clear}
    return _Plan(
        frozenset(classes),
        tuple(name for name, of in shut.items() if of == "personal"),
        tuple(name for name, of in shut.items() if of != "personal"),
        UNDESCRIBED in clear,
    )


def _mask(attrs: dict[str, Scalar], plan: _Plan) -> dict[str, Scalar]:
    shown: dict[str, Scalar] | None = None
    for name in plan.personal:
        value = attrs.get(name)
        if value is not None and value != "":
            shown = attrs.copy() if shown is None else shown
            _put(shown, name, masked(value) if isinstance(value, str) else None)
    hidden: Iterable[str] = plan.hidden
    if not plan.strangers and not attrs.keys() <= plan.known:
        hidden = (*hidden, *(attrs.keys() - plan.known))
    for name in hidden:
        value = attrs.get(name)
        if value is not None and value != "":
            shown = attrs.copy() if shown is None else shown
            _put(shown, name, HIDDEN if isinstance(value, str) else None)
    return attrs if shown is None else shown


def _put(shown: dict[str, Scalar], name: str, value: str | None) -> None:
    if value is None:
        del shown[name]
    else:
        shown[name] = value
