"""``onemap packs check``: what is there, what is replaced, what is wrong and where."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from services.domain.errors import KnownError
from services.packs.loader import default_directory
from tests.services.packs.site import BEEHIVES, site_packs


def check(*folders: Path) -> str:
    result = CliRunner().invoke(app, ["packs", "check", *map(str, folders)])
    if result.exception is not None:
        raise result.exception
    return result.output


def test_it_names_every_pack_with_its_kinds() -> None:
    told = check()
    assert "flood: 防汛排涝 / Flood control: level_sensor, rain_gauge" in told
    assert "hotline: 民生热线 / Hotline: no kinds" in told
    assert f"{len(list(default_directory().glob('*.toml')))} packs, " in told
    assert "replaces" not in told


def test_it_says_what_a_site_adds_and_replaces(tmp_path: Path) -> None:
    told = check(site_packs(tmp_path / "site"))
    assert "beehives: 城市蜂场 / Beehives: beehive" in told
    text = BEEHIVES.replace('id = "beehives"', 'id = "gas"', 1)
    (tmp_path / "site" / "beehives.toml").write_text(text, encoding="utf-8")
    with pytest.raises(KnownError) as caught:  # a scene of another pack shows what is gone
        check(tmp_path / "site")
    assert "no kind has id 'gas_station'" in caught.value.text
    text = BEEHIVES.replace('id = "beehives"', 'id = "society"', 1)
    (tmp_path / "site" / "beehives.toml").write_text(text, encoding="utf-8")
    told = check(tmp_path / "site")
    assert "beehives.toml replaces society.toml whole" in told
    assert "kinds lost: care_home, community_station" in told
    assert "new: beehive" in told


def test_it_names_file_line_and_field(tmp_path: Path) -> None:
    folder = site_packs(tmp_path / "site")
    (folder / "beehives.toml").write_text(BEEHIVES.replace("below = 12.0", "below = true"), "utf-8")
    with pytest.raises(KnownError) as caught:
        check(folder)
    row = next(n for n, t in enumerate(BEEHIVES.splitlines(), 1) if t.startswith("status"))
    assert f"beehives.toml:{row}: " in caught.value.text
    assert caught.value.field == "kind[0].status[0].below"
