"""What every route of the hub is for, what it takes and what it answers."""

from __future__ import annotations

from typing import Any

import msgspec

from services.audit.page import AuditPage, AuditQuery
from services.domain.model import Entity
from services.feed.frames import Result
from services.hub.access_desk import Attempt, Granted
from services.hub.account_admin import AccountChange, NewAccount
from services.hub.audit_api import ExportOrder
from services.hub.auth_api import (
    AccountAnswer,
    AccountList,
    Code,
    Done,
    FactorUri,
    Me,
    NewAccountAnswer,
    NewPassword,
    OneTime,
    Password,
    Pending,
    Personal,
    Renewal,
)
from services.hub.backups import Progress
from services.hub.export_api import DataExport, ExportFailed, ExportKept, ExportRecorded
from services.hub.imports_api import (
    ImportBegin,
    ImportEnd,
    ImportPlace,
    UndoAnswer,
    UndoPart,
)
from services.hub.intake import CommandBody, IngestAnswer
from services.hub.openapi import Doc, Param, fields_of
from services.hub.roads_api import RoadVersion
from services.ingest.item_types import Item
from services.storage.records import Bounds

Route = tuple[str, str]


class Counts(msgspec.Struct, frozen=True):
    """Things of one kind."""

    total: int
    online: int
    offline: int
    unknown: int


class Summary(msgspec.Struct, frozen=True):
    """How much of what there is; times in UNIX seconds."""

    top: int
    counts: dict[str, Counts]
    alarms: int
    cases: int
    epoch: str
    server_time: float
    demo_seed: int | None


class Points(msgspec.Struct, frozen=True):
    """``points``: (time, value). ``rolled``: (start, mean, least, greatest, count)."""

    step: int
    points: list[list[float]] | None = None
    rolled: list[list[float]] | None = None


class CasePage(msgspec.Struct, frozen=True):
    """Cases, newest first; ``next`` is ``before`` of the next page."""

    cases: list[Any]
    next: int | None
    dispatches: list[Any]


class AlarmPage(msgspec.Struct, frozen=True):
    """Alarms, newest first; ``next`` is ``before`` of the next page."""

    alarms: list[Any]
    next: int | None


class Buckets(msgspec.Struct, frozen=True):
    """(start, info, minor, major, critical) per bucket."""

    buckets: list[list[float]]


class Raises(msgspec.Struct, frozen=True):
    """(time, key, source, rule, object, severity) per alarm that was raised and not suppressed."""

    raises: list[list[float | str]]


class Url(msgspec.Struct, frozen=True):
    """A stream's address."""

    url: str


class UrlTemplate(msgspec.Struct, frozen=True):
    """An address with {id} in its path."""

    url_template: str


class Seed(msgspec.Struct, frozen=True):
    """The seed of demo data."""

    seed: int


def _query(name: str, type_: str, text: str, required: bool = False, **limits: Any) -> Param:
    return Param(name, {"type": type_, **limits}, text, "query", required)


ID = Param("id", {"type": "string", "minLength": 1}, "Id of a thing.", "path", True)
BATCH = _query("batch", "string", "The load that these are rows of.", maxLength=100)
START = _query("start", "number", "UNIX seconds.", required=True)
END = _query("end", "number", "UNIX seconds.", required=True)
PAST = (
    _query("id", "string", "Only this one."),
    _query("state", "string", "States, separated by commas."),
    _query("severity", "integer", "At least so bad.", minimum=0, maximum=4),
    _query("text", "string", "Words that it holds."),
    _query("start", "number", "UNIX seconds."),
    _query("end", "number", "UNIX seconds."),
    _query("before", "integer", "Go on from here: ``next`` of the page before."),
    _query("limit", "number", "Rows at most.", minimum=1),
)

