"""Alarm histories as sentences: what happened, comma by comma, with a listener that writes along.

``Minor`` … ``Critical`` and ``OK`` are signals, ``Ack`` an officer's, ``+30`` lets seconds pass
(and the hub's clock act), ``Shelve 60``, ``Shelve once``, ``Unshelve``, ``Out``, ``Back``,
``Thing out``, ``Thing back``, ``Design on``, ``Design off``, ``Case`` are orders and states.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from services.alarms import logic, suppression
from services.alarms.logic import PLAIN, Policy, Signal
from services.alarms.suppression import Owner
from services.domain.events import AlarmChanged
from services.domain.model import Alarm, Severity, Suppression
from services.domain.suppression import BY_DESIGN, THING_OUT, is_waiting, reason_of

SIGNALS = {
    "OK": Severity.NORMAL,
    "Info": Severity.INFO,
    "Minor": Severity.MINOR,
    "Major": Severity.MAJOR,
    "Critical": Severity.CRITICAL,
}
OWNER = Owner(name="甲", seat="A1", reason="works")


@dataclass
class Story:
    """One alarm point, and everything that was heard of it."""

    policy: Policy = PLAIN
    now: float = 1_000.0
    alarm: Alarm | None = None
    automatic: tuple[Suppression, ...] = ()
    heard: list[AlarmChanged] = field(default_factory=list)

    def live(self, sentence: str) -> Story:
        """Let it happen, word by word; a second passes before each."""
        for word in sentence.split(", "):
            self.now += 1.0
            self.step(word)
        return self

    def step(self, word: str) -> None:
        """Let one thing happen."""
        name, _, rest = word.partition(" ")
        if name in SIGNALS:
            self.hear(
                logic.receive(
                    self.alarm, signal(SIGNALS[name]), self.now, self.policy, self.automatic
                )
            )
        elif name.startswith("+"):
            self.now += float(name) - 1.0
            for change in () if self.alarm is None else suppression.tick(self.alarm, self.now):
                self.hear(change)
        elif name in ("Thing", "Design"):
            self._thing(name, rest)
        else:
            assert self.alarm is not None, f"{word}: no alarm stands"
            self.hear(self._order(self.alarm, name, rest))

    def hear(self, change: AlarmChanged | None) -> None:
        """Take a change in as the world does, and write it down."""
        if change is not None:
            self.heard.append(change)
            self.alarm = change.alarm if change.alarm.stays else None

    def _order(self, alarm: Alarm, name: str, rest: str) -> AlarmChanged:
        match name:
            case "Ack":
                return logic.acknowledge(alarm, "甲", "A1", self.now, "seen")
            case "Shelve" if rest == "once":
                return suppression.shelve(alarm, OWNER, self.now, None, self.policy, one_shot=True)
            case "Shelve":
                return suppression.shelve(alarm, OWNER, self.now, float(rest), self.policy)
            case "Unshelve":
                return suppression.unshelve(alarm, OWNER)
            case "Out":
                return suppression.take_out(alarm, OWNER, self.now)
            case "Back":
                return suppression.put_back(alarm, OWNER)
            case _:
                raise AssertionError(f"no such word: {name}")

    def _thing(self, name: str, rest: str) -> None:
        kind = THING_OUT if name == "Thing" else BY_DESIGN
        others = tuple(s for s in self.automatic if s.kind != kind)
        mine = Suppression(kind=kind, by="system", reason="maintenance", since=self.now)
        self.automatic = (*others, mine) if rest in ("out", "on") else others
        if self.alarm is not None:
            self.hear(suppression.follow_thing(self.alarm, self.automatic))

    # -- what is seen at the end ---------------------------------------------------
    @property
    def end(self) -> str:
        """What the list says about it."""
        alarm = self.alarm
        if alarm is None:
            return "gone"
        if is_waiting(alarm, self.now):
            return "waiting"
        condition = alarm.severity.name.title() if alarm.active else "OK"
        words = f"{condition}, {'acknowledged' if alarm.acknowledged else 'unacknowledged'}"
        hidden = reason_of(alarm, self.now)
        return f"{words}, {hidden.kind}" if hidden is not None else words

    @property
    def changes(self) -> str:
        """What the listener wrote."""
        return ", ".join(change.change for change in self.heard)


def signal(severity: Severity, value: float | None = None) -> Signal:
    """A source's word about the one object."""
    return Signal(source="gate", object_id="sensor:1", severity=severity, value=value)
