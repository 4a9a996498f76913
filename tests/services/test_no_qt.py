"""The hub runs on a server without Qt: everything below the console imports without it."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import importlib, sys
sys.modules["PySide6"] = None
for name in sys.argv[1:]:
    importlib.import_module(name)
loaded = [n for n in sys.modules if n.split(".")[0] in ("PySide6", "shiboken6", "pyqtgraph")]
assert [n for n in loaded if sys.modules[n] is not None] == [], loaded
assert not any(n == "app" or n.startswith("app.") for n in sys.modules), "services import app"
print(len(sys.argv) - 1)
"""


SCRIPTS = ("services.storage.migrations.env",)
"""Run by Alembic inside a migration, never imported."""


def modules() -> list[str]:
    """Every module of ``services`` and ``layers.model``, found on disk, scripts left out."""
    found = ["layers", "layers.model", "services"]
    for package in ("services", "layers/model"):
        prefix = package.replace("/", ".") + "."
        found += [m.name for m in pkgutil.walk_packages([str(ROOT / package)], prefix)]
    return sorted(n for n in set(found) - set(SCRIPTS) if not n.endswith(".__main__"))


def test_services_and_the_layer_model_import_without_qt() -> None:
    names = modules()
    assert "services.hub.commands" in names
    assert "services.feed.client" in names
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *names],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(len(names))