USER = Param("user", {"type": "string", "minLength": 1}, "An account.", "path", True)
WHY = (
    _query("reason", "string", "Why it is needed; kept in the audit.", required=True),
    _query("seat", "string", "From which seat."),
)
ACCESS: dict[Route, Doc] = {
    ("POST", "/api/v1/auth/login"): Doc(
        "Begin a login.", body=Attempt, answer=Granted, open_=True, statuses=(401,)
    ),
    ("POST", "/api/v1/auth/refresh"): Doc(
        "New tokens; a refresh token is good once.",
        body=Renewal,
        answer=Granted,
        open_=True,
        statuses=(401,),
    ),
    ("POST", "/api/v1/auth/logout"): Doc("End this login.", answer=Done),
    ("GET", "/api/v1/auth/me"): Doc("Who asks, and what they may.", answer=Me),
    ("POST", "/api/v1/auth/password"): Doc(
        "Change one's own password.", body=NewPassword, answer=Pending
    ),
    ("POST", "/api/v1/auth/totp"): Doc(
        "Begin a second factor: what an authenticator reads.", body=Password, answer=FactorUri
    ),
    ("POST", "/api/v1/auth/totp/confirm"): Doc(
        "Let the second factor hold.", body=Code, answer=Pending
    ),
    ("POST", "/api/v1/auth/unlock"): Doc(
        "Whether the password is right: a locked seat opens.", body=Password, answer=Done
    ),
    ("GET", "/api/v1/accounts"): Doc("All accounts.", answer=AccountList),
    ("POST", "/api/v1/accounts"): Doc("A new account.", body=NewAccount, answer=NewAccountAnswer),
    ("PATCH", "/api/v1/accounts/{user}"): Doc(
        "Change an account.", (USER,), body=AccountChange, answer=AccountAnswer
    ),
    ("POST", "/api/v1/accounts/{user}/password"): Doc(
        "Another one-time password.", (USER,), answer=OneTime
    ),
    ("POST", "/api/v1/accounts/{user}/totp-reset"): Doc(
        "Forget a second factor.", (USER,), answer=AccountAnswer
    ),
    ("POST", "/api/v1/accounts/{user}/unlock"): Doc(
        "Open an account that failed too often.", (USER,), answer=AccountAnswer
    ),
    ("POST", "/api/v1/accounts/{user}/revoke"): Doc(
        "End all logins of an account.", (USER,), answer=AccountAnswer
    ),
    ("GET", "/api/v1/entities/{id}/personal"): Doc(
        "Personal data of a thing, for a reason.", (ID, *WHY), answer=Personal
    ),
    ("GET", "/api/v1/cases/{id}/personal"): Doc(
        "Personal data of a case, for a reason.", (ID, *WHY), answer=Personal
    ),
}

