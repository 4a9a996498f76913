"""Sentences that several pages of the wizard say. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from widgets.import_wizard.views import TrialView


def trial_words(trial: TrialView) -> str:
    """How the rows that were tried fare."""
    translate = QCoreApplication.translate
    tried = trial.good + trial.bad
    if trial.problem:
        return translate("Imports", "It does not go like this yet:")
    if not tried:
        return translate("Imports", "Trying rows…") if trial.running else ""
    if trial.running:
        text = translate("Imports", "{0} rows tried so far: {1} good, {2} refused")
    elif trial.whole:
        text = translate("Imports", "All {0} rows tried: {1} good, {2} refused")
    else:
        text = translate("Imports", "The first {0} rows: {1} good, {2} refused")
    return text.format(f"{tried:,}", f"{trial.good:,}", f"{trial.bad:,}")
