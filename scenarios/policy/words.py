"""A policy in plain words, Dutch or English, for reports and pages."""

from scenarios.notes import TARGET_NAMES
from scenarios.policy.levers import Lever
from scenarios.policy.measures import Measure, Policy, Setting

WORDS = {
    "nl": {
        "now": "nu", "to": "tot", "and": "en", "from": "vanaf maand", "ramp": "geleidelijk, in {} maanden",
        "end": "tot maand", "in": "in", "budget": "voor ten hoogste {} euro per jaar",
        "price": "voor {} euro per {}", "nothing": "Er verandert niets.",
        "budget_all": "Alle maatregelen samen mogen {} euro per jaar kosten.",
        "held": "Het budget beperkte {what} tot {share} van wat was gevraagd, in {count} maanden (maand {first} tot en "
        "met {last}).",
        "all": "alle maatregelen met een prijs", "measure": "de maatregel {} ({})",
    },
    "en": {
        "now": "now", "to": "to", "and": "and", "from": "from month", "ramp": "gradually, over {} months",
        "end": "until month", "in": "in", "budget": "for at most {} euro a year", "price": "at {} euro per {}",
        "nothing": "Nothing changes.",
        "budget_all": "All measures together may cost {} euro a year.",
        "held": "The budget held {what} back to {share} of what was asked, in {count} months (month {first} to "
        "{last}).",
        "all": "all measures with a price", "measure": "measure {} ({})",
    },
}  # fmt: skip


def number(value: float, language: str) -> str:
    """A number in the local style: 1.234,5 in Dutch and 1,234.5 in English."""
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")) if language == "nl" else text


def amount(value: float, lever: Lever, language: str, unit: bool = True) -> str:
    """A value of a lever with its unit; shares as percentages."""
    if lever.unit["en"] == "share":
        return f"{number(100 * value, language)}%"
    return f"{number(value, language)} {lever.unit[language]}" if unit else number(value, language)


def joined(names: list[str], language: str) -> str:
    """Names as in a sentence: a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {WORDS[language]['and']} {names[-1]}"


def baseline_in_words(lever: Lever, targets: list[int], language: str) -> str:
    """The baseline's value, or the range of its values."""
    values = sorted({lever.baseline[target] for target in targets})
    ends = [amount(v, lever, language, unit=False) for v in (values[0], values[-1])]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} {WORDS[language]['to']} {ends[1]}"


def measure_in_words(measure: Measure, language: str = "en") -> list[str]:
    """One sentence per lever and value that a measure sets."""
    words = WORDS[language]
    when = [f"{words['from']} {measure.start}"]
    if measure.ramp > 1:
        when.append(words["ramp"].format(measure.ramp))
    if measure.end is not None:
        when.append(f"{words['end']} {measure.end}")
    if measure.where:
        when.append(f"{words['in']} {joined(list(measure.where), language)}")
    if measure.budget is not None:
        when.append(words["budget"].format(number(measure.budget, language)))
    groups: dict[tuple[str, float], list[Setting]] = {}
    for setting in measure.settings:
        groups.setdefault((setting.lever.name, setting.value), []).append(setting)
    sentences = []
    for settings in groups.values():
        lever, targets = settings[0].lever, [s.target for s in settings]
        names = [TARGET_NAMES[lever.targets[t]][language] for t in targets] if lever.targets else []
        whom = f" ({joined(names, language)})" if names else ""
        value = amount(settings[0].value, lever, language)
        baseline = f"{words['now']} {baseline_in_words(lever, targets, language)}"
        price = measure.price if lever.per else None
        paid = [words["price"].format(number(price.price, language), lever.per[language])] if price else []
        sentences.append(f"{lever.text[language]}{whom}: {value} ({baseline}), {', '.join([*when, *paid])}.")
    return sentences


def policy_in_words(policy: Policy, language: str = "en") -> list[str]:
    """What a policy does, a sentence per lever and value."""
    sentences = [sentence for measure in policy.measures for sentence in measure_in_words(measure, language)]
    if policy.budget is not None:
        sentences.append(WORDS[language]["budget_all"].format(number(policy.budget, language)))
    return sentences or [WORDS[language]["nothing"]]


def held_back(measure: str, levers: list[str], shares: tuple[float, float], months: list[int], language: str) -> str:
    """That a budget held a measure back; without a name it is that of the whole policy."""
    words = WORDS[language]
    what = words["measure"].format(measure, joined(levers, language)) if measure else words["all"]
    low, high = (f"{number(round(100 * share, 2), language)}%" for share in shares)
    share = low if low == high else f"{low} {words['to']} {high}"
    return words["held"].format(what=what, share=share, count=len(months), first=months[0], last=months[-1])
