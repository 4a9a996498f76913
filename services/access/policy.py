"""The rules of passwords, of failed logins and of how long a login lasts. Pure; seconds.

After GB/T 22239-2019 8.1.4.1: complexity and rotation, a limit on failures, an end to sessions.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.domain.errors import KnownError

DAY_S = 86_400.0
MAX_PASSWORD = 128
"""Characters; more is refused before anything is computed of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One hub's rules.

    ``failures`` wrong attempts lock an account for ``lock_first_s``; every further one doubles
    that, up to ``lock_longest_s``. A refused attempt is answered after ``refuse_after_s``, whatever
    was wrong with it. ``access_s``: life of an access token; a login ends when it was not renewed
    for ``idle_s``, and in any case after ``login_s``. On a desk that is remembered both are
    ``remembered_s``.
    """

    min_length: int = 12
    min_sorts: int = 3
    min_distinct: int = 6
    history: int = 5
    password_age_s: float = 90 * DAY_S
    password_warning_s: float = 7 * DAY_S
    one_time_s: float = 3 * DAY_S
    failures: int = 5
    lock_first_s: float = 30.0
    lock_longest_s: float = 1_800.0
    refuse_after_s: float = 0.5
    access_s: float = 900.0
    idle_s: float = 12 * 3_600.0
    login_s: float = DAY_S
    remembered_s: float = 7 * DAY_S
    logins: int = 8
    otp_issuer: str = "OneMap 城运一图"

    def lock_s(self, failures: int) -> float:
        """How long an account is locked after so many failures in a row; 0: not at all."""
        if failures < self.failures:
            return 0.0
        return min(
            self.lock_longest_s, self.lock_first_s * 2.0 ** min(failures - self.failures, 30)
        )

    def check_password(self, password: str, user: str) -> None:
        """KnownError ``weak_password`` saying what is missing, or ``password_too_long``."""
        if len(password) > MAX_PASSWORD:
            raise KnownError(
                "password_too_long",
                f"a password has at most {MAX_PASSWORD} characters",
                field="new",
                params={"most": MAX_PASSWORD},
            )
        sorts = sum(
            any(test(c) for c in password)
            for test in (str.islower, str.isupper, str.isdigit, _is_sign)
        )
        # other scripts have no cases: each counts as a sort of its own
        sorts += any(c.isalpha() and not (c.islower() or c.isupper()) for c in password)
        short = len(password) < self.min_length
        plain = sorts < self.min_sorts or len(set(password)) < self.min_distinct
        if short or plain or (user and user.casefold() in password.casefold()):
            raise KnownError(
                "weak_password",
                f"a password has at least {self.min_length} characters of {self.min_sorts} sorts "
                "(small and capital letters, digits, signs), at least "
                f"{self.min_distinct} different ones, and not the account's name in it",
                field="new",
                params={
                    "length": self.min_length,
                    "sorts": self.min_sorts,
                    "distinct": self.min_distinct,
                },
            )


def _is_sign(character: str) -> bool:
    return character.isprintable() and not character.isalnum() and not character.isspace()
