"""The page docs/policies.md, generated from the levers and packages.

``python -m scenarios.policy.reference`` writes it again.
"""

from importlib import resources
from pathlib import Path

from scenarios.notes import TARGET_NAMES
from scenarios.policy.dutch import dutch_words
from scenarios.policy.levers import ELEMENTS, Lever, Price, levers
from scenarios.policy.packages import load_policy, package_names
from scenarios.policy.words import amount, baseline_in_words, number, policy_in_words

CERTAINTY = {"S": "seen in the source", "C": "computed", "R": "recalled, to be checked", "E": "assumption"}


def euro(price: Price) -> str:
    """A price with its range."""
    return f"{number(price.price, 'en')} ({number(price.low, 'en')} to {number(price.high, 'en')})"


def lever_lines(lever: Lever) -> list[str]:
    """The section on one lever."""
    scale = {lang: f" ({text})" if text else "" for lang, text in lever.scale.items()}
    ends = [amount(value, lever, "en", unit=False) for value in (lever.low, lever.high)]
    baseline = baseline_in_words(lever, list(range(len(lever.baseline))), "en")
    lines = [
        f"### `{lever.name}{'.' + lever.target if lever.targets else ''}`",
        "",
        f"{lever.text['en']}{scale['en']}.  ",
        f"*{lever.text['nl']}{scale['nl']}.*",
        "",
        f"- in a package: `{lever.word}`" + (f", with `{ABOUT[lever.target]}`" if lever.targets else ""),
        f"- value: {ends[0]} to {ends[1]}; baseline {baseline}"
        + (f" ({lever.unit['en']})" if not lever.unit["en"].startswith("(") else f" {lever.unit['en']}"),
        f"- acts through: {lever.through['en']} / *{lever.through['nl']}*",
        f"- can differ per {lever.level}",
    ]
    if lever.parts:
        return [*lines, f"- a shorthand for {', '.join(f'`{part}`' for part in lever.parts)}; costs are theirs", ""]
    if not lever.prices:
        return [*lines, "- no price: it is not costed, and no budget can be set for it", ""]
    lines.append(f"- euro per {lever.per['en']} / *per {lever.per['nl']}*:")
    priced = zip(lever.targets, lever.prices, strict=True) if len(set(lever.prices)) > 1 else [("", lever.prices[0])]
    for target, price in priced:
        named = f"{TARGET_NAMES[target]['en']}: " if target else ""
        source = (
            price.source if price.source.startswith("assumption") else f"{CERTAINTY[price.certainty]}; {price.source}"
        )
        lines.append(f"  - {named}{euro(price)}; {source} [{price.certainty}]")
    return [*lines, ""]


ABOUT = {"motive": "migrants", "facility": "facilities"}


def package_lines(name: str) -> list[str]:
    """The section on one package."""
    policy = load_policy(name)
    lines = [f"### `{name}`: {policy.title['en']} / *{policy.title['nl']}*", ""]
    lines += [policy.text["en"] + "  ", f"*{policy.text['nl']}*", ""]
    return [*lines, *(f"- {sentence}" for sentence in policy_in_words(policy, "en")), ""]


def dutch_table() -> str:
    """The words that a policy file may have in Dutch."""
    kinds = {"about": "what stands with any measure", "levers": "levers", "targets": "migrants, facilities, where"}
    rows = [
        f"| {title} | {', '.join(f'`{dutch}` = `{word}`' for dutch, word in dutch_words()[kind].items())} |"
        for kind, title in kinds.items()
    ]
    return "\n".join(["| | in Dutch = in English |", "|---|---|", *rows])


def page() -> str:
    """The whole page."""
    introduction = (resources.files("scenarios.policy") / "introduction.md").read_text(encoding="utf-8")
    lines = [introduction.replace("<!-- words -->", dutch_table())]
    lines += ["## Levers", ""]
    for element, (english, dutch) in ELEMENTS.items():
        lines += [f"## Element {element}: {english} / *{dutch}*", ""]
        for lever in levers().values():
            if lever.element == element:
                lines += lever_lines(lever)
    lines += ["## Packages", ""]
    for name in package_names():
        lines += package_lines(name)
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    Path("docs", "policies.md").write_text(page(), encoding="utf-8")
