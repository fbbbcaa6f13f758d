"""The outlines of a run's areas, stored with its tables so that maps can be made later."""

import json
from pathlib import Path
from typing import Any

from scenarios.areas import AreaTable

OUTLINES = "outlines.geojson"


def write_outlines(table: AreaTable, folder: Path) -> None:
    """Store the outlines of a run's areas with its tables, where they are known."""
    if not table.outlines:
        return
    names = dict(zip(table.code, table.name, strict=True))
    features = [
        {"type": "Feature", "properties": {"neighbourhood": code, "name": names[code]}, "geometry": shape}
        for code, shape in table.outlines.items()
    ]
    collection = {"type": "FeatureCollection", "features": features}
    (folder / OUTLINES).write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")


def read_outlines(folder: Path) -> dict[str, Any]:
    """The outlines in the folder of a result, GeoJSON geometries by code of the neighbourhood; empty without them."""
    path = folder / OUTLINES
    if not path.exists():
        return {}
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {feature["properties"]["neighbourhood"]: feature["geometry"] for feature in features}
