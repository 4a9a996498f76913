"""Personal data at a real desk: masked until an officer says why, and then on record."""

from __future__ import annotations

from services.storage.audit import AuditQuery, AuditReader
from tests.e2e.hands import Hands, reads
from tests.e2e.seats import OpenConsole, desk
from tests.e2e.town import team, town
from tests.harness import HubProcess

PHONE = "13812340077"


def test_an_officer_looks_at_a_telephone_number_and_that_is_kept(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    item = team(1, "Drainage one", east=0.004)
    hub.ingest(*town(), {**item, "attrs": {**item["attrs"], "phone": PHONE}})
    for user, may in (("leader", False), ("duty1", True)):
        open_ = console(hub, user)
        window = desk(open_)
        hands.until(lambda c=open_: c.live.link.state == "live", "a live feed")
        hands.until(lambda c=open_: "team:0001" in c.live.model.entities, "the team")
        hands.to_front(window)
        hands.key("slash")
        hands.until(window.top.search.hasFocus, "the keyboard in the search box")
        hands.type("Drainage one")
        hands.until(window.top.search.popup.isVisible, "the search's results")
        hands.key("Return")
        hands.until(lambda w=window: reads(w.card, "138****0077"), "the masked number")
        view = window.card.personal
        assert view.isVisible() is may
        if not may:
            window.hide()
            continue
        hands.click(view.ask)
        hands.type("call them to the underpass")
        hands.key("Return")
        hands.until(lambda v=view: reads(v, PHONE), "the number")
        hands.key("Escape")
        hands.until(lambda w=window: not reads(w.card, PHONE), "the number gone with the card")
    reader = AuditReader(hub.data / "onemap.sqlite")
    try:
        (record,) = reader.page(AuditQuery(type="personal.viewed"), None, 10)
    finally:
        reader.close()
    assert (record.actor, record.object) == ("duty1", "team:0001")
    assert record.detail["why"] == "call them to the underpass"
