"""The table of what was injected and what was lost, printed at the end of a run."""

from __future__ import annotations

import pytest

from tests.faults.options import KEY, Faults, chosen, table


@pytest.fixture(scope="session")
def faults(pytestconfig: pytest.Config) -> Faults:
    """The counts and the seed of this run, and the table that it fills."""
    if KEY not in pytestconfig.stash:
        pytestconfig.stash[KEY] = chosen(pytestconfig)
    return pytestconfig.stash[KEY]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print what was injected, acked, lost and done twice."""
    found = config.stash.get(KEY, None)
    if found is not None and found.rows:
        terminalreporter.section(f"faults (seed {found.seed})")
        for line in table(found):
            terminalreporter.write_line(line)
