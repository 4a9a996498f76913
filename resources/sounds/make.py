"""Makes the console's sounds: python3 resources/sounds/make.py [DIRECTORY]

More and quicker pulses are more urgent; the harmonics are for ears that hear high tones badly.
Computed here, byte for byte the same each time; nothing is recorded from anywhere.
"""

from __future__ import annotations

import array
import math
import sys
import wave
from pathlib import Path

RATE = 22_050
FADE_S = 0.012
PEAK = 0.5
HARMONICS = (1.0, 0.5, 0.25, 0.12)
Pulse = tuple[float, float, float]
"""Frequency in hertz, length in seconds, silence after it in seconds."""
SOUNDS: dict[str, tuple[Pulse, ...]] = {
    "minor": ((523.25, 0.16, 0.0),),
    "major": ((587.33, 0.14, 0.10), (587.33, 0.14, 0.10), (493.88, 0.18, 0.0)),
    "critical": (
        (698.46, 0.09, 0.05),
        (698.46, 0.09, 0.05),
        (880.00, 0.09, 0.14),
        (698.46, 0.09, 0.05),
        (880.00, 0.16, 0.0),
    ),
    "stale": ((440.00, 0.20, 0.06), (329.63, 0.34, 0.0)),
}


def samples(pulses: tuple[Pulse, ...]) -> array.array[int]:
    """Signed 16-bit samples, mono, that begin and end in silence."""
    out = array.array("h")
    total = sum(HARMONICS)
    for hertz, length, silence in pulses:
        count = round(length * RATE)
        for n in range(count):
            edge = min(n, count - 1 - n) / (FADE_S * RATE)
            wave_now = sum(
                share * math.sin(2 * math.pi * hertz * (i + 1) * n / RATE)
                for i, share in enumerate(HARMONICS)
            )
            out.append(round(32_767 * PEAK * min(1.0, edge) * wave_now / total))
        out.extend([0] * round(silence * RATE))
    return out


def write(directory: Path) -> None:
    """One WAV file per sound."""
    for name, pulses in SOUNDS.items():
        data = samples(pulses)
        if sys.byteorder == "big":
            data.byteswap()
        with wave.open(str(directory / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(data.tobytes())


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
