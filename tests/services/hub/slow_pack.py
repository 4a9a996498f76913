"""A pack with delays, short shelves and a state that suppresses, as a district would write it."""

from __future__ import annotations

from pathlib import Path

PACK = """
id = "slow"
version = 1
label = {{ zh = "慢", en = "Slow" }}

[[kind]]
id = "pump"
label = {{ zh = "泵", en = "Pump" }}
geometry = "point"
traits = ["located", "observing"]
symbol = {{ shape = "circle" }}
measure = [
  {{ name = "heat", label = {{ zh = "热", en = "Heat" }}, unit = "°C", min = -50, max = 500 }},
  {{ name = "noise", label = {{ zh = "响", en = "Noise" }}, unit = "dB", min = 0, max = 200 }},
]
state = [
  {{ id = "running", label = {{ zh = "运行", en = "Running" }} }},
  {{ id = "maintenance", label = {{ zh = "检修", en = "Maintenance" }}, suppresses_alarms = true }},
]

# Its state follows from its reading: while it is washed, it asks for nobody.
[[kind]]
id = "vat"
label = {{ zh = "罐", en = "Vat" }}
geometry = "point"
traits = ["located", "observing"]
symbol = {{ shape = "circle" }}
measure = [
  {{ name = "fill", label = {{ zh = "满", en = "Fill" }}, unit = "%", min = 0, max = 100 }},
]
state = [
  {{ id = "in_use", label = {{ zh = "在用", en = "In use" }} }},
  {{ id = "washed", label = {{ zh = "清洗", en = "Washed" }}, suppresses_alarms = true }},
]
status = [{{ measure = "fill", state = "washed", above = 98.0 }}]

[[rule]]
id = "full"
kind = "vat"
measure = "fill"
label = {{ zh = "满", en = "Full" }}
limits = [{{ severity = "minor", at = 90.0 }}]

[[rule]]
id = "hot"
kind = "pump"
measure = "heat"
label = {{ zh = "过热", en = "Hot" }}
on_delay_s = {delay}
off_delay_s = {delay}
limits = [{{ severity = "minor", at = 80.0 }}, {{ severity = "major", at = 100.0 }}]

[[rule]]
id = "loud"
kind = "pump"
measure = "noise"
label = {{ zh = "噪声大", en = "Loud" }}
latched = false
max_shelve_s = 600.0
limits = [{{ severity = "minor", at = 90.0 }}]
"""

HOT, LOUD = "rule|hot|pump:1", "rule|loud|pump:1"


def write(directory: Path, delay: float = 10.0) -> Path:
    """Write the pack; its directory."""
    directory.mkdir()
    (directory / "slow.toml").write_text(PACK.format(delay=delay), "utf-8")
    return directory


def pump(number: int = 1) -> dict[str, object]:
    """A pump, as a source describes it."""
    return {
        "type": "entity",
        "id": f"pump:{number}",
        "kind": "pump",
        "name": f"Pump {number}",
        "lon": 101.8,
        "lat": 36.6,
    }


def reads(number: int = 1, **values: float) -> dict[str, object]:
    """What a pump measures."""
    return {"type": "reading", "id": f"pump:{number}", "values": values}


def is_in(state: str, number: int = 1) -> dict[str, object]:
    """The state a pump is in."""
    return {"type": "status", "id": f"pump:{number}", "state": state}
