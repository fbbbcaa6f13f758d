"""What the patterns owe to each mechanism: the quick sample of real districts with one of them left out at a time.

    .venv/bin/python -m tests.tools.ablation_campaign wijk_2017.csv [EXTRA.csv ...]

Prints the table of docs/measured/ablations.md.
"""

import csv
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.parameters import Parameters

WHERE = "real districts"
SHOWN: dict[str, tuple[str, dict[str, int]]] = {  # heading: the pattern, and its parts with their digits
    "slope on diversity (SF6), given controls": ("SF6", {"slope": 3, "controlled": 3}),
    "of cohesion": ("SF6", {"cohesion": 3}),
    "r of persons (SF9)": ("SF9", {"r": 3}),
    "gain within five years (SF12), %": ("SF12", {"within_5": 0}),
    "mean, gap (SF13)": ("SF13", {"mean": 3, "gap": 1}),
    "town and country (SF14): belonging, cohesion": ("SF14", {"belonging": 3, "cohesion": 3}),
    "networks (SF16): Dutch, least": ("SF16", {"dutch": 2, "migrant_low": 2}),
}
HALF, TWICE = 0.5, 2.0
LEFT_OUT: dict[str, dict[str, float]] = {
    "as shipped": {},
    "no homophily": {"homophily_street": 0.0, "homophily_facility": 0.0},
    "no direct effect of diversity": {"effect_diversity": 0.0},
    "every pair of groups counts alike in felt diversity": {"felt_language": 0.0},
    "no direct effect of turnover": {"effect_turnover": 0.0},
    "no withdrawal": {"withdrawal_highest": 0.0},
    "no anonymity of town life": {"effect_anonymity": 0.0},
    "encounters at facilities halved": {"facility_encounters": HALF * Parameters().facility_encounters},
    "encounters at facilities doubled": {"facility_encounters": TWICE * Parameters().facility_encounters},
    "everyone lives alone": {"households": 0.0},
}


def measured(tables: Sequence[str], changed: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """Figures of the real districts by pattern and part, with some parameters changed."""
    first, *more = (str(Path(table).resolve()) for table in tables)
    with tempfile.TemporaryDirectory() as folder:
        words = ["region=cbs", f"region.table={first}", f"region.extra=[{','.join(more)}]", "quick=true"]
        words += [f"patterns=[{','.join(sorted({pattern for pattern, _ in SHOWN.values()}))}]", f"out={folder}/found"]
        words += [f"parameters.{name}={value}" for name, value in changed.items()]
        command = [sys.executable, "-m", "experiments.cli.command", "validate", *words, "progress=none"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        with (Path(folder) / "found" / "patterns.csv").open(encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["where"] == WHERE]
    return {(row["pattern"], row["part"]): float(row["measured"].lstrip("'")) for row in rows}


def main() -> None:
    """Print the table."""
    print(f"| {WHERE}, quick sample, one seed | " + " | ".join(SHOWN) + " |")
    print("| --- |" + " --- |" * len(SHOWN))
    for name, changed in LEFT_OUT.items():
        found = measured(sys.argv[1:], changed)
        cells = [
            ", ".join(f"{found[pattern, part]:.{digits}f}" for part, digits in parts.items())
            for pattern, parts in SHOWN.values()
        ]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
