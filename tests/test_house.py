"""The rules of the house, each with a proof that its check can fail (ARCHITECTURE.md)."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from app.cli import app as onemap

ROOT = Path(__file__).resolve().parents[1]
CODE = ("app", "widgets", "layers", "services")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONTRACTS: dict[str, dict[str, Any]] = {
    c["id"]: c for c in PYPROJECT["tool"]["importlinter"]["contracts"]
}
SKIPPED_DIRECTORIES = {"build", "data", "pictures", "__pycache__"}


def files(*suffixes: str, under: tuple[str, ...] = (".",)) -> list[Path]:
    """Files of the product: nothing hidden, generated or of the local environment."""
    found = []
    for top in under:
        for directory, names, inside in os.walk(ROOT / top):
            names[:] = [
                n
                for n in names
                if n not in SKIPPED_DIRECTORIES and not n.startswith(".") and ".egg-info" not in n
            ]
            found += [Path(directory) / f for f in inside if f.endswith(suffixes or ("",))]
    return sorted(found)


# -- import contracts ----------------------------------------------------------
def lint_imports(tree: Path, contract: str) -> subprocess.CompletedProcess[str]:
    program = str(Path(sys.executable).with_name("lint-imports"))
    return subprocess.run(
        [program, "--no-cache", "--contract", contract],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code to break; only what the contracts look at."""
    copy = tmp_path_factory.mktemp("tree")
    for top in CODE:
        shutil.copytree(ROOT / top, copy / top, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


@pytest.fixture
def broken_file(tree: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    path, text = request.param
    (tree / path).parent.mkdir(exist_ok=True)
    (tree / path).write_text(text)
    yield
    (tree / path).unlink()


BREAKS = [
    ("layers", "layers/model/_broken.py", "import widgets\n"),
    ("layers", "services/domain/_broken.py", "import app.options\n"),
    ("map-parts", "layers/model/_broken.py", "import layers.render\n"),
    ("map-parts", "layers/unnamed/__init__.py", ""),
    ("services", "services/packs/_broken.py", "import services.storage\n"),
    ("services", "services/unnamed/__init__.py", ""),
    ("features", "services/alarms/_broken.py", "import services.cases\n"),
    ("qt", "services/domain/_broken.py", "import PySide6.QtCore\n"),
    ("qt", "layers/model/_broken.py", "def late():\n    import PySide6\n"),
    ("sql", "services/hub/_broken.py", "import sqlalchemy.orm\n"),
    ("sql", "app/_broken.py", "import sqlite3\n"),
    ("sockets", "services/ingest/_broken.py", "import websockets\n"),
    ("sockets", "services/video/_broken.py", "import uvicorn\n"),
    ("map", "layers/render/_broken.py", "import services.feed\n"),
    ("widgets", "widgets/_broken.py", "import services.feed\n"),
    ("loops", "widgets/_broken.py", "import asyncio\n"),
]


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_contract_holds(tree: Path, contract: str) -> None:
    result = lint_imports(tree, contract)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("contract", "broken_file"),
    [pytest.param(c, (path, text), id=f"{c}:{path}") for c, path, text in BREAKS],
    indirect=["broken_file"],
)
@pytest.mark.usefixtures("broken_file")
def test_a_contract_can_fail(tree: Path, contract: str) -> None:
    result = lint_imports(tree, contract)
    assert result.returncode == 1
    assert "1 broken" in result.stdout


def test_every_contract_is_broken_once() -> None:
    assert {c for c, _, _ in BREAKS} == set(CONTRACTS)


def packages(top: str) -> set[str]:
    return {p.parent.name for p in (ROOT / top).glob("*/__init__.py")}


def test_every_package_is_named_in_the_contracts() -> None:
    services = {f"services.{p}" for p in packages("services")}
    ranked = {
        f"services.{name.strip()}"
        for layer in CONTRACTS["services"]["layers"]
        for name in re.split("[|:]", layer)
    }
    assert ranked == services
    all_sources = services | {"app", "widgets", "layers"}
    assert set(CONTRACTS["sql"]["source_modules"]) == all_sources - {"services.storage"}
    serving = {"services.feed", "services.hub"}
    assert set(CONTRACTS["sockets"]["source_modules"]) == all_sources - serving
    assert set(CONTRACTS["map-parts"]["layers"]) == packages("layers")
    roots = PYPROJECT["tool"]["importlinter"]["root_packages"]
    assert set(roots) == {p.parent.name for p in ROOT.glob("*/__init__.py")} - {"tests"}


def test_contracts_forbid_modules_that_exist() -> None:
    named = {m for c in CONTRACTS.values() for m in c.get("forbidden_modules", ())}
    assert named
    assert [m for m in sorted(named) if importlib.util.find_spec(m) is None] == []


def test_services_and_the_map_model_run_without_qt() -> None:
    program = """
import importlib, pkgutil, sys
for name in ("PySide6", "shiboken6", "pyqtgraph"):
    sys.modules[name] = None
import layers.model, services
for package in (services, layers.model):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if "migrations.versions" not in module.name and not module.name.endswith(".env"):
            importlib.import_module(module.name)
import app.cli, app.hubs, app.running
"""
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert result.returncode == 0, result.stderr


# -- files ----------------------------------------------------------------------
def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files(".py", ".qml", ".toml", ".md", ".sh", ".frag", ".vert", "Makefile")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if marks.search(line)
    ]
    assert found == []


