"""The corpus of files that people write for the product: packs, settings, and a desk's journal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.journal import MAX_BYTES, open_journal
from services.domain import toml
from services.domain.errors import KnownError
from services.hub.main import serve
from services.hub.options import HubOptions
from services.packs.loader import default_directory, load
from tests.faults.entries import Entry, entries
from tests.faults.options import Faults, Row

PACKS, SETTINGS = entries("packs"), entries("settings")


@pytest.fixture(scope="module")
def tried(faults: Faults) -> Iterator[list[str]]:
    names: list[str] = []
    yield names
    count = len(names)
    faults.found(Row("corpus: packs and settings", count, count, 0, 0, "all refused by line"))


@pytest.mark.parametrize("entry", PACKS, ids=lambda e: e["what"])
def test_a_bad_pack_is_refused_by_file_and_line(
    tmp_path: Path, tried: list[str], entry: Entry
) -> None:
    tried.append(entry["what"])
    path = tmp_path / "bad.toml"
    path.write_bytes(entry["text"].encode(entry.get("codec", "utf-8")))
    with pytest.raises(KnownError) as caught:
        load(default_directory(), tmp_path)
    assert caught.value.code == "bad_pack"
    assert caught.value.text.startswith(f"{path}:{entry['line']}: ")
    assert entry["says"] in caught.value.text
    assert len(caught.value.text) < len(str(path)) + 600


def test_a_pack_that_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    for name in ("pipe", "zero", "folder"):
        folder = tmp_path / name
        folder.mkdir()
        path = folder / "bad.toml"
        match name:
            case "pipe":
                os.mkfifo(path)
            case "zero":
                path.symlink_to("/dev/zero")
            case _:
                path.mkdir()
        with pytest.raises(KnownError) as caught:
            load(folder)
        assert "this is not a file" in caught.value.text


@pytest.mark.parametrize(
    "good",
    [
        'a = "' + "1." * 40 + '"',
        "# [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "a = '[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[['",
        'a = """\n[[[[[[[[[[[[[[[[[[[[ " "" [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n"""\nb = 1',
        "a = '''\n'' [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n'''",
        'a = "\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["',
        "\n".join(f"a{i} = [1.5, {{ b = 2.5 }}]" for i in range(200)),
        "\n".join(f"[t{i}]\nx.y = 1" for i in range(200)),
    ],
    ids=range(8),
)
def test_what_only_looks_deep_is_read(good: str) -> None:
    assert toml.loads(good) is not None


@pytest.mark.parametrize("entry", SETTINGS, ids=lambda e: e["what"])
def test_a_hub_does_not_start_with_it_and_says_why(
    tmp_path: Path, tried: list[str], capfd: pytest.CaptureFixture[str], entry: Entry
) -> None:
    tried.append(entry["what"])
    (tmp_path / entry["file"]).write_text(entry["text"], "utf-8")
    assert serve(HubOptions(data=tmp_path, port=0)) == 2
    said = capfd.readouterr().err
    for word in entry["says"]:
        assert word in said
    assert len(said) < 1_000 + 2 * len(str(tmp_path))
    assert "Traceback" not in said
    assert "geheim" not in said
    assert (tmp_path / entry["file"]).read_text("utf-8") == entry["text"]  # for mending


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b"\xff\xfe{\x00",
        b'{"version":1}',
        b'{"version":1,"hub":"h","user":"u","orders":7}',
        b'{"version":1,"hub":"h","user":"u","orders":[{"key":1}]}',
        b'{"version":1,"hub":"h","user":"u","orders":[' + b"9" * 5_000 + b"]}",
        b" " * (MAX_BYTES + 1),
    ],
    ids=range(9),
)
def test_a_broken_journal_is_put_aside_and_kept(tmp_path: Path, content: bytes) -> None:
    journal = open_journal(tmp_path, "hub", "duty1")
    assert journal is not None
    try:
        journal.path.write_bytes(content)
        assert journal.load() == ()
        (aside,) = tmp_path.glob("*.unreadable*")
        assert aside.read_bytes() == content
        assert journal.load() == ()
        journal.path.write_bytes(b"another")
        assert journal.load() == ()
        kept = {path.read_bytes() for path in tmp_path.glob("*.unreadable*")}
        assert kept == {content, b"another"}  # the first is not lost with the second
    finally:
        journal.close()
