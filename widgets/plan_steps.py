"""The steps of a response plan, for a dispatch panel or a case card. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from services.domain.model import Severity
from services.packs.model import Plan
from services.packs.procedure import PlanStep
from widgets.card_parts import Section
from widgets.panel import column
from widgets.text import plain_label


class PlanSteps(Section):
    """Numbered steps: what, who, within how many minutes. Hidden where there is no plan."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._shown: tuple[Plan | None, Severity] | None = None

    def set_plan(self, plan: Plan | None, severity: Severity, lang: str) -> None:
        """Show the steps that a severity asks for."""
        if self._shown == (plan, severity):
            return
        self._shown = (plan, severity)
        steps = plan.steps_at(severity) if plan is not None else []
        self.refill([_step(n, step, lang) for n, step in enumerate(steps, start=1)])


def _step(number: int, step: PlanStep, lang: str) -> QWidget:
    holder = QWidget()
    layout = column(holder, gap=0)
    text = plain_label(f"{number}. {step.text.text(lang)}")
    text.setWordWrap(True)
    layout.addWidget(text)
    who = step.role.text(lang)
    if step.within_min is not None:
        words = QCoreApplication.translate("PlanSteps", "within {0} min")
        who = f"{who} · {words.format(f'{step.within_min:g}')}"
    layout.addWidget(plain_label(who, "small"))
    return holder
