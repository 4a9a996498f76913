"""The console's language: one translation in the application at a time. GUI thread."""

from __future__ import annotations

import logging

from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

from app.resources import resource

log = logging.getLogger(__name__)


def install_language(application: QApplication, lang: str) -> None:
    """Put the translation of ``lang`` in; English is the source and needs none."""
    if not lang.startswith("zh"):
        return
    translator = QTranslator(application)
    path = resource("i18n", "onemap_zh_CN.qm")
    if translator.load(str(path)):
        application.installTranslator(translator)
    else:
        log.warning("the translation %s cannot be loaded; the console speaks English", path)


def change_language(application: QApplication, lang: str) -> None:
    """Speak another language in every window that is built from now on."""
    for translator in application.findChildren(QTranslator):
        application.removeTranslator(translator)
        translator.setParent(None)
        translator.deleteLater()
    install_language(application, lang)
