"""What can be chosen, as tables: regions, policies, levers and parameters, a row each."""

from typing import Any

import polars as pl

from scenarios.errors import InputError
from scenarios.policy import load_policy, package_names, policy_in_words
from scenarios.policy.levers import Lever
from scenarios.policy.levers import levers as all_levers
from scenarios.regions.archetypes import archetype_names, figures
from scenarios.regions.region import KINDS
from scenarios.regions.register import key_of, municipalities, municipality_figures
from sim.parameters import Parameters
from sim.parameters.declaration import CERTAINTY, describe

LANGUAGES = ("en", "nl")
READ_FROM = {
    "cbs": {"en": "areas of a table of Statistics Netherlands", "nl": "gebieden uit een tabel van het CBS"},
    "netherlands": {"en": "the whole country, from such a table", "nl": "heel Nederland, uit zo'n tabel"},
    "file": {"en": "areas of your own, a file or a frame", "nl": "eigen gebieden, een bestand of een frame"},
}


def regions(language: str = "en") -> pl.DataFrame:
    """Regions by name: every municipality, and those read from a table; provinces and lists of names are also allowed.

    Parameters
    ----------
    language : {"en", "nl"}
        Language of the texts.

    Returns
    -------
    polars.DataFrame
        name, what, province, code, residents, neighbourhoods, year and source of the figures, and what it needs.
    """
    check_language(language)
    typology = archetype_names()
    rows: list[dict[str, Any]] = []
    for code, row in sorted(municipalities().items(), key=lambda item: item[1]["name"]):
        name = key_of(code, row["name"])
        known = figures(name) if name in typology else municipality_figures(code)
        kind = f", {known['type'][language]}" if "type" in known else ""
        rows.append(
            {
                "name": name,
                "what": f"{known['title'][language]}{kind}",
                "province": row["province"],
                "code": code,
                "residents": known["population"]["value"],
                "neighbourhoods": known["neighbourhoods"]["value"],
                "year": known["year"],
                "source": known["population"]["source"],
                "needs": "",
            }
        )
    rows += [{"name": name, "what": READ_FROM[name][language], "needs": "table"} for name in KINDS]
    return pl.DataFrame(rows, infer_schema_length=None)


def policies(language: str = "en") -> pl.DataFrame:
    """Policies by name: title, what each is for, what it does in words, and the levers it sets.

    Parameters
    ----------
    language : {"en", "nl"}
        Language of the texts.
    """
    check_language(language)
    rows = []
    for name in package_names():
        policy = load_policy(name)
        set_by = {setting.lever.full_names[setting.target] for m in policy.measures for setting in m.settings}
        rows.append(
            {
                "name": name,
                "title": policy.title[language],
                "what": policy.text[language],
                "does": " ".join(policy_in_words(policy, language)),
                "levers": sorted(set_by),
            }
        )
    return pl.DataFrame(rows, schema_overrides={"levers": pl.List(pl.String)})


def levers(language: str = "en") -> pl.DataFrame:
    """Levers by full name: what each does, unit, range, baseline value, and its price with range and source.

    Parameters
    ----------
    language : {"en", "nl"}
        Language of the texts.
    """
    check_language(language)
    rows = [row_of(lever, at, language) for lever in all_levers().values() for at in range(len(lever.full_names))]
    return pl.DataFrame(rows, infer_schema_length=None)


def row_of(lever: Lever, target: int, language: str) -> dict[str, Any]:
    """The row of one lever and target."""
    scale = lever.scale[language]
    row = {
        "name": lever.full_names[target],
        "what": lever.text[language] + (f" ({scale})" if scale else ""),
        "unit": lever.unit[language],
        "low": lever.low,
        "high": lever.high,
        "today": lever.baseline[target],
        "smallest_place": lever.level,
        "through": lever.through[language],
    }
    if lever.prices:
        price = lever.prices[target]
        row |= {
            "price": float(price.price),
            "price_low": float(price.low),
            "price_high": float(price.high),
            "price_per": lever.per[language],
            "certainty": price.certainty,
            "source": price.source,
        }
    return row


def parameters() -> pl.DataFrame:
    """Parameters of the model by name: what each is, unit, range, default, how sure it is, and its source."""
    return pl.DataFrame(
        [
            {
                "name": d.name,
                "what": d.text,
                "unit": d.unit,
                "low": float(d.low),
                "high": float(d.high),
                "default": float(d.default),
                "certainty": d.certainty,
                "certainty_in_words": CERTAINTY[d.certainty],
                "source": d.source,
                "varied_in_sensitivity_analysis": d.uncertain,
            }
            for d in describe(Parameters).values()
        ]
    )


def check_language(language: str) -> None:
    """Refuse an unknown language."""
    if language not in LANGUAGES:
        raise InputError(f"language={language} is not allowed; allowed is {' or '.join(LANGUAGES)}")
