"""Words for what is done with cases: commands, questions, links, limits in their own unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication

from services.cases.calendar import WORKING_DAY_S, Calendar
from services.cases.limits import in_working_time, judged_at, left_s
from services.cases.table import LINK_OF
from services.domain.model import Case
from widgets.format import date_time, span_hms
from widgets.words import left_text

Field = Literal["", "department", "handler", "address", "days"]
GRANT, REFUSE = "appeal_grant", "appeal_refuse"
"""Deciding on an appeal is one command and two buttons."""
_UNIT_S = {
    "urgent_hours": 3_600.0,
    "working_hours": 3_600.0,
    "working_days": 8 * 3_600.0,
    "natural_days": 86_400.0,
}


@dataclass(frozen=True)
class Question:
    """What is asked before a command: the consequence, the yes, the note, one more field."""

    text: str
    yes: str
    note: str = ""
    note_needed: bool = False
    field: Field = ""
    field_label: str = ""


def command_word(command: str) -> str:
    """What stands on the button of a command; … where something is asked first."""
    translate = QCoreApplication.translate
    return {
        "create": translate("CaseWords", "Open a case"),
        "amend": translate("CaseWords", "Amend…"),
        "accept": translate("CaseWords", "Accept"),
        "send_verify": translate("CaseWords", "Have it verified"),
        "verify": translate("CaseWords", "Verified"),
        "refuse": translate("CaseWords", "Do not accept…"),
        "register": translate("CaseWords", "Register"),
        "assign": translate("CaseWords", "Assign…"),
        "dispatch": translate("CaseWords", "Dispatch here"),
        "take": translate("CaseWords", "Take on…"),
        "revoke": translate("CaseWords", "Revoke assignee"),
        "finish": translate("CaseWords", "Work finished"),
        "hand_back": translate("CaseWords", "Hand back…"),
        "check": translate("CaseWords", "Checked"),
        "close": translate("CaseWords", "Close…"),
        "return": translate("CaseWords", "Return…"),
        "repair": translate("CaseWords", "Repaired…"),
        "void": translate("CaseWords", "Void…"),
        "suspend": translate("CaseWords", "Suspend…"),
        "resume": translate("CaseWords", "Resume"),
        "extend_request": translate("CaseWords", "Ask for more time…"),
        "extend_approve": translate("CaseWords", "Approve more time"),
        "extend_refuse": translate("CaseWords", "Refuse more time…"),
        "supervise": translate("CaseWords", "Urge…"),
        "appeal": translate("CaseWords", "Appeal…"),
        "appeal_decide": translate("CaseWords", "Decide the appeal"),
        GRANT: translate("CaseWords", "Grant the appeal"),
        REFUSE: translate("CaseWords", "Refuse the appeal…"),
    }.get(command, command)


def question(command: str, case: Case) -> Question | None:
    """What is asked before a command goes out; None where the click is enough."""
    translate = QCoreApplication.translate
    reason = translate("CaseWords", "Reason (needed)")
    note = translate("CaseWords", "Note (optional)")
    found = {
        "close": Question(
            translate("CaseWords", "The case is closed for everyone. Its record stays."),
            translate("CaseWords", "Close the case"),
            note,
        ),
        "void": Question(
            translate(
                "CaseWords",
                "The case is voided: it counts as never justified. This cannot be undone.",
            ),
            translate("CaseWords", "Void the case"),
            reason,
            note_needed=True,
        ),
        "refuse": Question(
            translate("CaseWords", "The report is not accepted and ends here."),
            translate("CaseWords", "Do not accept it"),
            reason,
            note_needed=True,
        ),
        "return": Question(
            _return_text(case),
            translate("CaseWords", "Return the case"),
            reason,
            note_needed=True,
        ),
        "hand_back": Question(
            translate("CaseWords", "The work is done; the limit is judged now."),
            translate("CaseWords", "Hand the case back"),
            note,
        ),
        "supervise": Question(
            translate("CaseWords", "The case is marked as urged and becomes one severity worse."),
            translate("CaseWords", "Urge the case"),
            note,
        ),
        "extend_request": Question(
            translate("CaseWords", "One original limit more, once two persons approve."),
            translate("CaseWords", "Ask for more time"),
            reason,
            note_needed=True,
        ),
        "extend_refuse": Question(
            translate("CaseWords", "The deadline stays as it is."),
            translate("CaseWords", "Refuse more time"),
            reason,
            note_needed=True,
        ),
        "appeal": Question(
            translate("CaseWords", "Granted, the case leaves the statistics; it stays late."),
            translate("CaseWords", "Appeal"),
            reason,
            note_needed=True,
        ),
        REFUSE: Question(
            translate("CaseWords", "The case stays in the statistics as late."),
            translate("CaseWords", "Refuse the appeal"),
            reason,
            note_needed=True,
        ),
    }
    return found.get(command) or _with_field(command, case, reason, note)


def _with_field(command: str, case: Case, reason: str, note: str) -> Question | None:
    translate = QCoreApplication.translate
    match command:
        case "assign":
            return Question(
                translate("CaseWords", "The department gets the case and takes it on."),
                translate("CaseWords", "Assign the case"),
                note,
                field="department",
                field_label=translate("CaseWords", "Department"),
            )
        case "take":
            return Question(
                translate("CaseWords", "The case is handled from now on."),
                translate("CaseWords", "Take the case on"),
                note,
                field="handler",
                field_label=translate("CaseWords", "Who handles it"),
            )
        case "suspend":
            return Question(
                translate(
                    "CaseWords", "The clock stops; after these days the case resumes by itself."
                ),
                translate("CaseWords", "Suspend the case"),
                reason,
                note_needed=True,
                field="days",
            )
        case "amend" | "repair":
            to_department = case.returned_to == "dispatcher"
            if command == "repair" and case.returned_to == "department":
                field: Field = ""
                label = ""
            elif to_department:
                field, label = "department", translate("CaseWords", "Department")
            else:
                field, label = "address", translate("CaseWords", "Place")
            text = translate("CaseWords", "The description is changed; nothing else moves.")
            if command == "repair":
                text = translate(
                    "CaseWords", "The case goes back to where it was returned from, repaired."
                )
            return Question(
                text, translate("CaseWords", "Save"), note, field=field, field_label=label
            )
    return None


def _return_text(case: Case) -> str:
    translate = QCoreApplication.translate
    to = {
        "pending_verify": translate("CaseWords", "the acceptor"),
        "pending_register": translate("CaseWords", "the acceptor"),
        "pending_dispatch": translate("CaseWords", "the acceptor"),
        "pending_handle": translate("CaseWords", "the dispatcher"),
        "handle_finished": translate("CaseWords", "the department"),
        "pending_check": translate("CaseWords", "the department"),
    }.get(case.state, "")
    text = translate("CaseWords", "The case goes to {0} for repair; nothing of it is lost.")
    return text.format(to)


def repairer_word(returned_to: str) -> str:
    """Who must repair a returned case."""
    translate = QCoreApplication.translate
    return {
        "acceptor": translate("CaseWords", "the acceptor"),
        "dispatcher": translate("CaseWords", "the dispatcher"),
        "department": translate("CaseWords", "the department"),
    }.get(returned_to, returned_to)


def link_word_of(case: Case) -> str:
    """The link 环节 that a case is in; a returned or suspended one is in that it came from."""
    state = case.state
    if state == "returned":
        state = case.returned_from
    elif state == "suspended" and case.suspension is not None:
        state = case.suspension.state_before
    translate = QCoreApplication.translate
    return {
        "collect": translate("CaseWords", "collect"),
        "open": translate("CaseWords", "open"),
        "dispatch": translate("CaseWords", "dispatch"),
        "handle": translate("CaseWords", "handle"),
        "report_back": translate("CaseWords", "report back"),
        "check_close": translate("CaseWords", "check and close"),
        "evaluate": translate("CaseWords", "evaluate"),
    }.get(LINK_OF.get(state, ""), "")


def limit_text(case: Case) -> str:
    """The handling limit in its own unit; "" where there is none."""
    translate = QCoreApplication.translate
    if case.limit_s is None:
        return ""
    amount = case.limit_s / _UNIT_S.get(case.limit_unit, 3_600.0)
    words = {
        "urgent_hours": translate("CaseWords", "{0} h, urgent"),
        "working_hours": translate("CaseWords", "{0} h of working time"),
        "working_days": translate("CaseWords", "{0} d of working time"),
        "natural_days": translate("CaseWords", "{0} d"),
    }.get(case.limit_unit, translate("CaseWords", "{0} h"))
    return words.format(f"{amount:g}" if amount >= 0.1 else f"{amount:.2g}")


def own_left_text(case: Case, now: float, calendar: Calendar | None) -> str:
    """The time left on the limit's own clock. Where this desk does not know the calendar that the
    hub has computed with, the time on the wall."""
    translate = QCoreApplication.translate
    if case.state == "suspended" and case.suspension is not None:
        until = date_time(case.suspension.until)
        return translate("CaseWords", "clock stopped until {0}").format(until[:16])
    known = calendar is not None and calendar.version == case.calendar
    if calendar is None or not known or not in_working_time(case):
        return left_text(case.deadline_at, judged_at(case, now))
    left = left_s(case, now, calendar) or 0.0
    if left >= 0.0:
        return translate("CaseWords", "{0} working time left").format(working_span(left))
    return translate("CaseWords", "{0} working time over").format(working_span(left))


def working_span(seconds: float) -> str:
    """A span of working time, in days of eight hours; the sign is left out."""
    days, rest = divmod(abs(seconds), WORKING_DAY_S)
    if not days:
        return span_hms(rest)
    words = QCoreApplication.translate("CaseWords", "{0} d {1}")
    return words.format(int(days), span_hms(rest)[:-3])


def marks_text(case: Case) -> str:
    """What was marked on a case besides its state: urged, late, reworked, waiting requests."""
    translate = QCoreApplication.translate
    found = []
    if case.supervision:
        found.append(translate("CaseWords", "urged × {0}").format(case.supervision))
    if case.overdue_at is not None and case.late is None:
        found.append(translate("CaseWords", "overdue"))
    if case.late:
        found.append(translate("CaseWords", "handed back late"))
    if case.rework:
        found.append(translate("CaseWords", "rework × {0}").format(case.rework))
    if case.state == "returned":
        text = translate("CaseWords", "to be repaired by {0}")
        found.append(text.format(repairer_word(case.returned_to)))
    if case.extensions and case.extensions[-1].waits:
        found.append(translate("CaseWords", "more time asked for"))
    if granted := sum(e.granted for e in case.extensions):
        found.append(translate("CaseWords", "extended × {0}").format(granted))
    if case.appeal is not None:
        found.append(_appeal_text(case.appeal.decided_at is None, case.appeal.granted))
    return " · ".join(found)


def _appeal_text(waits: bool, granted: bool) -> str:
    translate = QCoreApplication.translate
    if waits:
        return translate("CaseWords", "appealed")
    if granted:
        return translate("CaseWords", "appeal granted, not counted")
    return translate("CaseWords", "appeal refused")
