"""Ways by road in words: times, distances, turns, what closes a road. GUI thread: translated."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from services.roads.route import Step, Turn
from widgets.format import clock_hm, distance


@dataclass(frozen=True, slots=True)
class Eta:
    """When a team arrives by road as it drives now: seconds and metres that are left, the moment
    (UNIX seconds), and the case it goes to."""

    seconds: float
    metres: float
    at: float
    case_id: str


def eta_words(eta: Eta) -> str:
    """How long and how far a team still has, and when it is there."""
    text = QCoreApplication.translate("Roads", "{0}, there about {1}")
    return text.format(by_road(eta.seconds, eta.metres), clock_hm(eta.at))


def minutes(seconds: float) -> str:
    """A driving time in whole minutes: 1 min at least, hours from one hour on."""
    whole = max(1, round(seconds / 60.0))
    if whole < 60:
        return QCoreApplication.translate("Roads", "{0} min").format(whole)
    hours, rest = divmod(whole, 60)
    return QCoreApplication.translate("Roads", "{0} h {1} min").format(hours, f"{rest:02}")


def by_road(seconds: float, metres: float) -> str:
    """A way by road: its time and its length."""
    return f"{minutes(seconds)} · {distance(metres)}"


def straight(metres: float) -> str:
    """A distance where no way by road is known."""
    text = QCoreApplication.translate("Roads", "{0} straight line")
    return text.format(distance(metres))


def road_name(name: str) -> str:
    """A road's name, or that it has none."""
    return name or QCoreApplication.translate("Roads", "road without a name")


def turn_word(turn: Turn) -> str:
    """What to do at a step."""
    words: dict[Turn, str] = {
        "start": QCoreApplication.translate("Roads", "Start on {0}"),
        "straight": QCoreApplication.translate("Roads", "Straight on along {0}"),
        "slight_left": QCoreApplication.translate("Roads", "Bear left into {0}"),
        "left": QCoreApplication.translate("Roads", "Turn left into {0}"),
        "sharp_left": QCoreApplication.translate("Roads", "Turn sharp left into {0}"),
        "slight_right": QCoreApplication.translate("Roads", "Bear right into {0}"),
        "right": QCoreApplication.translate("Roads", "Turn right into {0}"),
        "sharp_right": QCoreApplication.translate("Roads", "Turn sharp right into {0}"),
        "u_turn": QCoreApplication.translate("Roads", "Turn round on {0}"),
        "via": QCoreApplication.translate("Roads", "From the stop go on along {0}"),
        "arrive": QCoreApplication.translate("Roads", "Arrive"),
    }
    return words[turn]


def step_words(step: Step) -> str:
    """One step without its distance."""
    return turn_word(step.turn).format(road_name(step.road))
