"""Plays the console's sounds and tells how they stand. GUI thread.

A machine without a sound device fails nothing, and the desk says so from the start.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtMultimedia import QMediaDevices, QSoundEffect

from app.resources import resource
from app.session import ConsoleSession
from app.sounding import Sound, SoundPolicy, newly_raised
from services.domain.model import Alarm, Severity
from services.domain.world import Delta
from services.feed.source import LinkUpdate
from widgets.words import severity_word

TICK_MS = 1_000
TELL_EVERY_S = 60.0
"""In a storm of alarms words about them come no more often, or they would be a storm as well."""


class Speaker(Protocol):
    """What plays a sound by its name."""

    def audible(self) -> bool:
        """Whether anything can be heard."""

    def play(self, name: str) -> bool:
        """Start it; false where nothing can be heard."""

    def close(self) -> None:
        """Let go of the device."""


class DeviceSpeaker:
    """The machine's loudspeaker."""

    def __init__(self) -> None:
        self._effects: dict[str, QSoundEffect] = {}

    def audible(self) -> bool:
        """Whether the machine has a sound output now."""
        return bool(QMediaDevices.audioOutputs())

    def play(self, name: str) -> bool:
        """Start one of the shipped sounds; false without a device."""
        if not self.audible():
            return False
        effect = self._effects.get(name)
        if effect is None:
            effect = self._effects[name] = QSoundEffect()
            effect.setSource(QUrl.fromLocalFile(str(resource("sounds", f"{name}.wav"))))
        effect.play()
        return True

    def close(self) -> None:
        """Silence, and give the device back."""
        for effect in self._effects.values():
            effect.stop()
            effect.deleteLater()
        self._effects.clear()


class Sounds(QObject):
    """Listens to the live session.

    ``changed(muted seconds or None, audible)`` when it turns and each second while muted;
    ``told(Severity, text)`` when one sound stands for several alarms.
    """

    changed = Signal(object, bool)
    told = Signal(object, str)

    def __init__(
        self,
        session: ConsoleSession,
        speaker: Speaker,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._speaker = speaker
        self._clock = clock
        self._policy = SoundPolicy()
        self._known: dict[str, Alarm] | None = None
        self._audible = speaker.audible()
        self._was_muted = False
        self._untold: list[Severity] = []
        self._told_at = -TELL_EVERY_S
        session.model.changed.connect(self._changed)
        session.link_changed.connect(self._link_changed)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self.tick)
        self._tick.start()

    def toggle_mute(self) -> None:
        """Silence for a quarter of an hour, or end the silence."""
        now = self._clock()
        if self._policy.muted_s(now) is None:
            self._policy.mute(now)
        else:
            self._policy.unmute()
        self.tell()

    def tell(self) -> None:
        """Say how the sounds stand."""
        muted = self._policy.muted_s(self._clock())
        self._was_muted = muted is not None
        self.changed.emit(muted, self._audible)

    def tick(self) -> None:
        """Let what was held back sound; runs by itself each second."""
        self._play(self._policy.due(self._clock()))
        if self._was_muted:
            self.tell()

    def close(self) -> None:
        """Be silent."""
        self._tick.stop()
        self._speaker.close()

    # -- inside ---------------------------------------------------------------
    def _changed(self, delta: Delta) -> None:
        if delta.reset:
            before, self._known = self._known, dict(self._session.model.alarms)
            if before is None:
                return  # what stood before this console came is no news
            raised = newly_raised(before, dict(self._known), self._session.model.now())
        else:
            known = self._known if self._known is not None else {}
            raised = newly_raised(known, delta.alarms, self._session.model.now())
            for key, alarm in delta.alarms.items():
                if alarm is None:
                    known.pop(key, None)
                else:
                    known[key] = alarm
            self._known = known
        self._play(self._policy.alarms(raised, self._clock()))

    def _link_changed(self, link: LinkUpdate) -> None:
        if link.state == "connecting":
            return  # neither dead nor alive: what it was before stands
        self._play(self._policy.feed(link.old, self._clock()))

    def _play(self, sound: Sound | None) -> None:
        if sound is None:
            return
        audible = self._speaker.play(sound.name)
        if audible != self._audible:
            self._audible = audible
            self.tell()
        self._untold += [sound.severity] * sound.held
        now = self._clock()
        if len(self._untold) < 2 or now - self._told_at < TELL_EVERY_S:
            return
        worst, count = max(self._untold), len(self._untold)
        self._untold, self._told_at = [], now
        words = self.tr("{0} more alarms have come, the worst: {1}.")
        self.told.emit(worst, words.format(count, severity_word(worst)))
