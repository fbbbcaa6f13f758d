"""The emulator's answer for what a visitor has set, told before the months are simulated."""

from typing import Any

from browser.levers import policy_of
from browser.timeline import Timeline
from experiments.emulate.answers import Run, answers_for
from experiments.emulate.emulator import Emulator
from experiments.options.settings import region_from
from scenarios.errors import InputError


def emulated(emulator: Emulator, region: str, first: Timeline, second: Timeline) -> dict[str, Any]:
    """What the second policy changes at the end of the sweep's runs.

    Returns
    -------
    dict
        ``month`` at which it holds; ``changes`` by outcome, each with its error on points left out, none where the
        sweep has no such runs.
    """
    years = emulator.about["sweep"]["years"]
    run = Run(region_from(region), first.table, years, first.scale)
    policies = [policy_of(each.events, each.table.code) for each in (first, second)]
    try:
        found = answers_for(emulator, run, policies, [first.world.parameters])
    except InputError:
        return {"month": 12 * years, "changes": {}}
    told = {name: {"mean": one.mean, "error": one.error} for name, one in found.changes.get("visitor", {}).items()}
    return {"month": 12 * years, "changes": told}
