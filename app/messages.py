"""Refusals and failures in the user's language: what happened, what it means, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.base_map_errors import base_map_texts
from app.export_words import export_texts
from app.expression_words import expression_texts
from app.import_words import import_texts
from app.layer_refusals import layer_texts
from app.map_texts import map_texts
from app.refusals import refusal_texts
from services.domain.errors import KnownError
from services.feed.frames import ErrorInfo
from widgets.case_words import command_word
from widgets.words import flow_word, task_state_word


def _texts() -> dict[str, str]:
    return {
        **refusal_texts(),
        **base_map_texts(),
        **expression_texts(),
        **export_texts(),
        **layer_texts(),
        **import_texts(),
        **map_texts(),
        "offline": QCoreApplication.translate(
            "Messages", "Not connected to the hub. Nothing was sent; try again when LIVE is shown."
        ),
        "feed_failed": QCoreApplication.translate(
            "Messages",
            "The live picture failed inside this program and is being fetched anew ({what}). "
            "If this repeats, give the log file to whoever looks after this desk.",
        ),
        "queued": QCoreApplication.translate(
            "Messages",
            "No line to the hub: the order waits on this desk and is sent when the line is back.",
        ),
        "queued_in_memory": QCoreApplication.translate(
            "Messages",
            "No line to the hub, and this desk's disk takes nothing: the order waits only as long"
            " as this window is open.",
        ),
        "no_answer": QCoreApplication.translate(
            "Messages",
            "The hub has not answered yet. The order stays open and is settled when the line is "
            "back; giving it again does not carry it out twice.",
        ),
        "too_many_open": QCoreApplication.translate(
            "Messages",
            "Too many orders are without an answer. Nothing was sent; wait until the hub answers.",
        ),
        "stock_short": QCoreApplication.translate(
            "Messages",
            "Not enough stock: {item} at {warehouse}, {free} free. Nothing was reserved.",
        ),
        "unknown_stock": QCoreApplication.translate(
            "Messages", "This warehouse has no {item}. Nothing was reserved."
        ),
        "busy": QCoreApplication.translate(
            "Messages", "{name} already has a task. Choose another team."
        ),
        "version_conflict": QCoreApplication.translate(
            "Messages",
            "{by} has changed this in the meantime. It is shown as it is now; try again.",
        ),
        "version_conflict_what": QCoreApplication.translate(
            "Messages",
            "{by} has changed this in the meantime ({what}). It is shown as it is now; try again.",
        ),
        "not_allowed": QCoreApplication.translate("Messages", "Your role may not do this."),
        "replay_readonly": QCoreApplication.translate(
            "Messages", "This is a replay. Orders are not carried out and go nowhere."
        ),
        "disk_full": QCoreApplication.translate(
            "Messages", "The hub's disk is full. Nothing was stored; free space, then try again."
        ),
        "storage_failed": QCoreApplication.translate(
            "Messages", "The hub cannot store anything at the moment. Nothing was stored."
        ),
        "storage_recovered": QCoreApplication.translate(
            "Messages", "The hub stores again what it is given."
        ),
        "clock_back": QCoreApplication.translate(
            "Messages",
            "The hub's clock was set back. Events keep their order, but their times stand still"
            " until the clock has caught up.",
        ),
        "clock_ahead": QCoreApplication.translate(
            "Messages",
            "The hub's clock was set ahead. What came before looks older than it is.",
        ),
        "audit_failed": QCoreApplication.translate(
            "Messages",
            "The hub cannot write its audit, and does nothing without it. Nothing was stored.",
        ),
        "audit_broken": QCoreApplication.translate(
            "Messages",
            "The hub's audit is not as it was written. Tell who is in charge of it; the audit"
            " window names the record.",
        ),
        "certificate_ends": QCoreApplication.translate(
            "Messages",
            "The hub's certificate ends soon, and then nobody can connect. Tell who looks after"
            " the hub.",
        ),
        "no_media": QCoreApplication.translate(
            "Messages", "No stream is registered for this camera."
        ),
        "not_a_camera": QCoreApplication.translate(
            "Messages", "The hub knows no camera with this id."
        ),
        "hub_unreachable": QCoreApplication.translate("Messages", "The hub does not answer."),
        "not_found": QCoreApplication.translate("Messages", "It is not there any more."),
        "unknown_alarm": QCoreApplication.translate(
            "Messages", "This alarm is not standing any more."
        ),
        "unknown_case": QCoreApplication.translate("Messages", "This case is not there any more."),
        "unknown_object": QCoreApplication.translate("Messages", "It is not there any more."),
        "unknown_dispatch": QCoreApplication.translate(
            "Messages", "This dispatch is not there any more."
        ),
        "already_acknowledged": QCoreApplication.translate(
            "Messages", "{by} at seat {seat} has acknowledged this alarm already."
        ),
        "already_linked": QCoreApplication.translate(
            "Messages", "This alarm belongs to case {case} already."
        ),
        "already_shelved": QCoreApplication.translate(
            "Messages", "{by} at seat {seat} has shelved this alarm already: {reason}"
        ),
        "already_out": QCoreApplication.translate(
            "Messages", "{by} at seat {seat} has taken this out of service already: {reason}"
        ),
        "not_shelved": QCoreApplication.translate(
            "Messages", "This alarm is not shelved any more."
        ),
        "not_out": QCoreApplication.translate("Messages", "It is in service already."),
        "shelve_too_long": QCoreApplication.translate(
            "Messages", "This alarm may be shelved for at most {minutes} minutes."
        ),
        "not_shelvable": QCoreApplication.translate(
            "Messages", "An alarm of this rule is never shelved."
        ),
        "reason_required": QCoreApplication.translate(
            "Messages", "Say why; the other seats read it."
        ),
        "not_active": QCoreApplication.translate(
            "Messages", "The alarm's condition is normal already."
        ),
        "open_tasks": QCoreApplication.translate(
            "Messages", "{count} tasks of this case are still open; recall them first."
        ),
        "wrong_state": QCoreApplication.translate(
            "Messages", "That is not possible in its present state."
        ),
        "note_required": QCoreApplication.translate("Messages", "This needs a reason."),
        "second_person": QCoreApplication.translate(
            "Messages", "Another person must do this: nobody approves their own."
        ),
        "overdue": QCoreApplication.translate(
            "Messages", "The case is overdue; that is not possible any more."
        ),
        "not_late": QCoreApplication.translate(
            "Messages", "The case was handed back in time; there is nothing to appeal."
        ),
        "too_many": QCoreApplication.translate(
            "Messages", "That has been done as often as it may be on this case."
        ),
        "not_promised": QCoreApplication.translate(
            "Messages", "More is reported as used than was promised."
        ),
        "no_task": QCoreApplication.translate("Messages", "Choose at least one team."),
        "duplicate": QCoreApplication.translate("Messages", "A team is chosen twice."),
        "too_fast": QCoreApplication.translate(
            "Messages", "Too many orders at once; wait a moment."
        ),
        **_login_texts(),
        **_account_texts(),
        "wrong_token": QCoreApplication.translate(
            "Messages", "The hub does not know this account's token."
        ),
    }


def _login_texts() -> dict[str, str]:
    return {
        "wrong_login": QCoreApplication.translate(
            "Messages", "The account or the password is wrong."
        ),
        "wrong_password": QCoreApplication.translate("Messages", "The password is wrong."),
        "otp_required": QCoreApplication.translate(
            "Messages", "Enter the six digits that your authenticator shows as well."
        ),
        "wrong_otp": QCoreApplication.translate(
            "Messages",
            "This code is wrong or was used already. Wait until the authenticator shows the next.",
        ),
        "account_off": QCoreApplication.translate(
            "Messages", "This account is switched off. Ask the security administrator."
        ),
        "password_expired": QCoreApplication.translate(
            "Messages",
            "This one-time password is too old. Ask the security administrator for a new one.",
        ),
        "password_ends": QCoreApplication.translate(
            "Messages",
            "Your password is about to be too old: within a week a login asks for a new one.",
        ),
        "weak_password": QCoreApplication.translate(
            "Messages",
            "Too easy to guess: at least {length} characters of {sorts} sorts, {distinct} different"
            " ones, without the account's name.",
        ),
        "password_too_long": QCoreApplication.translate(
            "Messages", "A password has at most {most} characters."
        ),
        "password_reused": QCoreApplication.translate(
            "Messages", "You have used this password before. Take another one."
        ),
        "login_ended": QCoreApplication.translate(
            "Messages", "Your login at the hub has ended. Log in again."
        ),
        "bad_user": QCoreApplication.translate(
            "Messages",
            "An account's name has 2 to 32 signs: small letters, digits, . _ -, a letter first.",
        ),
        "user_taken": QCoreApplication.translate("Messages", "There is such an account already."),
        "no_roles": QCoreApplication.translate("Messages", "Choose at least one role."),
        "not_separate": QCoreApplication.translate(
            "Messages",
            "An administrator's role stands alone: nobody holds two of them, nor one together with"
            " an operating role.",
        ),
        "own_account": QCoreApplication.translate(
            "Messages", "Your own roles are changed by another security administrator."
        ),
        "last_administrator": QCoreApplication.translate(
            "Messages", "This is the last account that can manage accounts."
        ),
        "needs_tls": QCoreApplication.translate(
            "Messages", "Another machine's hub needs an address that begins with https://."
        ),
        "bad_hub_address": QCoreApplication.translate(
            "Messages", "This is not a hub's address. Write http://host:port or https://host:port."
        ),
    }


def _account_texts() -> dict[str, str]:
    return {
        "locked": QCoreApplication.translate(
            "Messages",
            "Too many failed attempts. Try again in {wait_s} s.",
        ),
        "login_pending": QCoreApplication.translate(
            "Messages",
            "Log in anew first: a password of your own or the second factor is still to be set up.",
        ),
        "token_expired": QCoreApplication.translate(
            "Messages",
            "Your login must be renewed. If this stays, log in again.",
        ),
        "no_factor": QCoreApplication.translate(
            "Messages",
            "Begin with the picture for the authenticator, then enter its code.",
        ),
        "factor_set": QCoreApplication.translate(
            "Messages",
            "The second factor is set up already. The security administrator can reset it.",
        ),
        "bad_access_key": QCoreApplication.translate(
            "Messages",
            "The hub cannot read its key for second factors. Tell who looks after the hub.",
        ),
        "bad_tokens": QCoreApplication.translate(
            "Messages",
            "The hub cannot read its file of tokens. Tell who looks after the hub.",
        ),
        "no_tokens": QCoreApplication.translate(
            "Messages",
            "The hub's file of tokens is missing. Start the hub again to make it.",
        ),
        "unknown_user": QCoreApplication.translate(
            "Messages",
            "There is no such account any more. Load the list again.",
        ),
        "unknown_role": QCoreApplication.translate(
            "Messages",
            "The hub does not know one of these roles. "
            "Console and hub may be of different versions.",
        ),
        "technical_role": QCoreApplication.translate(
            "Messages",
            "This role is for programs: they log in with a token of tokens.toml,"
            " not with an account.",
        ),
    }


def person_text(error: ErrorInfo | KnownError) -> str:
    """The error for a person; codes without a translation keep the hub's own English text."""
    texts = _texts()
    template = next((texts[key] for key in _keys(error) if key in texts), None)
    if template is None:
        return error.text
    try:
        return template.format(**_in_words(error.params))
    except (KeyError, IndexError):
        return error.text


