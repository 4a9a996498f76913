"""Words for what goes wrong with base maps, by code; see ``app.messages``."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def base_map_texts() -> dict[str, str]:
    """Texts by code, in the user's language."""
    return {**_descriptions(), **_files(), **_regions()}


def _descriptions() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "bad_basemap_source": translate(
            "BaseMaps", "This base map cannot be used: a field makes no sense."
        ),
        "bad_basemap_source:address": translate(
            "BaseMaps",
            "The address must begin with http:// or https:// and hold {{z}}, {{x}} and {{y}} after"
            " the host; or it is the path of a file.",
        ),
        "bad_basemap_source:overlay": translate(
            "BaseMaps",
            "The address of the labels must begin with http:// or https:// and hold {{z}}, {{x}}"
            " and {{y}} after the host.",
        ),
        "bad_basemap_source:title": translate("BaseMaps", "A base map needs a name."),
        "bad_basemap_source:levels": translate(
            "BaseMaps", "Levels go from 0 to 23, the first not after the last."
        ),
        "bad_basemap_source:subdomains": translate(
            "BaseMaps",
            "Say what may stand for {{s}} in the address: short names with commas between.",
        ),
        "basemap_bd09": translate(
            "BaseMaps",
            "BD-09 tiles lie on a grid of their own and cannot be shown. Take the same provider's"
            " GCJ-02 tiles, or another source.",
        ),
        "bad_basemap_file": translate(
            "BaseMaps",
            "The file of base maps cannot be used ({why}). It is left as it is; the schematic map"
            " is shown.",
        ),
        "basemap_not_saved": translate(
            "BaseMaps", "The base map could not be written to this desk's disk."
        ),
        "unknown_basemap": translate("BaseMaps", "This base map is not there any more."),
        "too_many_basemaps": translate("BaseMaps", "There are too many base maps already."),
        "bad_capabilities": translate(
            "BaseMaps", "The capabilities of this WMTS cannot be used: {why}"
        ),
        "choose_layer": translate("BaseMaps", "Read the layers of the service and choose one."),
        "tile_server": translate("BaseMaps", "The tile server cannot be used ({why})."),
        "no_key": translate("BaseMaps", "This base map needs a key"),
    }


def _files() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "bad_tile": translate("BaseMaps", "What came is no picture of a tile: {why}"),
        "bad_mbtiles": translate("BaseMaps", "{name} cannot be used as MBTiles: {why}"),
        "bad_pmtiles": translate("BaseMaps", "{name} cannot be used as PMTiles: {why}"),
        "vector_tiles": translate(
            "BaseMaps",
            "This file holds vector tiles; only pictures (PNG, JPEG, WebP) can be shown.",
        ),
        "mbtiles_not_written": translate("BaseMaps", "The file cannot be written: {why}"),
        "tile_cache_off": translate("BaseMaps", "Tiles are not kept on this desk: {why}"),
        "mbtiles_disk_full": translate(
            "BaseMaps", "The disk is full. What came is kept: free space, then go on."
        ),
        "download_no_room": translate(
            "BaseMaps", "The region takes about {need}, and {free} are free on the disk."
        ),
        "bad_cache_size": translate("BaseMaps", "The cache takes 0 to {most} MB."),
        "tile_cache_full": translate(
            "BaseMaps", "The disk of this desk is full: tiles are not kept."
        ),
    }


def _regions() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "bad_region": translate("BaseMaps", "This region cannot be downloaded: {why}"),
        "region_too_large": translate(
            "BaseMaps",
            "The region has more than {most} tiles at these levels. Take a smaller one, or fewer"
            " levels.",
        ),
        "not_downloadable": translate("BaseMaps", "Only a tile server's map can be downloaded."),
        "other_download": translate(
            "BaseMaps", "{name} is the download of another base map or region. Choose another name."
        ),
        "bad_rate": translate("BaseMaps", "The rate is a number of questions a second, above 0."),
        "file_busy": translate("BaseMaps", "Another program is changing {name}. Try again."),
        "file_there": translate("BaseMaps", "{name} is there already. Choose another name."),
        "tiles_missing": translate(
            "BaseMaps", "{count} tiles did not come. Go on with the download to fetch them."
        ),
        "download_refused": translate(
            "BaseMaps", "The tile server does not let this be downloaded ({why})."
        ),
        "download_busy": translate("BaseMaps", "Another region is being downloaded already."),
    }
