"""What is recorded, in words; orders by the words that the rest of the console has for them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.messages import order_word, person_text
from services.domain.errors import KnownError

COMMAND = "command."


def type_word(type_: str) -> str:
    """A type of record in words; one that is not known stays as it is."""
    if type_.startswith(COMMAND):
        name = type_.removeprefix(COMMAND)
        order = _orders().get(name) or order_word(name)
        return QCoreApplication.translate("Audit", "Order: {0}").format(order)
    return _words().get(type_, type_)


def reason_word(code: str) -> str:
    """Why something was refused; a code without words stays as it is."""
    return person_text(KnownError(code, code)) if code else ""


def _orders() -> dict[str, str]:
    """Orders that no button gives, and that have no words elsewhere."""
    return {
        "operator.note": QCoreApplication.translate("Audit", "remark"),
        "task.update": QCoreApplication.translate("Audit", "report of a team"),
    }


def _words() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "account.changed": translate("Audit", "Account changed"),
        "account.created": translate("Audit", "Account created"),
        "account.factor": translate("Audit", "Second factor of an account"),
        "account.locked": translate("Audit", "Account locked"),
        "account.password": translate("Audit", "Password of an account"),
        "account.recovered": translate("Audit", "Administrator opened again at the machine"),
        "account.refused": translate("Audit", "Account not changed"),
        "audit.broken": translate("Audit", "Audit found broken"),
        "audit.exported": translate("Audit", "Audit exported"),
        "audit.key": translate("Audit", "Key of the audit"),
        "audit.lost": translate("Audit", "Records lost"),
        "audit.read": translate("Audit", "Audit read"),
        "config.demo_seed": translate("Audit", "Demo data loaded"),
        "config.media": translate("Audit", "Cameras' addresses"),
        "config.packs": translate("Audit", "Packs changed"),
        "config.policy": translate("Audit", "Policy of the store changed"),
        "data.exported": translate("Audit", "Data exported"),
        "export.backup": translate("Audit", "Backup made"),
        "hub.recovered": translate("Audit", "Hub stores again"),
        "hub.started": translate("Audit", "Hub started"),
        "hub.stopped": translate("Audit", "Hub stopped"),
        "import.began": translate("Audit", "Load of a file began"),
        "import.ended": translate("Audit", "Load of a file ended"),
        "import.undo_began": translate("Audit", "Undo of a load began"),
        "import.undone": translate("Audit", "Load of a file undone"),
        "login": translate("Audit", "Login"),
        "login.ended": translate("Audit", "Login ended"),
        "login.stolen": translate("Audit", "Login used by two"),
        "personal.viewed": translate("Audit", "Personal data viewed"),
        "replay.opened": translate("Audit", "Replay opened"),
        "session.closed": translate("Audit", "Session closed"),
        "session.opened": translate("Audit", "Session opened"),
        "source.began": translate("Audit", "Data source began"),
        "source.ended": translate("Audit", "Data source ended"),
        "store.loss_accepted": translate("Audit", "Loss of the log accepted"),
        "store.restored": translate("Audit", "Backup brought back"),
        "token.refused": translate("Audit", "Token refused"),
    }
