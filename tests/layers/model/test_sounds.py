"""How signs are read, and what is not loaded for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from layers.model.sounds import initial, reading


@pytest.mark.parametrize(
    ("sign", "first", "whole"),
    [("西", "x", "xi1"), ("宁", "n", "ning2"), ("吗", "m", "ma5"), ("é", "é", "é")],
)
def test_a_sign_has_a_first_letter_and_a_reading(sign: str, first: str, whole: str) -> None:
    assert (initial(sign), reading(sign)) == (first, whole)


def test_the_dictionary_of_phrases_stays_on_the_disk() -> None:
    program = (
        "import sys, layers.model.search, layers.model.collate\n"
        "from layers.model.sounds import initial\n"
        "assert initial('西') == 'x'\n"
        "print('pypinyin.phrases_dict' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert told.stdout.strip() == "False"
