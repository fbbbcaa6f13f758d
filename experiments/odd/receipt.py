"""What a result says of itself: the receipt from which its description is made."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from experiments.results.folders import COMPARISON, files_of
from experiments.results.version import code_digest
from experiments.verify.stored import code_of, data_of, part_of, read_summary
from scenarios.errors import InputError
from scenarios.policy import Policy, policy_from


@dataclass(frozen=True)
class Receipt:
    """A finished run or comparison in a folder.

    Attributes
    ----------
    folder : Path
    summary : dict
        Its summary.json.
    """

    folder: Path
    summary: dict[str, Any]

    @property
    def several(self) -> bool:
        """Whether it is a comparison: policies on the same draws, many times."""
        return self.summary["kind"] == COMPARISON

    @property
    def configuration(self) -> dict[str, Any]:
        """What was asked."""
        return part_of(self.summary, "configuration", kind=dict)

    @property
    def parameters(self) -> Mapping[str, float]:
        """Parameters of the model in force, by name."""
        return part_of(self.summary, "configuration", "parameters", kind=dict)

    @cached_property
    def policies(self) -> list[Policy]:
        """The policies that were run."""
        requested = self.configuration
        return [policy_from(values) for values in (requested["policies"] if self.several else [requested["policy"]])]

    @property
    def digests(self) -> dict[str, str]:
        """Fingerprints by what they are of."""
        found = {"code": code_of(self.summary), "data": data_of(self.summary)}
        if self.several:
            receipt = self.summary["receipt"]
            tables = {f"table `{name}`": digest for name, digest in receipt["tables"].items()}
            return {"configuration": receipt["configuration"], **found, **tables}
        return {**found, "last state": self.summary["digest"]}

    def levels(self, when: str) -> dict[str, float]:
        """Numbers of the places at the start or the end; of a comparison those of its first policy, by name."""
        found = self.summary["start"][when] if self.several else self.summary[when]
        return {name: value for name, value in found.items() if isinstance(value, int | float)}

    def tables(self) -> Iterator[tuple[str, int, list[str]]]:
        """Name, number of rows and columns of every table in the folder."""
        import pyarrow.parquet as pq

        for path in sorted(self.folder.glob("*.parquet")):
            about = pq.ParquetFile(path)
            yield path.stem, about.metadata.num_rows, about.schema_arrow.names

    def files(self) -> list[str]:
        """Every file of the result."""
        return files_of(self.folder)


def read_receipt(folder: Path, other_code: bool) -> Receipt:
    """The receipt of the result in a folder.

    Raises
    ------
    InputError
        There is no run or comparison, its summary is not whole, or it was made by other code: what the code declares
        would then not be what was run.
    """
    summary = read_summary(folder)
    if code_of(summary) != code_digest() and not other_code:
        raise InputError(
            f"{folder} was made by other code (version {summary.get('version')}), which this one cannot describe; "
            "make it again, or other_code=true to describe it as this code has it"
        )
    receipt = Receipt(folder, summary)
    missing = set(declared_parameters()) - set(receipt.parameters)
    if missing:
        raise InputError(f"{folder}: the summary has no parameter {min(missing)}")
    return receipt


def declared_parameters() -> list[str]:
    """Names of the parameters of the model."""
    from sim.parameters import Parameters
    from sim.parameters.declaration import describe

    return list(describe(Parameters))


def as_text(value: Any) -> str:
    """A value of a receipt in a table: whole numbers with commas, others with four digits, a dash for none."""
    if value is None:
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.4g}"
