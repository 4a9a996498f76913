"""Role × order or right × kind: every cell, against a table written by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from services.access.roles import GRANTS, RIGHTS, allowed
from services.access.scope import Account, Compiler
from services.hub.commands import COMMANDS
from services.packs.loader import default_directory, load
from services.packs.model import Catalogue

ROLES = (
    *("observer", "leader", "duty_officer", "dispatcher", "subcentre", "department", "trainer"),
    *("system_admin", "security_admin", "audit_admin", "field", "ingest", "simulator"),
)
EVERY, SOME, NONE = "x", "t", "."
"""x: on every kind; t: on what can be dispatched, on stocks and on cases; .: on none."""
TABLE = """
                        obs lea dut dis sub dep tra sys sec aud fie ing sim
alarm.acknowledge        .   .   x   x   x   .   .   .   .   .   .   .   .
alarm.to_case            .   .   x   x   x   .   .   .   .   .   .   .   .
alarm.shelve             .   .   x   x   x   .   .   .   .   .   .   .   .
alarm.unshelve           .   .   x   x   x   .   .   .   .   .   .   .   .
alarm.out_of_service     .   .   x   .   .   .   .   .   .   .   .   .   .
alarm.return_to_service  .   .   x   .   .   .   .   .   .   .   .   .   .
case.create              .   .   x   x   x   .   .   .   .   .   .   .   .
case.close               .   .   x   .   .   .   .   .   .   .   .   .   .
case.void                .   .   x   .   .   .   .   .   .   .   .   .   .
case.amend               .   .   x   .   x   .   .   .   .   .   .   .   .
case.accept              .   .   x   .   x   .   .   .   .   .   .   .   .
case.send_verify         .   .   x   .   x   .   .   .   .   .   .   .   .
case.verify              .   .   x   .   x   .   .   .   .   .   t   .   .
case.refuse              .   .   x   .   x   .   .   .   .   .   .   .   .
case.register            .   .   x   .   x   .   .   .   .   .   .   .   .
case.assign              .   .   x   x   x   .   .   .   .   .   .   .   .
case.take                .   .   x   .   .   x   .   .   .   .   .   .   .
case.revoke              .   .   x   .   .   x   .   .   .   .   .   .   .
case.finish              .   .   x   .   .   x   .   .   .   .   .   .   .
case.hand_back           .   .   x   .   .   x   .   .   .   .   .   .   .
case.check               .   .   x   .   x   .   .   .   .   .   t   .   .
case.return              .   .   x   x   x   x   .   .   .   .   t   .   .
case.repair              .   .   x   x   x   x   .   .   .   .   .   .   .
case.suspend             .   x   x   .   .   .   .   .   .   .   .   .   .
case.resume              .   x   x   .   .   .   .   .   .   .   .   .   .
case.extend_request      .   .   x   .   .   x   .   .   .   .   .   .   .
case.extend_approve      .   x   x   x   x   .   .   .   .   .   .   .   .
case.extend_refuse       .   x   x   x   x   .   .   .   .   .   .   .   .
case.supervise           .   x   x   .   .   .   .   .   .   .   .   .   .
case.appeal              .   .   x   .   .   x   .   .   .   .   .   .   .
case.appeal_decide       .   x   x   .   .   .   .   .   .   .   .   .   .
dispatch.send            .   .   x   x   x   x   .   .   .   .   .   .   .
dispatch.confirm         .   .   x   x   x   x   .   .   .   .   .   .   .
dispatch.skip            .   .   x   x   x   x   .   .   .   .   .   .   .
dispatch.recall          .   .   x   x   x   x   .   .   .   .   .   .   .
stock.move               .   .   x   x   x   .   .   .   .   .   .   .   .
road.close               .   .   x   x   x   .   .   .   .   .   .   .   .
road.open                .   .   x   x   x   .   .   .   .   .   .   .   .
task.update              .   .   .   .   .   .   .   .   .   .   t   .   .
operator.note            .   x   x   x   x   x   x   .   .   .   .   .   .
personal.view            .   .   x   x   x   .   .   .   .   .   .   .   .
data.export              .   x   x   x   x   x   .   .   .   .   .   .   .
media.view               .   x   x   x   x   .   x   .   .   .   .   .   .
ingest                   .   .   .   .   .   .   .   .   .   .   .   s   .
data.import              .   .   x   .   .   .   .   .   .   .   .   .   .
data.undo                .   .   .   .   .   .   .   s   .   .   .   .   .
system.manage            .   .   .   .   .   .   .   s   .   .   .   .   .
access.manage            .   .   .   .   .   .   .   .   s   .   .   .   .
audit.read               .   .   .   .   .   .   .   .   .   s   .   .   .
"""
"""s: a right that holds on no kind, because its role sees none: about the hub, or to send."""
SOME_TRAITS = {"dispatchable", "stocked", "case-bearing"}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(default_directory())


def account(*roles: str) -> Account:
    """Of a department, where a role needs one."""
    departments = ("区水务局",) if "department" in roles else ()
    return Account(user="u", name="n", roles=roles, departments=departments)


def cells() -> dict[tuple[str, str], str]:
    head, *rows = TABLE.strip().splitlines()
    assert [r[:3] for r in ROLES] == head.split()
    found = {}
    for row in rows:
        name, *marks = row.split()
        assert len(marks) == len(ROLES), name
        found |= {(role, name): mark for role, mark in zip(ROLES, marks, strict=True)}
    return found


def test_the_table_has_every_role_every_command_and_every_right() -> None:
    assert {role for role, _ in cells()} == GRANTS.keys()
    assert {name for _, name in cells()} == set(COMMANDS) | RIGHTS | set().union(*GRANTS.values())


def test_every_cell_on_every_kind(catalogue: Catalogue) -> None:
    compiler = Compiler(catalogue)
    seen = 0
    for (role, name), mark in cells().items():
        permission = compiler.of(account(role))
        assert permission.may(name) == (mark != NONE), (role, name)
        assert allowed((role,), name) == (mark != NONE), (role, name)
        for kind in catalogue.kinds.values():
            some = bool(SOME_TRAITS & set(kind.traits))
            expected = {EVERY: True, SOME: some}.get(mark, False)
            assert permission.may(name, kind.id) == expected, (role, name, kind.id)
            seen += 1
    assert seen == len(cells()) * len(catalogue.kinds)


def test_two_roles_grant_what_one_of_them_grants_and_no_more(catalogue: Catalogue) -> None:
    compiler = Compiler(catalogue)
    for first in ROLES:
        for second in ROLES:
            both = compiler.of(account(first, second))
            each = [compiler.of(account(r)) for r in (first, second)]
            for _, name in cells():
                for kind in catalogue.kinds:
                    assert both.may(name, kind) == any(p.may(name, kind) for p in each)


def test_an_account_is_held_to_its_kinds(catalogue: Catalogue) -> None:
    compiler = Compiler(catalogue)
    kinds = ("level_sensor", "case")
    for role in ROLES:
        free = compiler.of(account(role))
        held = compiler.of(replace(account(role), kinds=kinds))
        for _, name in cells():
            for kind in catalogue.kinds:
                assert held.may(name, kind) == (free.may(name, kind) and kind in kinds)
                assert held.scope.sees(kind) == (free.scope.sees(kind) and kind in kinds)


def test_what_roles_see(catalogue: Catalogue) -> None:
    compiler = Compiler(catalogue)

    def scope(*roles: str):  # type: ignore[no-untyped-def]  # a test's shorthand
        return compiler.of(Account(user="u", name="n", roles=roles)).scope

    for role in ("observer", "leader", "duty_officer", "trainer", "simulator"):
        assert scope(role).whole, role
    for role in (
        "system_admin",
        "security_admin",
        "audit_admin",
        "ingest",
        "department",
        "nonsense",
    ):
        assert scope(role).empty, role
        assert not any(scope(role).sees(kind) for kind in catalogue.kinds)
    seen = {kind for kind in catalogue.kinds if scope("field").sees(kind)}
    assert seen == {"team", "warehouse", "case"}
    assert scope("field").cases
    for role in ROLES:
        assert "personal" not in scope(role).clear | scope(role).case_clear
    assert scope("observer").clear == {"public"}
    both = scope("field", "observer")
    assert both.shown("team") == {"public", "internal"}  # what the one sees of it
    assert both.shown("camera") == {"public"}  # and of this the other
    assert scope("duty_officer") == scope("dispatcher") == scope("leader")  # they share frames
    assert hash(scope("duty_officer")) == hash(scope("dispatcher"))


def test_a_department_without_departments_sees_and_does_nothing(catalogue: Catalogue) -> None:
    compiler = Compiler(catalogue)
    none = compiler.of(Account(user="u", name="n", roles=("department",)))
    assert none.scope.empty
    assert not any(none.may(name) for _, name in cells())
    held = compiler.of(account("department"))
    assert held.scope.cases
    assert held.scope.departments == {"区水务局"}
    # what another role of the account grants stays
    trainer = compiler.of(Account(user="u", name="n", roles=("department", "trainer")))
    assert trainer == compiler.of(Account(user="u", name="n", roles=("trainer",)))
