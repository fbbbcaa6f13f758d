"""`thuis levers`: every lever a policy can set, and with `check` whether each moves its target."""

from collections.abc import Sequence

from experiments.cli.lists import entry, nothing_like, read_search
from experiments.levers.command import main as check
from experiments.options.words import asks_for_help
from scenarios.notes import TARGET_NAMES
from scenarios.policy import levers
from scenarios.policy.levers import Lever
from scenarios.policy.words import amount, baseline_in_words, number

HELP = """\
List the levers that a policy can set: what they are, their range, today's value and price.

  thuis levers [TEXT ...] [language=nl]       all of them, or those in which a text stands
  thuis levers check [KEY=VALUE ...]          see whether each moves what it is for (thuis levers check --help)

A policy sets them in a small YAML file, docs/policies.md; or on the command line, policy.MEASURE.LEVER=VALUE."""
WORDS = {
    "en": {
        "range": "range", "today": "today", "price": "price", "per": "per", "none": "no price known",
        "by": "for each of", "assumed": "an assumption", "municipality": "per municipality",
        "neighbourhood": "per neighbourhood",
    },
    "nl": {
        "range": "bereik", "today": "nu", "price": "prijs", "per": "per", "none": "geen prijs bekend",
        "by": "voor elk van", "assumed": "een aanname", "municipality": "per gemeente", "neighbourhood": "per buurt",
    },
}  # fmt: skip


def main(argv: Sequence[str]) -> int:
    """Run `thuis levers` with these words."""
    if argv and argv[0] == "check":
        return check(argv[1:])
    if asks_for_help(argv):
        print(HELP)
        return 0
    language, text = read_search(argv)
    shown = [said for said in (describe_lever(lever, language) for lever in levers().values()) if text in said.lower()]
    if not shown:
        raise nothing_like(text, "lever", "levers")
    print("\n\n".join(shown))
    return 0


def describe_lever(lever: Lever, language: str) -> str:
    """A lever in words: what it is, its range and baseline value, its mechanism and its costs."""
    w = WORDS[language]
    low, high = (amount(value, lever, language, unit=False) for value in (lever.low, lever.high))
    baseline = baseline_in_words(lever, list(range(len(lever.baseline))), language)
    unit = "" if lever.unit["en"] == "share" else f" {lever.unit[language]}"
    scale = f" ({lever.scale[language]})" if lever.scale[language] else ""
    lines = [
        f"{lever.text[language]}{scale}; {w['range']} {low} – {high}{unit}, {w['today']} {baseline}; {w[lever.level]}",
        lever.through[language],
        price_of(lever, language),
    ]
    if lever.targets:
        lines.insert(1, f"{w['by']} {', '.join(f'{t} ({TARGET_NAMES[t][language]})' for t in lever.targets)}")
    return entry(f"{lever.word}  [{lever.name}]", lines)


def price_of(lever: Lever, language: str) -> str:
    """What a unit costs, with the range; by target where they differ."""
    w = WORDS[language]
    if not lever.prices:
        return w["none"]
    prices = {target: (p.price, p.low, p.high) for target, p in zip(lever.targets or ("",), lever.prices, strict=True)}
    same = len(set(prices.values())) == 1
    ranges = [
        f"{'' if same else TARGET_NAMES[target][language] + ' '}{number(p, language)} "
        f"({number(low, language)} – {number(high, language)})"
        for target, (p, low, high) in prices.items()
    ]
    sure = f", {w['assumed']}" if any(p.certainty == "E" for p in lever.prices) else ""
    return f"{w['price']} {'; '.join(ranges[:1] if same else ranges)} euro {w['per']} {lever.per[language]}{sure}"