def _keys(error: ErrorInfo | KnownError) -> Iterator[str]:
    """Under which keys its text may stand, the one that says most first."""
    if error.params.get("what"):
        yield f"{error.code}_what"
    if error.code == "busy" and "name" not in error.params:
        yield "busy_hub"
    if error.field:
        yield f"{error.code}:{error.field}"
    yield error.code


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters, with what somebody did meanwhile in words."""
    what = params.get("what")
    if not isinstance(what, str):
        return dict(params)
    return {**params, "what": flow_word(task_state_word(what))}


def order_word(name: str) -> str:
    """An order in words; a name that is not known stays as it is."""
    known = {
        "alarm.acknowledge": QCoreApplication.translate("Messages", "acknowledge an alarm"),
        "alarm.to_case": QCoreApplication.translate("Messages", "make a case of an alarm"),
        "alarm.shelve": QCoreApplication.translate("Messages", "shelve an alarm"),
        "alarm.unshelve": QCoreApplication.translate("Messages", "take an alarm off its shelf"),
        "alarm.out_of_service": QCoreApplication.translate("Messages", "take out of service"),
        "alarm.return_to_service": QCoreApplication.translate("Messages", "put back into service"),
        "dispatch.send": QCoreApplication.translate("Messages", "dispatch"),
        "dispatch.recall": QCoreApplication.translate("Messages", "recall a dispatch"),
        "dispatch.confirm": QCoreApplication.translate("Messages", "send who is proposed"),
        "dispatch.skip": QCoreApplication.translate("Messages", "ask somebody else"),
        "road.close": QCoreApplication.translate("Messages", "close a road"),
        "road.open": QCoreApplication.translate("Messages", "open a road"),
        "case.create": QCoreApplication.translate("Messages", "open a case"),
        "case.close": QCoreApplication.translate("Messages", "close a case"),
        "case.void": QCoreApplication.translate("Messages", "void a case"),
    }
    if name in known or not name.startswith("case."):
        return known.get(name, name)
    word = command_word(name.removeprefix("case.")).rstrip("…")
    return word[:1].lower() + word[1:]