DOCS: dict[Route, Doc] = {
    ("GET", "/healthz"): Doc("The process lives.", answer=str, open_=True),
    ("GET", "/readyz"): Doc("The hub takes data.", answer=str, open_=True, statuses=(503,)),
    ("GET", "/metrics"): Doc("Counters for Prometheus.", answer=str, open_=True),
    ("GET", "/api/v1/openapi.json"): Doc("This document.", answer=dict[str, Any], open_=True),
    ("GET", "/api/v1/asyncapi.json"): Doc("The feed's frames.", answer=dict[str, Any], open_=True),
    ("POST", "/api/v1/ingest"): Doc(
        "Send one item, an array of items, or lines of them; answered item by item.",
        (BATCH,),
        body=Item | list[Item],
        answer=IngestAnswer,
        refused=IngestAnswer,
        ndjson=True,
    ),
    ("POST", "/api/v1/imports"): Doc(
        "A load of a file begins: it goes on record, and where in the log it began is told.",
        body=ImportBegin,
        answer=ImportPlace,
    ),
    ("POST", "/api/v1/imports/end"): Doc("A load has ended.", body=ImportEnd, answer=Done),
    ("POST", "/api/v1/imports/undo"): Doc(
        "Take back the next part of what a load did, but for what others have changed since.",
        body=UndoPart,
        answer=UndoAnswer,
    ),
    ("POST", "/api/v1/commands"): Doc(
        "Give an order; the same key again gives the same answer.",
        body=CommandBody,
        answer=Result,
    ),
    ("GET", "/api/v1/summary"): Doc("How much of what there is, and how it is.", answer=Summary),
    ("GET", "/api/v1/entities/{id}"): Doc("One thing as it is now.", (ID,), answer=Entity),
    ("GET", "/api/v1/readings"): Doc(
        "Points of one measure of one thing.",
        (
            _query("id", "string", "Id of a thing.", required=True),
            _query("name", "string", "A measure of its kind.", required=True),
            START,
            END,
            _query("limit", "number", "Points at most.", minimum=1, maximum=10_000),
            _query("step", "string", "Seconds a row sums up.", enum=["0", "60", "3600", "auto"]),
        ),
        answer=Points,
    ),
    ("GET", "/api/v1/cases"): Doc(
        "Cases of the whole record, newest first.",
        (*PAST, _query("category", "string", "A category's code.")),
        answer=CasePage,
    ),
    ("GET", "/api/v1/alarms"): Doc(
        "Alarms of the whole record, one for each time one stood, newest first.",
        (*PAST, _query("object", "string", "Id of the thing.")),
        answer=AlarmPage,
    ),
    ("GET", "/api/v1/alarm-counts"): Doc(
        "Alarms raised, suppressed ones left out, per bucket of time and severity.",
        (START, END, _query("bucket_s", "number", "Seconds.", required=True)),
        answer=Buckets,
    ),
    ("GET", "/api/v1/alarm-raises"): Doc(
        "Alarms raised, suppressed ones left out, newest first, of a week at most.",
        (START, END),
        answer=Raises,
    ),
    ("GET", "/api/v1/audit"): Doc(
        "Records of the audit, newest first; that they were read is a record too.",
        (
            *fields_of(AuditQuery),
            _query("limit", "integer", "Records at most.", minimum=1, maximum=500),
            _query("before", "integer", "Only older ones.", minimum=1),
        ),
        answer=AuditPage,
    ),
    ("POST", "/api/v1/audit/export"): Doc(
        "Records of the audit as a table, with who took them away and why.",
        body=ExportOrder,
        answer=str,
        media="text/csv",
    ),
    ("POST", "/api/v1/exports"): Doc(
        "Put an export of data on record; only then it may be written.",
        body=DataExport,
        answer=ExportRecorded,
    ),
    ("POST", "/api/v1/exports/{id}/failed"): Doc(
        "Say that an export which is on record was not written.",
        (Param("id", {"type": "string", "minLength": 1}, "Its number.", "path", True),),
        body=ExportFailed,
        answer=ExportKept,
    ),
    ("POST", "/api/v1/backup"): Doc(
        "Begin a copy of the store in the data directory, for onemap backup.", answer=Progress
    ),
    ("GET", "/api/v1/backup"): Doc("How the newest copy stands.", answer=Progress),
    ("GET", "/api/v1/log"): Doc("The ends of the log.", answer=Bounds),
    ("GET", "/api/v1/roads"): Doc("Which road network is in use.", answer=RoadVersion),
    ("GET", "/api/v1/roads/{version}"): Doc(
        "A road network by its version, as it is kept.",
        (Param("version", {"type": "string", "minLength": 1}, "A version.", "path", True),),
        answer=str,
        media="application/octet-stream",
    ),
    ("GET", "/api/v1/media/{id}"): Doc("Where a camera's picture comes from.", (ID,), answer=Url),
    ("PUT", "/api/v1/media/{id}"): Doc("Say where it comes from.", (ID,), body=Url, answer=Url),
    ("PUT", "/api/v1/media-pattern"): Doc(
        "Say it for all cameras without an address of their own.",
        body=UrlTemplate,
        answer=UrlTemplate,
    ),
    ("PUT", "/api/v1/demo-seed"): Doc(
        "Remember which demo data was loaded.", body=Seed, answer=Seed
    ),
    **ACCESS,
}
"""A test holds this against the routes that are served: each in both, none in one only."""
