"""What closes a road, in words: “东关大街 closed: water 0.35 m”. GUI thread: translated."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.projection import CASE_PREFIX
from app.readmodel import ReadModel
from services.domain.model import Entity
from services.packs.model import Catalogue
from services.roads.closing import Closed, Closure
from services.roads.state import ORDERED
from widgets.closures_view import ClosedRow
from widgets.road_words import road_name
from widgets.words import listing

MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class ClosureWords:
    """Makes the words of closures of one session; ``lang`` of labels that packs carry."""

    model: ReadModel
    catalogue: Catalogue
    lang: str

    def reason(self, closure: Closure) -> str:
        """Why it is closed: what was measured, the case, the works, the order."""
        entity = self.model.entities.get(closure.about)
        if closure.why == ORDERED:
            return self._ordered(entity)
        closing = next((c for c in self.catalogue.closings if c.id == closure.why), None)
        if closing is None:
            return closure.name
        label = closing.label.text(self.lang)
        value = self._value(entity, closing.measure) if closing.measure else ""
        return f"{label} {value}".rstrip()

    def sentence(self, closure: Closure, closed: Closed | None) -> str:
        """The roads that it closes, and why."""
        names = closed.roads_of(closure.id) if closed is not None else ()
        named = [road_name(n) for n in names[:MOST_NAMES]]
        where = listing(named) if named else closure.name
        text = QCoreApplication.translate("Roads", "{0} closed: {1}")
        return text.format(where, self.reason(closure))

    def row(self, closure: Closure, closed: Closed | None, *, may_order: bool) -> ClosedRow:
        """One row of the list."""
        lon, lat = _place(closure)
        touches = closed is not None and bool(closed.roads_of(closure.id))
        nothing = QCoreApplication.translate("Roads", "closes no road that is known")
        parts = [closure.name] if touches and closure.name else []
        parts += [] if touches else [nothing]
        entity = self.model.entities.get(closure.about)
        until = entity.attrs.get("until") if entity is not None else None
        if isinstance(until, str) and until:
            parts.append(QCoreApplication.translate("Roads", "until {0}").format(until))
        return ClosedRow(
            id=closure.id,
            words=self.sentence(closure, closed),
            detail=" · ".join(parts),
            thing=closure.about if entity is not None else CASE_PREFIX + closure.about,
            lon=lon,
            lat=lat,
            opens=closure.why == ORDERED and may_order,
            touches=touches,
        )

    def _ordered(self, entity: Entity | None) -> str:
        if entity is None:
            return ""
        kind = self.catalogue.kinds.get(entity.kind)
        reason = entity.attrs.get("reason")
        for attribute in kind.attribute if kind is not None else ():
            if attribute.name == "reason":
                return attribute.value_text(reason, self.lang)
        return str(reason or "")

    def _value(self, entity: Entity | None, measure: str) -> str:
        kind = self.catalogue.kinds.get(entity.kind) if entity is not None else None
        if entity is None or kind is None or measure not in entity.values:
            return ""
        known = next(m for m in kind.measure if m.name == measure)
        return f"{entity.values[measure]:.{known.decimals}f} {known.unit}".rstrip()


def _place(closure: Closure) -> tuple[float, float]:
    """The middle of what is closed."""
    run = closure.run or (closure.rings[0] if closure.rings else ((0.0, 0.0),))
    return run[len(run) // 2]