def test_no_file_knows_a_machine() -> None:
    machine = re.compile(
        "/" + r"(?:work|tmp|root|home|opt)/\w|pypi\.|python" + r"hosted|index" + r"-url"
    )
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in files(".py", ".qml", ".toml", ".md", ".sh", ".lock", ".ts", ".html")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if machine.search(line)
    ]
    assert found == []


def test_the_lock_names_every_package_by_version_and_hash_and_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in text
    assert "@" not in text
    bare = re.sub(r"^#.*\n", "", text.replace("\\\n", " "), flags=re.MULTILINE)
    entries = [e.strip() for e in re.split(r"\n(?=\S)", bare) if e.strip()]
    for entry in entries:
        assert re.fullmatch(r"[a-z0-9-]+==[\w.+-]+(\s+--hash=sha256:[0-9a-f]{64})+\s*", entry), (
            entry
        )
    locked = {entry.split("==")[0] for entry in entries}
    project = PYPROJECT["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[<>=!~\[ ]", a)[0].lower().replace("_", "-") for a in asked}
    assert names <= locked


def test_files_stay_short() -> None:
    lengths = {
        str(p.relative_to(ROOT)): len(p.read_text("utf-8").splitlines())
        for p in files(".py", ".qml", under=(*CODE, "tests"))
    }
    too_long = {p: n for p, n in lengths.items() if n > (600 if p.startswith("tests") else 400)}
    assert too_long == {}


# -- documents say what is -------------------------------------------------------
def commands_in(text: str) -> Iterator[list[str]]:
    """Words of each command in fenced shell blocks, those inside ``$(…)`` as well."""
    inner = re.compile(r"\$\(([^()]*)\)")
    for block in re.findall(r"```(?:sh|bash|console)\n(.*?)```", text, re.DOTALL):
        whole = re.sub(r"\\\n\s*", " ", block)
        for line in [*inner.findall(whole), *inner.sub("…", whole).splitlines()]:
            command: list[str] = []
            for word in [*shlex.split(line, comments=True), ";"]:
                if word not in ("&&", "||", "|", ";"):
                    command.append(word)
                elif command:
                    yield command
                    command = []


def check_make(words: list[str]) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in (w for w in words if "=" not in w):
        assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE), target
    for word in words:
        if word.startswith("ARGS=") and "run" in words:
            check_onemap(["run", *shlex.split(word.removeprefix("ARGS="))])


def check_onemap(words: list[str]) -> None:
    command: Any = typer.main.get_command(onemap)
    while words and hasattr(command, "commands") and words[0] != "--help":
        assert words[0] in command.commands, f"no such command: onemap {words[0]}"
        command = command.commands[words.pop(0)]
    options = {o for p in command.params for o in (*p.opts, *p.secondary_opts)} | {"--help"}
    for word in words:
        if word.startswith("--"):
            assert word.split("=")[0] in options, f"{command.name} has no option {word}"


DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "README.zh-CN.md",
    ROOT / "ARCHITECTURE.md",
    *(ROOT / "resources" / "help").rglob("*.md"),
]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_command_in_a_document_exists(path: Path) -> None:
    commands = list(commands_in(path.read_text("utf-8")))
    for words in commands:
        if words[0] == "make":
            check_make(words[1:])
        if words[0] in ("onemap", ".venv/bin/onemap"):
            check_onemap(words[1:])


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_in_a_document_leads_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8"))
    local = [t for t in targets if "://" not in t]
    assert [t for t in local if not (path.parent / t).exists()] == []


def named_tests(text: str) -> list[tuple[str, str]]:
    """File and function of every test that a document names as ``file::function``."""
    return re.findall(r"(tests/[\w/.]+\.py)::(\w+)", text)


def missing_tests(text: str) -> list[str]:
    """Those that are not there."""
    return [
        f"{path}::{name}"
        for path, name in named_tests(text)
        if not (ROOT / path).is_file()
        or not re.search(rf"^(async )?def {name}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE)
    ]


def test_every_test_that_a_document_names_exists() -> None:
    texts = {path.name: path.read_text("utf-8") for path in DOCUMENTS}
    assert {n: missing for n, text in texts.items() if (missing := missing_tests(text))} == {}
    table = texts["ARCHITECTURE.md"].split("## GB/T 22239-2019")[1].split("\n## ")[0]
    rows = [row for row in table.splitlines() if row.startswith("| ") and "8.1.4" in row]
    assert rows
    assert [row for row in rows if not named_tests(row)] == []  # a control without a test


def test_a_test_that_is_not_there_would_be_found() -> None:
    named = "`tests/test_house.py::test_files_stay_short` `tests/test_house.py::test_nothing`"
    assert missing_tests(named + " `tests/none.py::test_x`") == [
        "tests/test_house.py::test_nothing",
        "tests/none.py::test_x",
    ]


def test_a_wrong_command_would_be_found() -> None:
    with pytest.raises(AssertionError, match="no such command"):
        check_onemap(["fly"])
    with pytest.raises(AssertionError, match="no option"):
        check_make(["run", "ARGS=--fast"])
    with pytest.raises(AssertionError, match="nothing"):
        check_make(["nothing"])
    text = "```sh\nmake x && onemap run \\\n  --for $(onemap token a) # short\n```"
    assert list(commands_in(text)) == [
        ["onemap", "token", "a"],
        ["make", "x"],
        ["onemap", "run", "--for", "…"],
    ]
