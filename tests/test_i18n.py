"""The Chinese translation has every text of the sources, finished and compiled."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TS = ROOT / "resources" / "i18n" / "onemap_zh_CN.ts"
QM = TS.with_suffix(".qm")

Key = tuple[str, str, str]


def entries(ts: Path) -> dict[Key, ElementTree.Element]:
    """Message by context, source and comment."""
    found = {}
    for context in ElementTree.parse(ts).getroot().iter("context"):
        name = context.findtext("name", "")
        for message in context.iter("message"):
            key = (name, message.findtext("source", ""), message.findtext("comment", ""))
            found[key] = message
    return found


@pytest.fixture(scope="module")
def renewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the translation, brought up to date with the sources as they are."""
    directory = tmp_path_factory.mktemp("i18n")
    copy = directory / TS.name
    shutil.copy(TS, copy)
    script = ROOT / "resources" / "setup" / "translate.py"
    subprocess.run(
        [sys.executable, str(script), "--ts", str(copy), "--qm", str(directory / QM.name)],
        check=True,
        timeout=300,
    )
    return copy


def test_the_translation_has_every_text_of_the_sources(renewed: Path) -> None:
    assert len(entries(renewed)) > 20
    assert set(entries(TS)) == set(entries(renewed)), "run `make i18n`"


def test_every_entry_is_finished() -> None:
    unfinished = [
        key
        for key, message in entries(TS).items()
        if (t := message.find("translation")) is None or t.get("type") or not "".join(t.itertext())
    ]
    assert unfinished == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    pattern = re.compile(r"\{[^{}]*\}|%\d|%n|%L\d")
    wrong = [
        key
        for key, message in entries(TS).items()
        for text in ["".join(t.itertext()) for t in message.iter("translation")]
        if sorted(pattern.findall(text)) != sorted(pattern.findall(key[1]))
    ]
    assert wrong == []


def test_the_compiled_translation_is_the_newest(renewed: Path) -> None:
    assert QM.read_bytes() == renewed.with_name(QM.name).read_bytes(), "run `make i18n`"
