"""Odd inputs one by one, each in a process of its own: what is said and the exit code, as a table for the docs.

Run ``python -m tests.tools.odd_inputs`` to write docs/measured/odd_inputs.md anew; it takes some minutes, and ends with
exit code 1 where an input is not clean: a traceback, a signal, "a fault of Thuis", or no answer in time.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.tools.odd_case import Odd
from tests.tools.odd_cases_more import FAULTS, shared_cases
from tests.tools.paths import shared_data

INPUTS = "INPUTS"
RENAMED = ("from experiments import run", "from thuis import run")
REPOSITORY = Path(__file__).resolve().parents[2]
TARGET = REPOSITORY / "docs" / "measured" / "odd_inputs.md"
SECONDS = 400  # of which compiling may take most
SMALL = "scale=20 years=1 progress=none"
PLAN = "lib: {facilities: library, funding: 2%s}\n"
OWN = """from agents import CohesionModel, EstablishedResident, TransientMigrant
class Own(EstablishedResident):
%s
model = CohesionModel("vaals", scale=20, seed=1, established=Own)
model.run_for(%d)
print(round(model.mean_belonging, 3))
"""


def behaviour(body: str, months: int = 2) -> str:
    """A program with a class of one's own, whose lines are given."""
    return OWN % ("\n".join(f"    {line}" for line in body.splitlines()), months)


def policy(text: str) -> dict[str, str]:
    """A file with a policy."""
    return {"plan.yaml": text}


ONE_PLAN = f"run region=vaals {SMALL} policy=plan.yaml"
DRAWN = "compare region=vaals policies=[baseline,libraries] parameters_drawn=true posterior=post.csv"
FORK = """import multiprocessing
import thuis
def one(seed): return thuis.run("vaals", seed=seed, years=1, scale=40, progress="none").summary["seed"]
if __name__ == "__main__":
    %s
    with multiprocessing.get_context("fork").Pool(2) as pool: print(pool.map(one, (1, 2)))
"""
BATCH = """import mesa
from agents import CohesionModel
if __name__ == "__main__":
    found = mesa.batch_run(CohesionModel, {"world": "vaals", "scale": 40, %s}, max_steps=2, display_progress=False, %s)
    print(len({row["belonging"] for row in found}), "different of", len(found))
"""
CASES = [
    Odd("a subclass lets belonging fall below 0", script=behaviour(
        "def belong(self):\n    super().belong()\n    self.belonging -= 0.1", 12), code=1),
    Odd("a subclass writes nan", script=behaviour("def belong(self): self.belonging = float('nan')"), code=1),
    Odd("a subclass writes -3", script=behaviour("def belong(self): self.belonging = -3"), code=1),
    Odd("a subclass writes 5.0", script=behaviour("def belong(self): self.belonging = 5.0"), code=1),
    Odd("a subclass writes an origin", script=behaviour("def belong(self): self.origin = 200"), code=1),
    Odd("a subclass writes a row", script=behaviour("def meet(self): self.row = 10**9"), code=1),
    Odd("a subclass wants home 77", script=behaviour("def look_for_home(self): return 77", 12), code=1),
    Odd("own class, driver left out", script=behaviour("def belong(self): self.belonging = 0.1"), code=0),
    Odd("own class with its own __init__, twelve months", code=0, script=behaviour(
        "def __init__(self, *a):\n    super().__init__(*a)\n    self.energy = 1.0\n"
        "def belong(self):\n    super().belong()\n    self.energy -= 0.01", 12)),
    Odd("a chance of one's own", code=0, script=behaviour(
        "def belong(self):\n    super().belong()\n    self.lucky = self.chance(1) < 0.2")),
    Odd("mesa.batch_run, seed=[1, 2]", script=BATCH % ('"seed": [1, 2]', ""), code=0),
    Odd("mesa.batch_run, rng=[1, 2]", script=BATCH % ("", "rng=[1, 2]"), code=0),
    Odd("mesa.batch_run, nothing said", script=BATCH % ("", "rng=None"), code=0),
    Odd("fork after a run", script=FORK % "one(1)", code=1),
    Odd("fork before the first run", script=FORK % "pass", code=0),
    Odd("a measure twice", ONE_PLAN, files=policy(PLAN % "" + PLAN % "")),
    Odd("a lever twice in a measure", ONE_PLAN, files=policy(
        "lib:\n  facilities: library\n  funding: 2\n  funding: 1\n")),
    Odd("start: 2015", ONE_PLAN, files=policy(PLAN % ", start: 2015"), code=0, warned=True),
    Odd("start: 12 in a run of one year", ONE_PLAN, files=policy(PLAN % ", start: 12"), code=0, warned=True),
    Odd("aliases of aliases", ONE_PLAN, files=policy("a: &a [x,x]\n" + "".join(
        f"{n}: &{n} [{','.join(['*' + b] * 30)}]\n" for b, n in zip("abcde", "bcdef", strict=True)))),
    Odd("an alias of itself", ONE_PLAN, files=policy("lib: &l {more: *l}\n")),
    Odd("a policy that is a device", "run region=vaals policy=/dev/zero"),
    Odd("a table that is a device", "run region=file region.table=/dev/zero"),
    Odd("a posterior out of range", DRAWN, files={"post.csv": "base,effect_ties\n0.5,0.05\n9,0.05\n"}),
    Odd("a posterior without a known column", DRAWN, files={"post.csv": "colour\n1\n"}),
    Odd("a posterior with a text", DRAWN, files={"post.csv": "base\nhigh\n"}),
    Odd("scale=100000", "run region=vaals scale=100000"),
    Odd("NUMBA_DISABLE_JIT=1", f"run region=vaals {SMALL}", setting={"NUMBA_DISABLE_JIT": "1"}),
    Odd("NUMBA_NUM_THREADS=0", f"run region=vaals {SMALL}", setting={"NUMBA_NUM_THREADS": "0"}),
    Odd("NUMBA_NUM_THREADS=99999", f"run region=vaals {SMALL}", setting={"NUMBA_NUM_THREADS": "99999"}),
    Odd("NUMBA_NUM_THREADS=64 on two processors", f"run region=vaals {SMALL} out=many", code=0,
        setting={"NUMBA_NUM_THREADS": "64"}),
    Odd("hydra.run.dir", f"run region=vaals {SMALL} hydra.run.dir=elsewhere"),
    Odd("hydra.mode", f"run region=vaals {SMALL} hydra.mode=MULTIRUN"),
    Odd("--config-dir for a comparison", "compare region=vaals --config-dir here"),
    Odd("a file of the user's in the result folder", f"run region=vaals {SMALL} out=mine replace=true", files={
        "mine/summary.json": '{"kind": "thuis result 1", "files": ["summary.json"]}', "mine/notes.txt": "mine"}),
    Odd("a finished result, unasked", f"run region=vaals {SMALL} out=done", files={
        "done/summary.json": '{"kind": "thuis result 1", "files": ["summary.json"]}'}),
    Odd("names that are formulas, tags and signs", "data check names.csv", code=0, files={
        "names.csv": "code,name,residents,origin_dutch,origin_other\nA1,\"=HYPERLINK(\"\"x\"\")\",600,50,50\n"
        "A2,<script>alert(1)</script>,500,48,52\nA3,\"line\nbreak\",400,50,50\nA4,شارع السلام,300,50,50\n"}),
    Odd("a table with semicolons", "data check plain.csv", code=0, files={
        "plain.csv": "code;residents;origin_dutch;origin_other\nA1;1000;55;45\nA2;12000;48;52\n"}),
    Odd("100 years", "run region=vaals scale=200 years=100 progress=none out=long", code=0),
]  # fmt: skip


