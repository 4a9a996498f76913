"""What Qt finds in the environment."""

from __future__ import annotations

import subprocess
import sys

from layers.render.environment import prepare_environment


def test_what_the_map_needs_is_set_and_a_users_own_value_stays() -> None:
    found = {"QSG_NO_VSYNC": "0", "HOME": "/x"}
    prepare_environment(found)
    assert found == {
        "QSG_RENDER_LOOP": "basic",
        "QSG_NO_VSYNC": "0",
        "QT_QPA_UPDATE_IDLE_TIME": "0",
        "HOME": "/x",
    }


def test_it_is_set_before_qt_reads_it() -> None:
    """The module that the console starts with must not have brought Qt in before."""
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, layers.render.environment; print('PySide6' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert told.stdout.strip() == "False"
