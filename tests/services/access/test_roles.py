"""Which roles one account may hold, and that the tables know the same roles."""

from __future__ import annotations

from itertools import combinations

import pytest

from services.access.roles import (
    ADMINISTRATORS,
    CLASSES,
    GRANTS,
    RIGHTS,
    SECOND_FACTOR,
    TECHNICAL,
    TRAITS,
    check_roles,
)
from services.domain.errors import KnownError

OPERATING = GRANTS.keys() - ADMINISTRATORS - TECHNICAL


def refused(*roles: str) -> str:
    with pytest.raises(KnownError) as caught:
        check_roles(roles)
    assert caught.value.field == "roles"
    return caught.value.code


def test_every_table_names_every_role() -> None:
    assert GRANTS.keys() == CLASSES.keys() == TRAITS.keys()
    assert GRANTS.keys() >= SECOND_FACTOR


def test_who_commands_or_administers_needs_a_second_factor() -> None:
    for role, granted in GRANTS.items():
        if granted - RIGHTS - {"operator.note"} and role not in TECHNICAL:
            assert role in SECOND_FACTOR, role
    assert ADMINISTRATORS <= SECOND_FACTOR


def test_no_account_holds_two_administrators_or_one_with_an_operating_role() -> None:
    for role in ADMINISTRATORS | OPERATING:
        assert check_roles([role, role]) == (role,)
    for pair in combinations(sorted(ADMINISTRATORS | OPERATING), 2):
        if ADMINISTRATORS & set(pair):
            assert refused(*pair) == "not_separate", pair
        else:
            assert check_roles(pair) == pair
    assert refused(*ADMINISTRATORS) == "not_separate"


def test_rights_of_administrators_are_apart() -> None:
    held = [GRANTS[role] for role in sorted(ADMINISTRATORS)]
    assert all(not a & b for a, b in combinations(held, 2))
    assert frozenset().union(*held) <= RIGHTS  # none of them can give an order


@pytest.mark.parametrize("role", sorted(TECHNICAL))
def test_programs_have_no_account(role: str) -> None:
    assert refused(role) == "technical_role"


def test_roles_must_be_known_and_some() -> None:
    assert refused("duty_officer", "root") == "unknown_role"
    assert refused() == "no_roles"
