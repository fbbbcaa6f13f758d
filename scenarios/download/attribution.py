"""Source and licence of the data, stored with them as the licence requires."""

from datetime import date

from scenarios.download.raw import RawTable


def attribution_text(tables: list[RawTable], year: int, outlines: bool, day: date) -> str:
    """Return the text of ``ATTRIBUTION.md``, in Dutch and English."""
    lines = [
        "# Bronvermelding / Attribution",
        "",
        "Bron: CBS (Centraal Bureau voor de Statistiek / Statistics Netherlands), CC BY 4.0",
        "(https://creativecommons.org/licenses/by/4.0/). Bewerkt door Thuis / adapted by Thuis:",
        "codes trimmed, counts turned into shares, secret values filled in as the manifest says.",
        "",
    ]
    for table in tables:
        period = f", {table.period[:4]}" if table.period else ""
        changed = f", gewijzigd/modified {table.modified}" if table.modified else ""
        lines.append(f"- CBS StatLine {table.identifier}: {table.title}{period}{changed}")
    if outlines:
        lines += ["", f"Grenzen / outlines: Kadaster / Centraal Bureau voor de Statistiek, {year} (PDOK), CC BY 4.0."]
    lines += ["", f"Opgehaald / fetched: {day.isoformat()}", ""]
    return "\n".join(lines)
