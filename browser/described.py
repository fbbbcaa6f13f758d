"""What the page must know of a region before its months."""

from typing import Any

from browser.house import title_of
from browser.levers import HORIZON
from browser.months import COLUMNS, TOTALS
from browser.protocol import Start
from browser.shapes import shapes_of
from scenarios.notes import in_dutch


def describe(requested: Start, table: Any, scale: int) -> dict[str, Any]:
    """A region in words and outlines, as JSON holds it."""
    return {
        "region": requested.region,
        "title": title_of(requested.region, table),
        "seed": requested.seed,
        "scale": scale,
        "horizon": HORIZON,
        "columns": list(COLUMNS),
        "totals": list(TOTALS),
        "codes": list(table.code),
        "names": list(table.name),
        "towns": [table.municipality_name[k] for k in table.municipality],
        "groups": [{"nl": nl, "en": en} for nl, en in zip(*map(table.scheme.labels, ("nl", "en")), strict=True)],
        "mix": table.origin.round(4).tolist() if len(table) * len(table.scheme.groups) <= 40_000 else None,
        "shapes": shapes_of(table),
        "notes": {"en": list(table.notes), "nl": in_dutch(table.notes)},
        "source": {"en": table.source, "nl": in_dutch([table.source])[0]},
    }
