"""The synthetic street of a demo camera: drawn, marked as simulated, deterministic by camera id."""

from __future__ import annotations

import math
import random
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 640, 360
# The streets shown stand in one district of China; its clock does not depend on the machine's.
LOCAL_TIME = timezone(timedelta(hours=8))
_HORIZON = 150
_VANISHING_X = WIDTH // 2
_FONT_PLACES = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/System/Library/Fonts/PingFang.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)
Colour = tuple[int, int, int]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font file, or None for Pillow's own Latin one; ``cjk`` tells whether it has Chinese."""

    path: Path | None
    cjk: bool

    def at(self, size: int) -> Font:
        """Return the face at a size in pixels."""
        if self.path is None:
            return ImageFont.load_default(size)
        return ImageFont.truetype(str(self.path), size)


def find_typeface() -> Typeface:
    """Ask fontconfig for a Chinese face, then look at known places, else use Pillow's Latin."""
    matcher = shutil.which("fc-match")
    if matcher is not None:
        answer = subprocess.run(
            [matcher, "-f", "%{file}\n%{lang}", "sans-serif:lang=zh-cn"],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
        file, _, languages = answer.stdout.partition("\n")
        if answer.returncode == 0 and "zh-cn" in languages and Path(file).is_file():
            return Typeface(Path(file), cjk=True)
    for place in _FONT_PLACES:
        if Path(place).is_file():
            return Typeface(Path(place), cjk="DejaVu" not in place)
    return Typeface(None, cjk=False)


@dataclass(frozen=True, slots=True)
class _Car:
    """``lane`` −1 … 1 across the road, ``speed`` in road lengths a second, + towards us."""

    lane: float
    speed: float
    start: float
    colour: Colour
    tall: bool

    def depth(self, unix_time: float) -> float:
        """Return the place along the road, 0 at the horizon, 1 at the near edge."""
        return (self.start + unix_time * self.speed) % 1.0


class StreetScene:
    """Draws one camera's street at a moment. Used by one thread at a time.

    The place (houses, trees, cars) follows from the camera id, light from the hour, positions
    from the time: two scenes of the same id draw the same picture for the same arguments.
    """

    def __init__(self, camera_id: str, typeface: Typeface) -> None:
        self._small = typeface.at(16)
        self._large = typeface.at(20)
        self._label = self._draw_label(camera_id)
        self._mark = "模拟画面 SIMULATED" if typeface.cjk else "SIMULATED PICTURE"
        dice = random.Random(camera_id)
        self._houses = _houses(dice)
        self._cars = tuple(_car(dice) for _ in range(dice.randint(4, 8)))
        self._rain_seed = dice.random()
        self._backdrop: Image.Image | None = None
        self._backdrop_key: tuple[int, bool] | None = None

    def draw(self, unix_time: float, *, rain: bool = False) -> Image.Image:
        """Return the RGB picture, 640×360, at a time in UNIX seconds."""
        moment = datetime.fromtimestamp(unix_time, LOCAL_TIME)
        light = daylight(moment.hour + moment.minute / 60) * (0.7 if rain else 1.0)
        # Twenty steps of light: the expensive part is drawn anew a few times an hour only.
        key = (round(light * 20), rain)
        if self._backdrop is None or self._backdrop_key != key:
            self._backdrop = self._draw_backdrop(light, rain)
            self._backdrop_key = key
        picture = self._backdrop.copy()
        pen = ImageDraw.Draw(picture)
        for car in sorted(self._cars, key=lambda car: car.depth(unix_time)):
            _draw_car(pen, car, car.depth(unix_time), max(light, 0.5))
        if rain:
            self._draw_rain(pen, unix_time)
        # Last, so that no car drives over the camera's id.
        picture.paste(self._label, (0, HEIGHT - self._label.height))
        pen.text(
            (12, 8), moment.strftime("%Y-%m-%d %H:%M:%S"), fill=(255, 255, 255), font=self._large
        )
        return picture

    def _draw_backdrop(self, light: float, rain: bool) -> Image.Image:
        picture = Image.new("RGB", (WIDTH, HEIGHT))
        pen = ImageDraw.Draw(picture)
        top, low = _SKY_RAIN if rain else _SKY_DAY
        for y in range(_HORIZON):
            pen.line((0, y, WIDTH, y), fill=_lit(_mix(top, low, y / _HORIZON), light))
        pen.rectangle((0, _HORIZON, WIDTH, HEIGHT), fill=_lit((118, 124, 104), max(light, 0.36)))
        for x, width, height, colour in self._houses:
            _draw_house(pen, x, width, height, colour, light)
        # Street lamps: the road never gets as dark as the sky.
        lamps = max(light, 0.5)
        asphalt = _lit((66, 70, 76) if rain else (92, 94, 98), lamps)
        edge = _lit((190, 190, 184), lamps)
        pen.polygon([*_across(-1.15, 1.0), *_across(1.15, 1.0)[::-1]], fill=asphalt)
        for lane in (-1.1, 1.1):
            pen.polygon([*_across(lane - 0.02, 1.0), *_across(lane + 0.02, 1.0)[::-1]], fill=edge)
        for step in range(12):
            near, far = (step + 0.6) / 12, step / 12
            pen.polygon(
                [_road(-0.02, far), _road(0.02, far), _road(0.03, near), _road(-0.03, near)],
                fill=edge,
            )
        self._write_mark(pen)
        return picture

    def _write_mark(self, pen: ImageDraw.ImageDraw) -> None:
        """That this picture is simulated is part of the picture itself."""
        pen.rectangle((0, 0, 232, 38), fill=(12, 16, 20))
        width = pen.textlength(self._mark, font=self._large)
        pen.rectangle((WIDTH - width - 24, 0, WIDTH, 38), fill=(120, 40, 40))
        pen.text((WIDTH - width - 12, 8), self._mark, fill=(255, 255, 255), font=self._large)

    def _draw_label(self, camera_id: str) -> Image.Image:
        width = round(self._small.getlength(camera_id)) + 24
        label = Image.new("RGB", (min(width, WIDTH), 30), (12, 16, 20))
        ImageDraw.Draw(label).text((12, 4), camera_id, fill=(230, 237, 243), font=self._small)
        return label

    def _draw_rain(self, pen: ImageDraw.ImageDraw, unix_time: float) -> None:
        dice = random.Random(self._rain_seed)
        for _ in range(160):
            x = dice.random() * WIDTH
            speed = 500 + dice.random() * 300
            y = (dice.random() * HEIGHT + unix_time * speed) % HEIGHT
            pen.line((x, y, x - 3, y + 16), fill=(168, 178, 190))


_SKY_DAY: tuple[Colour, Colour] = ((104, 152, 206), (206, 222, 236))
_SKY_RAIN: tuple[Colour, Colour] = ((108, 116, 126), (158, 164, 170))


def daylight(hour: float) -> float:
    """Return the light of an hour of day, 0.22 (night) … 1.0 (noon)."""
    height = math.sin((hour - 6.0) / 12.0 * math.pi)
    return min(1.0, max(0.22, 0.45 + 0.9 * height))


def _houses(dice: random.Random) -> tuple[tuple[int, int, int, Colour], ...]:
    """Return (x, width, height, colour) of the row on the horizon, left to right."""
    houses: list[tuple[int, int, int, Colour]] = []
    x = -20
    while x < WIDTH:
        width = dice.randint(44, 96)
        grey = dice.randint(120, 178)
        colour = (grey + dice.randint(0, 18), grey, grey - dice.randint(0, 20))
        houses.append((x, width, dice.randint(30, 104), colour))
        x += width + dice.choice((0, 0, 6, 22))
    return tuple(houses)


def _car(dice: random.Random) -> _Car:
    towards = dice.random() < 0.5
    lane = dice.choice((0.3, 0.75)) * (-1 if towards else 1)
    speed = dice.uniform(0.06, 0.14) * (1 if towards else -1)
    colour = dice.choice(
        ((198, 204, 210), (60, 66, 74), (168, 50, 48), (52, 88, 140), (214, 176, 72), (90, 110, 96))
    )
    return _Car(lane, speed, dice.random(), colour, tall=dice.random() < 0.25)


def _road(lane: float, depth: float) -> tuple[float, float]:
    """Return the pixel of a place on the road; depth 0 is the horizon, 1 the near edge."""
    near = depth * depth
    return (
        _VANISHING_X + lane * (18 + near * 330),
        _HORIZON + near * (HEIGHT - _HORIZON),
    )


def _across(lane: float, depth: float) -> list[tuple[float, float]]:
    return [_road(lane, 0.0), _road(lane, depth)]


def _draw_house(
    pen: ImageDraw.ImageDraw, x: int, width: int, height: int, colour: Colour, light: float
) -> None:
    top = _HORIZON - height
    pen.rectangle((x, top, x + width, _HORIZON), fill=_lit(colour, light))
    lamp = (238, 214, 140) if light < 0.5 else _lit((96, 112, 130), light)
    dark = _lit((70, 80, 92), light)
    for row, y in enumerate(range(top + 6, _HORIZON - 8, 13)):
        for column, left in enumerate(range(x + 6, x + width - 8, 13)):
            on = (row * 5 + column * 3 + x) % 4 != 0
            pen.rectangle((left, y, left + 6, y + 7), fill=lamp if on else dark)


def _draw_car(pen: ImageDraw.ImageDraw, car: _Car, depth: float, light: float) -> None:
    x, y = _road(car.lane, depth)
    half = 3 + depth * depth * 44
    tall = half * (2.0 if car.tall else 1.25)
    body = _lit(car.colour, light)
    pen.rectangle((x - half, y - tall, x + half, y), fill=body)
    pen.rectangle(
        (x - half * 0.8, y - tall * 0.92, x + half * 0.8, y - tall * 0.55),
        fill=_lit((44, 54, 66), light),
    )
    wheel = max(1.0, half * 0.22)
    for side in (-1, 1):
        at = x + side * half * 0.62
        pen.rectangle((at - wheel, y - wheel, at + wheel, y + wheel * 0.6), fill=(18, 20, 22))
        lamp = (
            ((255, 246, 200) if light < 0.6 else (226, 226, 214))
            if car.speed > 0
            else (206, 52, 48)
        )
        pen.rectangle((at - wheel, y - tall * 0.42, at + wheel, y - tall * 0.26), fill=lamp)


def _mix(first: Colour, second: Colour, part: float) -> Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(first, second, strict=True))
    return red, green, blue


def _lit(colour: Colour, light: float) -> Colour:
    """Dim a colour; the night keeps a little blue."""
    red, green, blue = colour
    return round(red * light), round(green * light), min(255, round(blue * (light + 0.06)))
