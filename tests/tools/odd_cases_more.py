"""More odd inputs: those of `../shared/inputs`, read where they lie, and faults of other people's software."""

from tests.tools.odd_case import Odd
from tests.tools.paths import shared_data

SMALL = "region=vaals scale=20 years=1 progress=none"
TABLES = ("footnote.csv", "population.csv", "one_zero.csv", "names.csv", "d_plain.csv")
CHECK = "data check INPUTS/{name}"
TABLE = "run region=file region.table=INPUTS/{name} years=1 scale=20 progress=none out=o"
POLICY = f"run {SMALL} policy=INPUTS/{{name}} out=o"


def shared(name: str, words: str, code: int, operand: str = "", **more: bool) -> Odd:
    """An input of the shared folder, in a command or as the program itself; INPUTS stands for the folder."""
    what = f"`{name}`: {words.split(' ')[0] or 'Python'} {operand}".strip()
    script = "" if words else f"INPUTS/{name}"
    return Odd(what, words.format(name=name), code, script=script, operand=operand, **more)


def shared_cases() -> list[Odd]:
    """The inputs of `../shared/inputs`; none where the folder is absent."""
    data = shared_data()
    if data is None or not (data.parent / "inputs").is_dir():
        return []
    return [
        shared("negative_belonging.py", "", 1),
        shared("ignored_behaviour.py", "", 0),
        shared("own_init.py", "", 0),
        shared("own_draw.py", "", 1, foreign=True),
        shared("mesa_batch_default.py", "", 0),
        shared("fork.py", "", 0),
        shared("fork.py", "", 1, operand="prior"),
        shared("dup.yaml", POLICY, 2),
        shared("year.yaml", POLICY, 0, warned=True),
        shared("bomb.yaml", POLICY, 2),
        *(shared(name, words, 0) for name in TABLES for words in (CHECK, TABLE)),
        shared("none.geojson", f"{TABLE.format(name='d_plain.csv')} region.geometry=INPUTS/{{name}}", 2),
        shared("post.csv", f"compare {SMALL} policies=[baseline,libraries] replicates=2 posterior=INPUTS/{{name}}", 2),
        Odd("`wide_columns.py`: a table of 200,000 columns", "data check wide.csv", before="INPUTS/wide_columns.py"),
    ]


SWEEP = "region='vaals', years=1, scale=100, progress='none'"
THREADS = f"""import threading, os
import thuis
from tests.tools.worlds import pass_months, small_world
from sim.machine.threads import ThreadPool
def play():
    world = small_world(1, settling_months=1)
    for _ in range(24): pass_months(world, 1, ThreadPool(2))
players = [threading.Thread(target=play) for _ in range(2)]
for each in players: each.start()
found = thuis.sweep({SWEEP}, factors={{"policy": ["baseline", "libraries"]}}, replicates=4,
                    engine="threads", workers=2, out="s")
for each in players: each.join()
print(found.pl()["error"].null_count(), "of", len(found.pl()), "runs, and two worlds that played")
"""
QUERIED = f"""import threading
import thuis
done, seen, wrong = threading.Event(), [], []
def look():
    while not done.is_set():
        try: seen.append(len(thuis.read("s").query("select * from runs")))
        except thuis.InputError: pass
        except Exception as error: wrong.append(repr(error)); return
thread = threading.Thread(target=look); thread.start()
thuis.sweep({SWEEP}, factors={{"seed": list(range(1, 41))}}, engine="threads", workers=2, out="s")
done.set(); thread.join()
assert not wrong, wrong
print("queried while it wrote:", sorted(set(seen))[-1] <= 40, "and no error")
"""
SEARCHES = """import subprocess, sys
words = [sys.executable, "-m", "experiments", "sweep", "search", "region=vaals", "scale=100", "years=1",
         "policy=libraries", "factors.policy.libraries.funding=[1,2]", "goals=belonging:high,spent:low",
         "conditions=2", "trials=24", "workers=1", "engine=threads", "progress=none", "out=one"]
both = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
said = [each.communicate() for each in both]
codes = [each.returncode for each in both]
assert all("Traceback" not in err and "a fault of Thuis" not in err for _, err in said), said
print("exit codes", sorted(codes), next((err.splitlines()[-1] for _, err in said if err.strip()), ""))
"""
UNLOCKED = """import fcntl, sys
def refuse(*_): raise OSError(95, "Operation not supported")
fcntl.flock = fcntl.lockf = refuse
from experiments.cli.command import main
sys.exit(main(["sweep", "region=vaals", "scale=100", "years=1", "factors.seed=[1,2]", "engine=threads",
               "workers=1", "progress=none", "out=s"]) or
         main(["run", "region=vaals", "scale=100", "years=1", "progress=none", "out=o"]))
"""
MANY = """import polars as pl
import thuis
rows = {"code": [f"A{n}" for n in range(%d)], "residents": [%d] * %d}
shares = {f"origin_g{n}": [1.0 / %d] * %d for n in range(%d)}
found = thuis.run(pl.DataFrame(rows | shares), years=1, scale=%d, progress="none"%s)
print(found.summary["residents"], "residents in", found.summary["neighbourhoods"], "neighbourhoods")
"""
CONSTANT = """def nothing(a, b): return {"y": 1.0}
def unknown(a, b): return {"y": float("nan")}
"""
FAULTS = [
    Odd("two worlds playing beside a threaded sweep, workqueue layer", script=THREADS, code=0,
        setting={"NUMBA_THREADING_LAYER": "workqueue"}),
    Odd("results queried while a sweep writes", script=QUERIED, code=0),
    Odd("two searches in one folder", script=SEARCHES, code=0),
    Odd("folders without locks", script=UNLOCKED, code=0),
    Odd("20,000 neighbourhoods", script=MANY % (20_000, 20, 20_000, 2, 20_000, 2, 10, ""), code=0),
    Odd("50 groups", script=MANY % (4, 2_000, 4, 50, 4, 50, 5, ""), code=0),
    Odd("a scale with which a neighbourhood has no agent", code=0,
        words=f"run region=file region.table=small.csv {SMALL.replace('region=vaals ', '')} out=o", files={
            "small.csv": "code,residents,origin_dutch,origin_other\nA,3,50,50\nB,4000,60,40\n"}),
    *(Odd(f"{design} of an output {what}", "sweep analyse s outcome=y", code=code, files={"constant.py": CONSTANT},
          before=f"sweep model=constant:{name} design={design} runs=8 factors.a=[0,1] factors.b=[0,1] "
                 "engine=threads workers=1 progress=none out=s")
      for design, name, what, code in (
          ("sobol", "nothing", "without variance", 2), ("sobol", "unknown", "that is not a number", 2),
          ("morris", "nothing", "without variance", 0), ("morris", "unknown", "that is not a number", 2))),
]  # fmt: skip
