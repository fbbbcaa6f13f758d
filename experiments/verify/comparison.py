"""A comparison made again: every replicate, every table, and the report in both languages."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiments.results.folders import SUMMARY, note_files, write_json
from experiments.verify.apart import CODE_OF_A_COMPARISON, OF_A_COMPARISON
from experiments.verify.files import Findings
from experiments.verify.maker import Maker
from experiments.verify.stored import part_of


class ComparisonMaker(Maker):
    """Makes a comparison again.

    Parameters
    ----------
    threads : int
        To make it with; 0 takes one per processor.

    Raises
    ------
    InputError
        The configuration is not valid.
    """

    apart, apart_by_code = OF_A_COMPARISON, CODE_OF_A_COMPARISON

    def __init__(self, folder: Path, summary: dict[str, Any], threads: int) -> None:
        from experiments.compare.design import design_from
        from experiments.compare.run import Comparison
        from experiments.simulation.simulate import load_table

        super().__init__(folder, summary)
        self.requested = design_from(part_of(summary, "configuration", kind=dict))
        design = replace(self.requested, options=replace(self.requested.options, threads=threads, out=None))
        self.table = load_table(design.region)
        self.comparison = Comparison(design, self.table, fresh_start=True)
        self.title = str(self.requested.region["name"])

    def faults(self) -> list[str]:
        """Faults of the summary that need no run."""
        there = part_of(self.summary, "replicates", kind=int)
        failed, requested = len(part_of(self.summary, "failed", kind=list)), self.requested.options.replicates
        if there + failed == requested:
            return []
        return [f"{there} replicates and {failed} that failed are not the {requested} that were asked for"]

    def make(self, folder: Path, other_code: bool) -> None:
        """Make the comparison anew in a folder, with the stored values of what may differ."""
        from experiments.compare.design import plan
        from experiments.compare.outcome import summarise
        from experiments.compare.report import write_reports
        from experiments.simulation.progress import progress_of

        gathered = self.comparison.gather(plan(self.requested), progress_of("auto"))
        self.comparison.start = None
        fresh = summarise(gathered, self.requested, self.table, folder, 0.0, 0)
        summary = self.completed(fresh, other_code)
        write_json(folder / SUMMARY, summary)
        write_reports(folder, summary, self.table, self.requested.options.language)
        note_files(folder)

    def check_replicates(self, found: Findings, count: int) -> Findings:
        """Run only the first replicates again, and compare their fingerprints with those of the receipt."""
        from experiments.compare.design import plan
        from experiments.compare.kept import replicate_digest
        from experiments.simulation.progress import progress_of

        written = part_of(self.summary, "receipt", "replicates", kind=dict)
        chosen = plan(self.requested)[:count]
        gathered = self.comparison.gather(chosen, progress_of("auto"))
        digests = {f.replicate.number: replicate_digest(f) for f in gathered.finished}
        for r in chosen:
            same = digests.get(r.number) == written.get(str(r.number))
            found.check(f"replicate {r.number + 1}", None if same else f"{SUMMARY} has another fingerprint")
        for name, digest in part_of(self.summary, "receipt", "tables", kind=dict).items():
            file = f"{name}.parquet"
            path = self.folder / file
            same = path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest
            found.check(file, None if same else f"is not the file of which {SUMMARY} holds the digest")
        found.remark("its figures and report were not made again: that needs all replicates")
        return found
