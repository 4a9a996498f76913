"""``python -m services.ingest``: the simulator alone, on the hub of a data directory."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from pathlib import Path

from services.access.tokens import TokenFile
from services.demo.inventory import SEED
from services.domain.errors import KnownError
from services.ingest.simulator import SimulatorOptions, run


def main(words: list[str] | None = None) -> int:
    """Run the simulator; exit status 0, or 2 with one line on stderr."""
    parser = argparse.ArgumentParser(prog="python -m services.ingest")
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--hub", default="")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--team-speed", type=float, default=6.0)
    parser.add_argument("--no-scenes", action="store_true")
    parser.add_argument("--demo-officer", action="store_true")
    parser.add_argument("--child", action="store_true")
    given = parser.parse_args(words)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    try:
        tokens = TokenFile(given.data / "tokens.toml")
        hub = given.hub or json.loads((given.data / "hub.json").read_text(encoding="utf-8"))["url"]
        options = SimulatorOptions(
            url=hub,
            token_source=tokens.token_of("source"),
            token_reader=tokens.token_of("simulator"),
            token_field=tokens.token_of("field"),
            token_officer=tokens.token_of("duty2") if given.demo_officer else "",
            seed=given.seed,
            speed=given.speed,
            time_scale=given.team_speed,
            scenes=not given.no_scenes,
            child=given.child,
        )
        return run(options)
    except (KnownError, OSError) as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    raise SystemExit(main())
