"""What the base map's kinds of places are called. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def place_kind(kind: str) -> str:
    """A kind of place in the reader's language; the word of the file where there is none."""
    translate = QCoreApplication.translate
    words = {
        "road": translate("Places", "Road"),
        "motorway": translate("Places", "Motorway"),
        "river": translate("Places", "River"),
        "gully": translate("Places", "Gully"),
        "rail": translate("Places", "Railway"),
        "station": translate("Places", "Railway station"),
        "bus_station": translate("Places", "Bus station"),
        "hill": translate("Places", "Hill"),
        "peak": translate("Places", "Peak"),
        "village": translate("Places", "Village or community"),
        "town": translate("Places", "Town"),
        "place": translate("Places", "Locality"),
        "township_label": translate("Places", "Township"),
        "township": translate("Places", "Township"),
        "county": translate("Places", "District"),
        "outline": translate("Places", "District"),
        "junction": translate("Places", "Junction"),
        "hydro_station": translate("Places", "Gauging station"),
        "hospital": translate("Places", "Hospital"),
        "university": translate("Places", "University"),
        "mall": translate("Places", "Shopping centre"),
        "government": translate("Places", "Government office"),
        "religious_site": translate("Places", "Religious site"),
        "scenic": translate("Places", "Scenic spot"),
    }
    return words.get(kind, kind)
