"""A bad pack names its file, line and field; a good one needs no code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.domain.errors import KnownError
from services.domain.model import Entity, Severity
from services.packs.loader import (
    MAX_PACK_BYTES,
    default_directory,
    load,
    load_with_replacements,
)
from services.packs.model import Catalogue, Category, Label, TimeLimit
from services.packs.validate import check_entity

GOOD = """\
id = "trees"
version = 1
label = { zh = "古树", en = "Old trees" }

[[kind]]
id = "old_tree"
label = { zh = "古树", en = "Old tree" }
geometry = "point"
traits = ["located", "observing"]
symbol = { shape = "triangle", glyph = "tree", size = 16 }
attribute = [
  { name = "species", label = { zh = "树种", en = "Species" }, required = true },
  { name = "age", label = { zh = "树龄", en = "Age" }, type = "integer", min = 0, max = 5000 },
]
measure = [
  { name = "tilt", label = { zh = "倾角", en = "Tilt" }, unit = "°", min = 0.0, max = 90.0 },
]
state = [
  { id = "upright", label = { zh = "直立", en = "Upright" } },
  { id = "leaning", label = { zh = "倾斜", en = "Leaning" }, severity = "minor" },
]
status = [{ measure = "tilt", state = "leaning", above = 5.0 }]
actions = ["new_case"]
map_label = "{name} {tilt}"
search = ["species"]

[[rule]]
id = "tree_tilts"
kind = "old_tree"
measure = "tilt"
label = { zh = "古树倾斜", en = "A tree tilts" }
hysteresis = 0.5
category = "T-01"
limits = [
  { severity = "minor", at = 5.0 },
  { severity = "major", at = 10.0 },
]

[[category]]
code = "T-01"
label = { zh = "古树险情", en = "Tree in danger" }
department = "林业局"
limit = { amount = 2, unit = "urgent_hours" }
need = [{ item = "rope", quantity = 2 }]

[[plan]]
id = "tree_danger"
label = { zh = "古树险情预案", en = "Tree in danger" }
categories = ["T-01"]
step = [
  { role = { zh = "值班员", en = "Duty officer" }, text = { zh = "核实", en = "Look" } },
  { role = { zh = "队伍", en = "Team" }, text = { zh = "支撑", en = "Prop" }, severity = "major" },
]
need = [{ severity = "major", item = "rope", quantity = 3 }]

[[item]]
id = "rope"
label = { zh = "绳索", en = "Rope" }
unit = { zh = "根", en = "pieces" }

[[kpi]]
id = "trees"
label = { zh = "古树", en = "Trees" }
function = "count"
kinds = ["old_tree"]

[[scene]]
id = "trees"
label = { zh = "古树", en = "Trees" }
layers = ["old_tree"]
kpis = ["trees"]

