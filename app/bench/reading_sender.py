"""A city that sends readings at a steady rate; a process of its own beside the live bench.

``python -m app.bench.reading_sender URL TOKEN SENSORS RATE SECONDS``. Each reading carries the
moment it was sent as its own time, so the receiver can tell how old it is.
"""

from __future__ import annotations

import sys
import time

from services.ingest.http_client import HubClient

BATCHES_A_SECOND = 20


def main() -> None:
    """Send, keeping the rate whatever single answers take."""
    url, token, sensors, rate, seconds = sys.argv[1:6]
    count, per_batch = int(sensors), int(rate) // BATCHES_A_SECOND
    began = time.monotonic()
    number = 0
    with HubClient(url, token) as hub:
        for batch in range(int(float(seconds) * BATCHES_A_SECOND)):
            wait = began + batch / BATCHES_A_SECOND - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            now = time.time()
            items: list[dict[str, object]] = [
                {
                    "type": "reading",
                    "id": f"level_sensor:{(number + n) % count:05}",
                    "time": now,
                    "values": {"level": 0.1 + batch % 10 * 0.01},
                    # Every round a mark looks different, so that there is something to paint.
                    "link": ("online", "offline")[(number + n) // count % 2],
                }
                for n in range(per_batch)
            ]
            number += per_batch
            hub.ingest(items)


if __name__ == "__main__":
    main()
