"""The console: builds its parts once and owns them until it closes. GUI thread.

Sessions, windows and services are handed out by constructor; nothing looks anything up.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.actions import add_help_key
from app.base_maps import BaseMaps
from app.bridge import ThreadBridge
from app.console_parts import Parts
from app.controllers.desk import DeskController
from app.controllers.video import VideoController
from app.controllers.wall import WallController
from app.journal import open_journal
from app.kept import Kept, kept_of, put_back
from app.map_windows import MapWindows
from app.operations import Operations
from app.options import ConsoleOptions
from app.pictures import PictureTaker
from app.resources import resource
from app.road_book import road_books
from app.screens import ScreenKeeper
from app.seat import SeatKeeper, lockable
from app.session import ConsoleSession, Keeper
from app.settings import Settings
from app.side_windows import SIDE, Around, build_side, load_under_way
from app.sounds import DeviceSpeaker, Sounds
from app.sources import SessionMaker
from app.tables import TableShelf
from app.user_notes import UserNotes
from app.waits_aloud import WaitsAloud
from app.wall_distance import distance_words
from app.windows.desk import DeskWindow
from app.windows.imports import ImportWindow
from app.windows.kinds import ConsoleWindow
from app.windows.table import TableWindow
from app.windows.video import VideoWindow
from app.windows.wall import WallWindow
from app.workspace_file import WorkspaceFile
from app.workspaces import Workspaces
from layers.model.places import Places, read_units
from services.cases.calendar_file import load_calendar
from services.feed.api import HubApi
from services.packs.loader import default_directory, load
from services.tls.contexts import trust
from widgets.theme import Theme, Variant
from widgets.wall_scale import DESIGN_HEIGHT

log = logging.getLogger(__name__)
UNITS = resource("admin", "admin_units.csv")
WALL_WORDS = 1.7
"""Names of the wall's base map, against a desk's: readable, but behind the marks."""
FILL_AFTER_MS = 2_000
"""How long an empty video window waits for a person before it shows what is most urgent."""
JOURNALS = "journal"
"""Folder of the data directory with the orders that wait for a line."""


class Console(QObject):
    """All windows of one person at one hub.

    ``left(notice)``: this person's login is over; whoever built the console lets somebody log in.
    """

    left = Signal(str)

    def __init__(
        self,
        options: ConsoleOptions,
        application: QApplication,
        theme: Theme,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._options = options
        self._application = application
        self._bridge = ThreadBridge(self)
        self._operations = Operations(self._bridge)
        self._trust = trust(options.hub_url, options.ca)
        self._api = HubApi(options.hub_url, options.tokens, self._trust)
        self._settings = Settings(options.data_dir)
        self._bases = BaseMaps(
            options.data_dir,
            options.user,
            theme,
            self._operations,
            self._bridge,
            self,
            wall_words=self._wall_map_words,
        )
        self._screens = ScreenKeeper(application, self)
        self._tables = TableShelf(self._show, self.close_window, self._settings)
        self.windows: dict[str, QWidget] = {}
        self._around = Around(self.act, self._show_box)
        self._closers: dict[str, Callable[[], None]] = {}
        self._desks: dict[str, DeskController] = {}
        self._rebuilding = False
        self.parts = Parts(
            catalogue=load(default_directory(), *options.packs_dirs),
            calendar=load_calendar(),
            theme=theme,
            lang=options.lang,
            user=options.user,
            seat=options.seat,
            tile_url=self._bases.url,
            bases=self._bases,
            home=self._bases.home,
            places=Places.of(self._bases.basemap, read_units(UNITS)),
            notes=UserNotes(options.data_dir, options.user),
            api=self._api,
            operations=self._operations,
            logged_in=options.logged_in,
            hub_url=options.hub_url,
            roads=road_books(options.data_dir, self._operations, self, self._api),
        )
        at_hub = (options.hub_url, options.user)
        saved = WorkspaceFile(options.data_dir, *at_hub)
        self._workspaces = Workspaces(saved, self.parts.catalogue, self._operations, self)
        self._maps = MapWindows(
            lambda: self.parts, self._workspaces, self._tables, self._show, self.act, self
        )
        self._make = SessionMaker(options, self.parts.catalogue, self._bridge, self._trust, self)
        self._journal = open_journal(options.data_dir / JOURNALS, *at_hub)
        keeper = None if self._journal is None else Keeper(self._journal, self._operations)
        self.live = self._make.live(keeper)
        self._waits = WaitsAloud(self.live, options.hub_url, parent=self)
        self._seat: SeatKeeper | None = None
        if options.logged_in is not None:
            self._seat = SeatKeeper(
                options.logged_in,
                self._operations,
                lambda: self.parts.theme,
                lambda: lockable(self.windows),
                lambda: self.live.model.alarms.values(),
                options.idle_lock_s,
                parent=self,
            )
            self._seat.left.connect(self.left)
            self.live.link_changed.connect(self._seat.link_changed)
        self._leaving: list[ConsoleSession] = []
        self._sounds = Sounds(self.live, DeviceSpeaker(), parent=self)
        self._pictures: PictureTaker | None = None
        if options.pictures_dir is not None:
            self._pictures = PictureTaker(
                lambda: dict(self.windows), options.pictures_dir, options.picture_interval_s, self
            )

    # -- life -----------------------------------------------------------------
    def start(self) -> None:
        """Open the windows that were asked for and connect."""
        for name in self._options.windows:
            self.open_window(name)
        self.live.start()
        if self._pictures is not None:
            self._pictures.start()

    def leave(self) -> None:
        """Take everything apart for another login; the application goes on."""
        self._rebuilding = True
        self.close()

    def close(self) -> None:
        """Take everything apart in the reverse order of building."""
        if self._seat is not None:
            self._seat.close()
        if self._pictures is not None:
            self._pictures.stop()
            self._pictures.take()
        for name in list(self.windows):
            self.close_window(name)
        self._sounds.close()
        for session in (self.live, *self._leaving):
            session.close()
        self._workspaces.close()
        self._operations.close()
        if self._journal is not None:
            self._journal.close()
        self._api.close()
        self._bridge.close()
        self._bases.close()
        self._screens.close()

    # -- actions ----------------------------------------------------------------
    def act(self, name: str) -> None:
        """Carry out an action of ``app.actions`` that concerns more than one window."""
        if name == "theme":  # not from within a window that goes
            QTimer.singleShot(0, self, self.change_look)
        elif name == "mute":
            self._sounds.toggle_mute()
        elif name.startswith("distance_"):
            self._set_wall_distance(float(name.removeprefix("distance_")) or None)
        elif self._seat is None or not self._seat.act(name):
            self.open_window(name)

    def change_look(self) -> None:
        """Day colours instead of night ones, or back. The windows are built anew and arranged as
        they were; while a dispatch is being prepared nothing is, because it would be lost."""
        desks, words = self._desks.values(), load_under_way(self.windows)
        if any(desk.incident.is_open for desk in desks):
            words = self.tr("Send or drop the dispatch first; the windows are built anew.")
        if words:
            for desk in desks:
                desk.say(words)
            return
        variant: Variant = "light" if self.parts.theme.name == "dark" else "dark"
        self._settings.set_variant(variant)
        kept = {
            n: kept_of(window, self._desks.get(n))
            for n, window in self.windows.items()
            if not isinstance(window, TableWindow)  # tables are a part of what their desk keeps
        }
        quits = self._application.quitOnLastWindowClosed()
        self._application.setQuitOnLastWindowClosed(False)
        self._rebuilding = True
        for name in list(self.windows):
            self.close_window(name)
        self._take_look(Theme.load(variant=variant))
        for name, state in kept.items():
            self._open_again(name, state)
        self._rebuilding = False
        self._application.setQuitOnLastWindowClosed(quits)
        QTimer.singleShot(0, self, self._tell_all)  # when the old windows are gone

    def _tell_all(self) -> None:
        self.live.tell_all()
        self._sounds.tell()

    def _take_look(self, theme: Theme) -> None:
        theme.apply(self._application)
        self._bases.take_look(theme)
        self.parts = replace(self.parts, theme=theme, tile_url=self._bases.url)

    def _open_again(self, name: str, kept: Kept) -> None:
        if name == "video":
            self._open_video(filled=False)
            for camera_id in kept.cameras:
                self._video_controller.open_camera(camera_id)
        elif name == "replay" and kept.desk is not None:
            self._open_replay(kept.desk.at)
        else:
            self.open_window(name)
        if name in self.windows:  # and not the map of a replay that is gone
            put_back(kept, self.windows[name], self._desks.get(name))

    def _set_wall_distance(self, metres: float | None) -> None:
        self._settings.set_wall_distance_m(metres)
        wall = self.windows.get("wall")
        if isinstance(wall, WallWindow):
            wall.set_viewing_distance(metres)
        for desk in self._desks.values():
            desk.say(distance_words(metres, wall if isinstance(wall, WallWindow) else None))

    # -- windows ----------------------------------------------------------------
    def open_window(self, name: str) -> None:
        """Open one of ``options.WINDOWS`` or of ``SIDE``, or bring it to the front."""
        if name in self.windows:
            window = self.windows[name]
            window.raise_()
            window.activateWindow()
            return
        if "map-" in name:
            self._maps.open_named(name, self.live)
            return
        opened: dict[str, Callable[[], object]] = {
            "desk": self._open_desk,
            "wall": self._open_wall,
            "video": self._open_video,
            "replay": self._open_replay,
            **{side: partial(self._open_side, side) for side in SIDE},
        }
        opened[name]()

    def open_video(self, camera_id: str) -> None:
        """Show a camera in the video window, which opens when it is not there."""
        if "video" in self.windows:
            self.open_window("video")
        else:
            self._open_video(filled=False)
        self._video_controller.open_camera(camera_id)

    def close_window(self, name: str) -> None:
        """Close a window and take its controller apart; quits when it was the last one."""
        window = self.windows.pop(name, None)
        if window is None:
            return
        self._closers.pop(name)()
        self._desks.pop(name, None)
        self._screens.release(window)
        window.close()
        window.deleteLater()
        if not self.windows and not self._rebuilding:
            self._application.quit()

    def _closed(self, name: str, window: QWidget) -> None:
        if self.windows.get(name) is window:  # and not one that was opened since by this name
            self.close_window(name)

    def _open_desk(self) -> None:
        window = DeskWindow(self.parts, self.live)
        controller = self._control("desk", window, self.live)
        self._sounds.changed.connect(window.top.set_sound)
        self._sounds.told.connect(window.messages.show_message)
        self._sounds.tell()
        self._show("desk", window, partial(self._end, controller, window), fill=True)

    def _control(self, name: str, window: DeskWindow, session: ConsoleSession) -> DeskController:
        controller = DeskController(
            self.parts, session, window, self.open_video, self._workspaces, self._tables
        )
        controller.action_requested.connect(self.act)
        window.drops.dropped.connect(self.load_file)
        self._desks[name] = controller
        self._maps.join(session, controller, window.map)
        return controller

    def _end(self, controller: DeskController, window: DeskWindow) -> None:
        self._maps.leave(controller.session, window.map)
        controller.close()

    def _open_wall(self) -> None:
        distance_m = self._settings.wall_distance_m
        window = WallWindow(self.parts, self.live, self._bases.wall_url(), distance_m)
        controller = WallController(self.parts, self.live, window)
        self._show("wall", window, controller.close, fill=True)

    def _wall_map_words(self) -> float:
        high = self._application.primaryScreen().size().height() / DESIGN_HEIGHT
        return WALL_WORDS * max(1.0, high)

    def _open_video(self, filled: bool = True) -> None:
        window = VideoWindow(self.parts)
        self._video_controller = VideoController(self.parts, self.live, window.grid)
        self._show("video", window, self._video_controller.close, fill=True)
        if filled:
            QTimer.singleShot(FILL_AFTER_MS, self, self._fill_video)

    def _fill_video(self) -> None:
        west, south, east, north = self.parts.home
        if "video" not in self.windows:
            return
        if not self.live.model.entities:  # the hub is still on its way
            QTimer.singleShot(FILL_AFTER_MS, self, self._fill_video)
            return
        self._video_controller.fill((west + east) / 2, (south + north) / 2)

    def _open_replay(self, at: float | None = None) -> None:
        for ended in [s for s in self._leaving if s.ended]:
            self._leaving.remove(ended)
            ended.deleteLater()
        session = self._make.replay()
        window = DeskWindow(self.parts, session)
        controller = self._control("replay", window, session)

        def close() -> None:
            self._end(controller, window)
            session.leave()
            self._leaving.append(session)

        self._show("replay", window, close, fill=True)
        if controller.replay is not None:
            controller.replay.begin(self._options.replay_at if at is None else at)

    def _open_side(self, name: str) -> None:
        window, close = build_side(name, self.parts, self._options, self._around)
        self._show(name, window, close, fill=False)

    def load_file(self, path: str) -> None:
        """Begin to load a file that was dropped on the desk."""
        self.open_window("imports")
        window = self.windows["imports"]
        if isinstance(window, ImportWindow):
            window.dropped.emit(path)

    def _show_box(self, box: tuple[float, float, float, float]) -> None:
        self.open_window("desk")
        self._desks["desk"].fit(box)

    def _show(
        self, name: str, window: ConsoleWindow, close: Callable[[], None], *, fill: bool = False
    ) -> None:
        self.windows[name] = window
        self._closers[name] = close
        window.closed.connect(
            lambda: QTimer.singleShot(0, self, lambda: self._closed(name, window))
        )
        add_help_key(self.act, window)
        alone = self._screens.place(window, fill=fill)
        if name == "wall" and alone and len(self._application.screens()) > 1:
            window.showFullScreen()
        else:
            window.show()