[[table]]
id = "own_codes"
version = 1
label = { zh = "自有代码", en = "Own codes" }
major = [{ code = "E01", label = { zh = "树木", en = "Trees" } }]
"""

# what is replaced in GOOD, by what; how the line begins that must be named, and which of those it
# is; the field; a piece of the text
BROKEN = {
    "typing mistake": (
        "hysteresis =", "hysteresys =", "hysteresys", 1, "rule[0].hysteresys", "unknown field",
    ),
    "missing label": (
        'label = { zh = "古树倾斜", en = "A tree tilts" }\n', "", "[[rule]]", 1, "rule[0]", "label",
    ),
    "unknown shape": ('"triangle"', '"star"', "symbol", 1, "kind[0].symbol.shape", "star"),
    "unknown trait": ('"observing"]', '"flying"]', "traits", 1, "kind[0].traits[1]", "flying"),
    "text for a number": (
        "amount = 2", 'amount = "2 h"', "limit =", 1, "category[0].limit.amount", "float",
    ),
    "limit of no length": (
        "amount = 2", "amount = 0", "limit =", 1, "category[0].limit", "above zero",
    ),
    "limit in no known unit": (
        '"urgent_hours"', '"weeks"', "limit =", 1, "category[0].limit.unit", "weeks",
    ),
    "unknown severity": (
        '"major"', '"awful"', "  { severity", 2, "rule[0].limits[1].severity", "critical",
    ),
    "limits out of order": (
        "at = 10.0", "at = 4.0", "  { severity", 2, "rule[0].limits[1]", "mild to severe",
    ),
    "range upside down": (
        "max = 90.0", "max = -1.0", "  { name", 3, "kind[0].measure[0]", "not below",
    ),
    "bad attribute name": (
        'name = "age"', 'name = "Age"', "  { name", 2, "kind[0].attribute[1]", "not an id",
    ),
    "empty English label": (
        'en = "Tree in danger"', 'en = ""', "label", 4, "category[0].label", "in zh and in en",
    ),
    "rule of no kind": ('kind = "old_tree"', 'kind = "bush"', "kind", 1, "rule[0].kind", "bush"),
    "rule of no measure": (
        'measure = "tilt"\nlabel', 'measure = "lean"\nlabel', "measure", 2, "rule[0].measure",
        "lean",
    ),
    "rule of no category": (
        'category = "T-01"', 'category = "T-99"', "category", 1, "rule[0].category", "T-99",
    ),
    "need of no item": (
        'item = "rope"', 'item = "cord"', "need", 1, "category[0].need[0].item", "cord",
    ),
    "need of nothing": (
        "quantity = 2", "count = 2", "need", 1, "category[0].need[0]", "item with quantity",
    ),
    "unknown function": ('"count"', '"eval"', "function", 1, "kpi[0].function", "share_online"),
    "function without measure": (
        '"count"', '"newest_value"', "function", 1, "kpi[0].function", "measure",
    ),
    "number of no kind": (
        'kinds = ["old_tree"]', 'kinds = ["bush"]', "kinds", 1, "kpi[0].kinds", "bush",
    ),
    "measures nothing": (
        "measure = [", "measure_ = [", "measure_", 1, "kind[0].measure_", "unknown field",
    ),
    "unknown action": (
        '"new_case"', '"prune"', "actions", 1, "kind[0].actions[0]", "'prune' is not one of",
    ),
    "action without its trait": (
        '"new_case"', '"ptz"', "actions", 1, "kind[0].actions[0]", "trait 'camera'",
    ),
    "status of no measure": (
        'status = [{ measure = "tilt"', 'status = [{ measure = "lean"', "status", 1,
        "kind[0].status[0]", "not a measure",
    ),
    "status of no state": (
        'state = "leaning"', 'state = "fallen"', "status", 1, "kind[0].status[0]", "not a state",
    ),
    "status without a bound": (
        ", above = 5.0 }", " }", "status", 1, "kind[0].status[0]", "above or below",
    ),
    "a bad first state": (
        'en = "Upright" } }', 'en = "Upright" }, severity = "minor" }', "  { id", 1,
        "kind[0].state[0]", "normal",
    ),
    "label of no measure": ("{tilt}", "{lean}", "map_label", 1, "kind[0].map_label", "lean"),
    "search by no attribute": (
        'search = ["species"]', 'search = ["colour"]', "search", 1, "kind[0].search[0]", "colour",
    ),
    "plan of no category": (
        'categories = ["T-01"]', 'categories = ["T-02"]', "categories", 1,
        "plan[0].categories[0]", "T-02",
    ),
    "plan for the worst only": (
        'en = "Look" } }', 'en = "Look" }, severity = "major" }', "step", 1, "plan[0].step",
        "every severity",
    ),
    "plan's need of no item": (
        'severity = "major", item = "rope"', 'severity = "major", item = "cord"', "need", 2,
        "plan[0].need[0].item", "cord",
    ),
    "scene of no kind": (
        'layers = ["old_tree"]', 'layers = ["bush"]', "layers", 1, "scene[0].layers[0]", "bush",
    ),
    "scene of no number": (
        'kpis = ["trees"]', 'kpis = ["bushes"]', "kpis", 1, "scene[0].kpis[0]", "bushes",
    ),
    "code of no form": ('"E01"', '"X1"', "major", 1, "table[0].major[0]", "P or E"),
    "codes of no table": (
        "version = 1\nlabel", 'version = 1\ncode_table = "none"\nlabel', "code_table", 1,
        "code_table", "no code table",
    ),
    "code outside its table": (
        "version = 1\nlabel", 'version = 1\ncode_table = "own_codes"\nlabel', "code = ", 1,
        "category[0].code", "no major class 'T'",
    ),
    "not TOML": ('id = "old_tree"', 'id = "old_tree', 'id = "old_tree', 1, None, "not TOML"),
}  # fmt: skip


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(*folders: Path) -> KnownError:
    with pytest.raises(KnownError) as caught:
        load(*folders)
    assert caught.value.code == "bad_pack"
    return caught.value


def test_a_new_kind_needs_a_file_and_no_code(tmp_path: Path) -> None:
    write(tmp_path / "own", "trees.toml", GOOD)
    catalogue = load(default_directory(), tmp_path / "own")
    assert catalogue.kinds["old_tree"].group == "trees"
    assert catalogue.rules["tree_tilts"].limits[1].severity is Severity.MAJOR
    tree = Entity(
        id="old_tree:1", kind="old_tree", name="国槐", lon=101.8, lat=36.6,
        attrs={"species": "国槐", "age": 410}, values={"tilt": 1.5},
    )  # fmt: skip
    assert check_entity(catalogue, tree).label.text("en") == "Old tree"


@pytest.mark.parametrize("case", sorted(BROKEN))
def test_a_broken_pack_names_file_line_and_field(tmp_path: Path, case: str) -> None:
    old, new, begins, which, field, piece = BROKEN[case]
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    lines = [n for n, row in enumerate(text.splitlines(), start=1) if row.startswith(begins)]
    path = write(tmp_path / "own", "trees.toml", text)
    error = refused(tmp_path / "own")
    assert error.text.startswith(f"{path}:{lines[which - 1]}: ")
    assert error.params["line"] == lines[which - 1]
    assert error.field == field
    assert piece in error.text


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('id = "old_tree"', 'id = "camera"', "kind[0].id"),
        ('id = "tree_tilts"', 'id = "level_high"', "rule[0].id"),
        ('code = "T-01"', 'code = "E05-06"', "category[0].code"),
        ('id = "rope"', 'id = "pump"', "item[0].id"),
        ('id = "trees"\nlabel', 'id = "on_time"\nlabel', "kpi[0].id"),
    ],
)
def test_an_id_means_one_thing(tmp_path: Path, old: str, new: str, field: str) -> None:
    write(tmp_path / "own", "trees.toml", GOOD.replace(old, new))
    error = refused(default_directory(), tmp_path / "own")
    assert error.field == field
    assert "already declared by" in error.text


def test_two_files_of_one_folder_cannot_be_one_pack(tmp_path: Path) -> None:
    write(tmp_path / "own", "a.toml", GOOD)
    write(tmp_path / "own", "b.toml", GOOD)
    error = refused(tmp_path / "own")
    assert "b.toml:1: pack 'trees' is already declared by a.toml" in error.text


def test_a_later_folder_replaces_a_pack_whole(tmp_path: Path) -> None:
    write(tmp_path / "first", "trees.toml", GOOD)
    write(tmp_path / "second", "other.toml", GOOD.replace("old_tree", "young_tree"))
    catalogue = load(tmp_path / "first", tmp_path / "second")
    assert set(catalogue.kinds) == {"young_tree"}


def test_who_checks_packs_is_told_what_they_replace(tmp_path: Path) -> None:
    write(tmp_path / "first", "trees.toml", GOOD)
    write(tmp_path / "second", "other.toml", GOOD.replace("old_tree", "young_tree"))
    catalogue, replaced = load_with_replacements(tmp_path / "first", tmp_path / "second")
    assert set(catalogue.kinds) == {"young_tree"}
    (it,) = replaced
    assert (it.pack, it.by.name, it.of.name) == ("trees", "other.toml", "trees.toml")
    assert (it.lost, it.added) == (("old_tree",), ("young_tree",))
    assert load_with_replacements(default_directory(), tmp_path / "first")[1] == []


def test_a_wall_scene_holds_seven_numbers(tmp_path: Path) -> None:
    eight = ", ".join(f'"n{i}"' for i in range(8))
    write(tmp_path / "own", "trees.toml", GOOD.replace('kpis = ["trees"]', f"kpis = [{eight}]"))
    error = refused(tmp_path / "own")
    assert (error.field, "at most 7" in error.text) == ("scene[0].kpis", True)


def test_a_secret_is_no_search_key(tmp_path: Path) -> None:
    text = GOOD.replace('"Species" }, required = true', '"Species" }, data_class = "personal"')
    write(tmp_path / "own", "trees.toml", text)
    error = refused(tmp_path / "own")
    assert (error.field, "personal" in error.text) == ("kind[0].search[0]", True)


def test_a_team_that_nobody_has_cannot_be_asked_for(tmp_path: Path) -> None:
    text = GOOD.replace('item = "rope", quantity = 2', 'team = "climbing", count = 1')
    write(tmp_path / "own", "trees.toml", text)
    assert "climbing" in refused(default_directory(), tmp_path / "own").text


def test_a_camera_needs_a_field_of_view(tmp_path: Path) -> None:
    write(tmp_path / "own", "trees.toml", GOOD.replace('"observing"]', '"observing", "camera"]'))
    error = refused(tmp_path / "own")
    assert error.field == "kind[0].traits"
    assert "fov_deg" in error.text


def test_files_that_are_no_packs_are_refused(tmp_path: Path) -> None:
    assert "no such folder" in refused(tmp_path / "missing").text
    path = write(tmp_path / "own", "trees.toml", GOOD)
    path.write_bytes(GOOD.encode("gb18030"))
    assert "UTF-8" in refused(tmp_path / "own").text
    path.write_text("#" * (MAX_PACK_BYTES + 1), encoding="utf-8")
    assert "larger than" in refused(tmp_path / "own").text


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return load(default_directory())


def test_shipped_packs_cover_the_topics(shipped: Catalogue) -> None:
    assert [p.id for p in shipped.packs] == [
        "video", "flood", "gas", "forest", "grid", "city", "hotline", "emergency", "fire",
        "broadcast", "construction", "houses", "regulated", "lifelines", "ecology", "traffic",
        "society", "data",
    ]  # fmt: skip
    assert all(p.kpi or p.id == "emergency" for p in shipped.packs)
    level = shipped.rules["level_high"]
    assert [limit.at for limit in level.limits] == [0.30, 0.45, 0.60]
    assert level.hysteresis == 0.03
    assert shipped.categories[level.category].label.zh == "道路积水"
    assert shipped.categories[level.category].limit == TimeLimit(amount=2, unit="urgent_hours")


@pytest.mark.parametrize(
    ("amount", "unit", "runs_on", "seconds", "without_calendar_s"),
    [
        (2, "urgent_hours", True, 7_200.0, 7_200.0),
        (4, "working_hours", False, 14_400.0, 14_400.0),
        (3, "working_days", False, 86_400.0, 259_200.0),
        (15, "natural_days", True, 1_296_000.0, 1_296_000.0),
    ],
)
def test_a_limit_is_what_the_standard_names(
    amount: float, unit: Any, runs_on: bool, seconds: float, without_calendar_s: float
) -> None:
    limit = TimeLimit(amount=amount, unit=unit)
    assert (limit.runs_on, limit.seconds) == (runs_on, seconds)
    label = Label(zh="树", en="tree")
    category = Category(code="T", label=label, department="林业局", limit=limit)
    assert category.limit_s == without_calendar_s


def labels(value: object) -> list[Label]:
    """Every label inside a pack record."""
    if isinstance(value, Label):
        return [value]
    if isinstance(value, tuple):
        return [found for item in value for found in labels(item)]
    if isinstance(value, dict):
        return [found for item in value.values() for found in labels(item)]
    fields = getattr(value, "__struct_fields__", ())
    return [found for name in fields for found in labels(getattr(value, name))]


def test_every_shipped_label_speaks_both_languages(shipped: Catalogue) -> None:
    found = [label for pack in shipped.packs for label in labels(pack)]
    assert len(found) > 100
    for label in found:
        assert label.zh.strip()
        assert label.en.strip()
        assert label.en.isascii()


def test_things_are_told_apart_without_colour(shipped: Catalogue) -> None:
    drawn = [(k.symbol.shape, k.symbol.glyph) for k in shipped.kinds.values()]
    assert len(set(drawn)) == len(drawn)
    assert all(k.symbol.fill == "" for k in shipped.kinds.values())


def test_who_a_person_is_is_personal(shipped: Catalogue) -> None:
    personal = {
        "person", "phone", "contact", "keeper", "leader", "driver", "manager", "owner_name",
        "caller", "caller_phone", "reporter", "reporter_phone", "ranger", "secretary", "watcher",
        "residents",
    }  # fmt: skip
    seen = set()
    for kind in shipped.kinds.values():
        for attribute in kind.attribute:
            if attribute.name in personal:
                seen.add(attribute.name)
                assert attribute.data_class == "personal"
    assert seen == personal
    homes = ("gas_guard", "self_built_house", "unsafe_house", "illegal_building")
    for kind in homes:
        address = next(a for a in shipped.kinds[kind].attribute if a.name == "address")
        assert address.data_class == "personal"
        assert not shipped.kinds[kind].search
    findings = [a for k in shipped.kinds.values() for a in k.attribute if a.name == "inspection"]
    assert len(findings) > 5
    assert {a.data_class for a in findings} == {"sensitive"}


def test_a_value_reads_as_a_person_reads_it(shipped: Catalogue) -> None:
    attributes = {a.name: a for a in shipped.kinds["camera"].attribute}
    assert attributes["category"].value_text("compound", "zh_CN") == "老旧楼院"
    assert attributes["category"].value_text("compound", "en") == "Old compound"
    assert attributes["fov_deg"].value_text(60.0, "en") == "60 °"
    assert attributes["ptz"].value_text(True, "zh") == "是"
    assert attributes["site"].value_text(None, "zh") == ""
