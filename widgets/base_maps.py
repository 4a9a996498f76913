"""The dialog of base maps: the list, the form and the download, one in front at a time."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from widgets.base_map_form import BaseMapForm
from widgets.base_map_list import BaseMapList
from widgets.base_map_region import BaseMapRegion
from widgets.confirm import ConfirmBar
from widgets.panel import column
from widgets.theme import Theme


class BaseMapsDialog(QDialog):
    """Not modal: the map behind shows at once what is chosen. Escape goes back, then closes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Base maps"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = BaseMapList()
        self.form = BaseMapForm()
        self.region = BaseMapRegion(theme)
        self.confirm = ConfirmBar()
        self.pages = QStackedWidget()
        for page in (self.list, self.form, self.region):
            self.pages.addWidget(page)
        layout = column(self)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.confirm)
        self.list.close_asked.connect(self.close)
        self.form.dropped.connect(self.show_list)
        self.region.dropped.connect(self.show_list)
        self.resize(720, 620)

    def show_list(self) -> None:
        """Bring the list to the front."""
        self.confirm.dismiss()
        self.pages.setCurrentWidget(self.list)

    def show_form(self) -> None:
        """Bring the form to the front."""
        self.pages.setCurrentWidget(self.form)
        self.form.title.setFocus()

    def show_region(self) -> None:
        """Bring the download to the front."""
        self.pages.setCurrentWidget(self.region)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape: one step back."""
        if event.key() == Qt.Key.Key_Escape and not self.confirm.isHidden():
            self.confirm.dismiss()
        elif event.key() == Qt.Key.Key_Escape and self.pages.currentWidget() is not self.list:
            self.show_list()
        else:
            super().keyPressEvent(event)
