"""Hides attributes of classes that a reader may not see. Pure; records that need it are copied.

A masked text is never the value, nor does it hold it: of a person's name the first sign stays, of
a telephone number both ends, of everything else nothing. A masked number or flag is left out,
because a number that is none would mislead whoever reckons with it. Case attributes are described
by the kinds with the trait ``case-bearing``, and a name that is personal of any thing is personal
of a case; what no pack describes counts as sensitive.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from services.access.roles import DataClass
from services.domain.model import Scalar
from services.packs.model import Catalogue, Kind

HIDDEN = "***"
UNDESCRIBED: DataClass = "sensitive"
PHONE_DIGITS = range(11, 16)
MAX_CHINESE_NAME, MAX_NAME = 4, 30
_PHONE = re.compile(r"\+?[\d\s-]+")
_NOTE = re.compile(r"\s*[（(][^（）()]*[）)]$")
_MASKED = re.compile(r"\d{3}\*{4}\d{4}|[^\W\d_]\*\*|\*\*\*")
_NAME = re.compile(r"[^\W\d_]+(?:[ ·.'-][^\W\d_]+)*")


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


class Masks:
    """The attributes of every kind by class. Immutable; any thread."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._classes: dict[str, dict[str, DataClass]] = {
            kind.id: _classes(kind) for kind in catalogue.kinds.values()
        }
        self._cases: dict[str, DataClass] = {
            name: "personal"
            for classes in self._classes.values()
            for name, data_class in classes.items()
            if data_class == "personal"
        }
        for kind in catalogue.with_trait("case-bearing"):
            self._cases |= _classes(kind)

    def personal(self, kind: str, attrs: Mapping[str, Scalar]) -> dict[str, Scalar]:
        """The personal attributes of a thing of this kind, as they are."""
        classes = self._classes.get(kind, {})
        return {n: v for n, v in attrs.items() if classes.get(n, UNDESCRIBED) == "personal"}

    def personal_of_case(self, attrs: Mapping[str, Scalar]) -> dict[str, Scalar]:
        """The personal attributes of a case, as they are."""
        return {n: v for n, v in attrs.items() if self._cases.get(n, UNDESCRIBED) == "personal"}

    def entity(
        self, kind: str, attrs: dict[str, Scalar], clear: frozenset[DataClass]
    ) -> dict[str, Scalar]:
        """The attributes of a thing for who sees the classes ``clear``; the same object when all
        of them may be seen."""
        return _mask(attrs, self._classes.get(kind, {}), clear)

    def case(self, attrs: dict[str, Scalar], clear: frozenset[DataClass]) -> dict[str, Scalar]:
        """The same for the attributes of a case."""
        return _mask(attrs, self._cases, clear)


def _classes(kind: Kind) -> dict[str, DataClass]:
    return {attribute.name: attribute.data_class for attribute in kind.attribute}


def _mask(
    attrs: dict[str, Scalar], classes: Mapping[str, DataClass], clear: frozenset[DataClass]
) -> dict[str, Scalar]:
    shown: dict[str, Scalar] = {}
    changed = False
    for name, value in attrs.items():
        data_class = classes.get(name, UNDESCRIBED)
        if data_class in clear or value is None or value == "":
            shown[name] = value
            continue
        changed = True
        if isinstance(value, str):
            shown[name] = masked(value) if data_class == "personal" else HIDDEN
    return shown if changed else attrs
