"""Words for the domain's codes, translated: severities, states of cases, tasks, reservations."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from services.domain.model import Link, Severity, Suppression
from services.domain.suppression import BY_DESIGN, SHELVED
from widgets.format import clock_hm, span_hms


def listing(names: Iterable[str]) -> str:
    """Names one after the other, with the sign that the language puts between them."""
    return QCoreApplication.translate("Words", ", ").join(names)


def severity_word(severity: Severity) -> str:
    """The name of a severity."""
    translate = QCoreApplication.translate
    return {
        Severity.NORMAL: translate("Words", "normal"),
        Severity.INFO: translate("Words", "information"),
        Severity.MINOR: translate("Words", "minor"),
        Severity.MAJOR: translate("Words", "major"),
        Severity.CRITICAL: translate("Words", "critical"),
    }[severity]


def link_word(link: Link) -> str:
    """Whether a thing answers, in a word."""
    translate = QCoreApplication.translate
    return {
        Link.UNKNOWN: translate("Words", "unknown"),
        Link.ONLINE: translate("Words", "online"),
        Link.OFFLINE: translate("Words", "offline"),
    }[link]


def light_word(light: str | None) -> str:
    """A deadline light in a word; "" where no limit applies."""
    translate = QCoreApplication.translate
    return {
        "green": translate("Words", "green"),
        "yellow": translate("Words", "yellow"),
        "red": translate("Words", "red"),
    }.get(light or "", "")


def case_state_word(state: str) -> str:
    """A state of a case; a code that is not known stays as it is."""
    translate = QCoreApplication.translate
    return {
        "reported": translate("Words", "reported"),
        "pending_verify": translate("Words", "to verify"),
        "pending_register": translate("Words", "to register"),
        "not_accepted": translate("Words", "not accepted"),
        "pending_dispatch": translate("Words", "to dispatch"),
        "pending_handle": translate("Words", "to handle"),
        "handling": translate("Words", "handling"),
        "returned": translate("Words", "returned"),
        "handle_finished": translate("Words", "handled"),
        "pending_check": translate("Words", "to check"),
        "closed": translate("Words", "closed"),
        "voided": translate("Words", "voided"),
        "suspended": translate("Words", "suspended"),
    }.get(state, state)


def flow_word(action: str) -> str:
    """A step of a case's flow record; a code that is not known stays as it is."""
    translate = QCoreApplication.translate
    return {
        "create": translate("Words", "opened"),
        "report": translate("Words", "reported"),
        "accept": translate("Words", "accepted as a case"),
        "send_verify": translate("Words", "sent to be verified"),
        "verify": translate("Words", "verified"),
        "refuse": translate("Words", "not accepted"),
        "register": translate("Words", "registered"),
        "assign": translate("Words", "assigned"),
        "take": translate("Words", "taken on"),
        "revoke": translate("Words", "assignee revoked"),
        "finish": translate("Words", "work finished"),
        "check": translate("Words", "checked"),
        "return": translate("Words", "returned"),
        "repair": translate("Words", "repaired"),
        "suspend": translate("Words", "suspended"),
        "resume": translate("Words", "resumed"),
        "extend_request": translate("Words", "more time asked for"),
        "extend_approve": translate("Words", "more time approved"),
        "extend_refuse": translate("Words", "more time refused"),
        "supervise": translate("Words", "urged"),
        "appeal": translate("Words", "appealed"),
        "appeal_decide": translate("Words", "appeal decided"),
        "overdue": translate("Words", "overdue"),
        "recompute": translate("Words", "deadline by another calendar"),
        "take_over": translate("Words", "taken over"),
        "amend": translate("Words", "amended"),
        "dispatch": translate("Words", "dispatched"),
        "hand_back": translate("Words", "handed back"),
        "withdraw": translate("Words", "withdrawn"),
        "close": translate("Words", "closed"),
        "void": translate("Words", "voided"),
        "undo_import": translate("Words", "load undone"),
    }.get(action, action)


def task_state_word(state: str) -> str:
    """A state of a task or of a dispatch."""
    translate = QCoreApplication.translate
    return {
        "proposed": translate("Words", "proposed"),
        "sent": translate("Words", "sent"),
        "accepted": translate("Words", "accepted"),
        "en_route": translate("Words", "on the way"),
        "arrived": translate("Words", "on site"),
        "done": translate("Words", "done"),
        "declined": translate("Words", "declined"),
        "recalled": translate("Words", "recalled"),
    }.get(state, state)


def reservation_word(state: str) -> str:
    """A state of a stock reservation."""
    translate = QCoreApplication.translate
    return {
        "reserved": translate("Words", "reserved"),
        "consumed": translate("Words", "used up"),
        "released": translate("Words", "given back"),
    }.get(state, state)


def reason_word(reason: str) -> str:
    """Why a team is picked or not; codes of services.dispatch.proposal."""
    translate = QCoreApplication.translate
    return {
        "needed": translate("Words", "asked for by the plan"),
        "spare": translate("Words", "not needed, nearer ones suffice"),
        "busy": translate("Words", "on another task"),
        "offline": translate("Words", "does not answer"),
        "other_speciality": translate("Words", "other speciality than the plan asks for"),
    }.get(reason, reason)


def actor_word(actor: str) -> str:
    """Who acted; the hub itself in words."""
    return QCoreApplication.translate("Words", "by itself") if actor == "system" else actor


def seat_word(seat: str) -> str:
    """A seat; one that has only a number is called a seat, a named one by its name."""
    word = QCoreApplication.translate("Words", "seat {0}")
    return word.format(seat) if seat.isdigit() else seat


def suppression_word(suppression: Suppression) -> str:
    """What keeps an alarm from the list, by whom, till when and why."""
    translate = QCoreApplication.translate
    who, why, until = suppression.by, suppression.reason, suppression.until
    if suppression.kind == BY_DESIGN:
        return translate("Words", "suppressed by design")
    if suppression.kind == SHELVED and until is not None:
        words = translate("Words", "shelved till {0} by {1}: {2}")
        return words.format(clock_hm(until), who, why)
    return translate("Words", "out of service by {0}: {1}").format(who, why)


def source_word(source: str) -> str:
    """Where a case comes from: the hub's own sources in words, others as they call themselves."""
    translate = QCoreApplication.translate
    known = {
        "operator": translate("Words", "duty officer"),
        "alarm": translate("Words", "alarm"),
    }
    return known.get(source, source)


def left_text(deadline_at: float | None, now: float) -> str:
    """The time that is left, or by how much it is over, or that there is no limit."""
    if deadline_at is None:
        return QCoreApplication.translate("Words", "no limit")
    if now <= deadline_at:
        left = QCoreApplication.translate("Words", "left {0}")
        return left.format(span_hms(deadline_at - now))
    return QCoreApplication.translate("Words", "over {0}").format(span_hms(now - deadline_at))