def tried(case: Odd) -> tuple[int | None, str]:
    """Exit code (None where no answer came in time) and what was said, without the folder's name."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in case.files.items():
            (Path(folder) / name).parent.mkdir(exist_ok=True)
            (Path(folder) / name).write_text(text, encoding="utf-8")
        setting = os.environ | {"PYTHONPATH": str(REPOSITORY), "MPLBACKEND": "Agg"} | case.setting
        if case.script:
            (Path(folder) / "script.py").write_text(program_of(case), encoding="utf-8")
        try:
            if case.before:
                subprocess.run(
                    command_of(case.before), cwd=folder, env=setting, check=True, capture_output=True, timeout=SECONDS
                )
            command = command_of(case.words or f"script.py {case.operand}")
            done = subprocess.run(command, cwd=folder, env=setting, capture_output=True, text=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return None, f"no answer in {SECONDS} s"
        except subprocess.CalledProcessError as error:
            return None, f"could not begin: {error.stderr.decode().splitlines()[-1:]}"
        lines = [
            line
            for line in (done.stderr if done.returncode or case.warned else done.stdout).splitlines()
            if line.strip()
        ]
        return done.returncode, (lines[-1] if lines else "").replace(folder, "FOLDER")


def program_of(case: Odd) -> str:
    """The text of a program; of one in the shared folder with names as they now are."""
    data = shared_data()
    if data is None or not case.script.startswith(INPUTS):
        return case.script
    text = Path(case.script.replace(INPUTS, str(data.parent / "inputs"))).read_text(encoding="utf-8")
    return text.replace(*RENAMED)


def command_of(words: str) -> list[str]:
    """A command of Thuis, or a program in Python."""
    data = shared_data()
    split = words.replace(INPUTS, str(data.parent / "inputs") if data else "").split()
    return [sys.executable, *split] if split[0].endswith(".py") else [sys.executable, "-m", "experiments", *split]


def is_clean(case: Odd, code: int | None, said: str) -> bool:
    """Whether the answer is the right one: the exit code, and a line of our own where something is wrong."""
    ours = code == 0 or case.foreign or said.startswith("thuis: ") or re.match(r"scenarios\.errors\.InputError: ", said)
    return code == case.code and bool(ours) and "a fault of Thuis" not in said


def main() -> int:
    """Try all and write the table, or those whose description has one of the words given; 1 where one is not clean."""
    rows, unclean, wanted = [], 0, sys.argv[1:]
    for case in [*CASES, *FAULTS, *shared_cases()]:
        if wanted and not any(word in case.what for word in wanted):
            continue
        code, said = tried(case)
        clean = is_clean(case, code, said)
        unclean += not clean
        shown = said.replace("|", "\\|").replace("<", "&lt;")[:230]
        rows.append(f"| {case.what} | {'yes' if clean else '**no**'} | {code} | {shown} |")
        print(rows[-1], flush=True)
    if wanted:
        return 1 if unclean else 0
    text = (
        f"""
What is said for inputs that once ended in a fault, a wrong result without a word, or no answer (written by
`tests/tools/odd_inputs.py`). A program with a class of one's own ends with Python's exit code for an error, 1, and the
line below as the last of its traceback; tables that are odd have a list of their own, in the page on own areas.

{len(rows) - unclean} of {len(rows)} are clean.

| input | clean | exit code | last line |
| --- | --- | --- | --- |
"""
        + "\n".join(rows)
        + "\n"
    )
    TARGET.write_text(text, encoding="utf-8")
    return 1 if unclean else 0


if __name__ == "__main__":
    sys.exit(main())
