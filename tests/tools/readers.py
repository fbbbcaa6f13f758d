"""Every reader of what comes from outside, with good examples of it, for fuzzing: damaged input must be refused.

A reader may give a result or raise one of the project's own errors, of one line that a person can act on; anything
else, or taking long, is a fault. `tests/experiments/test_fuzz.py` tries a little of each in every run of the tests,
`tests/tools/campaign.py` a great deal.
"""

import io
import json
import signal
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from scenarios.errors import InputError
from sim.checkpoint import CheckpointError, save_checkpoint
from sim.machine.threads import ThreadPool
from sim.parameters.declaration import ParameterError
from tests.tools import examples, golden
from tests.tools.random_worlds import Case, begin
from tests.tools.worlds import small_table

OWN_ERRORS = (InputError, ParameterError, CheckpointError)
LONGEST_LINE = 1000
SECONDS = 20


@dataclass(frozen=True)
class Reader:
    """Something that reads.

    Attributes
    ----------
    read : callable
        Takes the bytes.
    examples : callable
        Gives good examples, as bytes.
    words : tuple of bytes
        Pieces to put in, that this kind of input knows.
    """

    read: Callable[[bytes], Any]
    examples: Callable[[], list[bytes]]
    words: tuple[bytes, ...] = ()


class Hangs(Exception):
    """Reading took too long."""


@contextmanager
def time_limit() -> Iterator[None]:
    """Raise `Hangs` after some seconds of work: of the processor, for a busy machine may let anyone wait."""

    def stop(*_: Any) -> None:
        raise Hangs(f"no answer after {SECONDS} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def try_reader(reader: Reader, data: bytes) -> bool:
    """Whether the input was accepted; a refusal must be one short line of our own, and anything else is a failure."""
    with time_limit():
        try:
            reader.read(data)
        except OWN_ERRORS as error:
            line = str(error)
            assert line.strip() and "\n" not in line and len(line) <= LONGEST_LINE, repr(line)
            return False
        except Exception as error:
            raise AssertionError(f"{type(error).__name__}: {error}") from error
        except BaseException as error:
            # A panic inside a library in Rust arrives as a BaseException of its own kind.
            if type(error).__name__ == "PanicException":
                raise AssertionError(f"panic: {error}") from error
            raise
    return True


def from_file(name: str, read: Callable[[Path], Any]) -> Callable[[bytes], Any]:
    """A reader of a file of this name, fed with bytes."""

    def feed(data: bytes) -> Any:
        with tempfile.TemporaryDirectory(prefix="thuis-fuzz-") as folder:
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            return read(path)

    return feed


def parquet(frame: pl.DataFrame) -> bytes:
    """A frame as the bytes of a Parquet file."""
    data = io.BytesIO()
    frame.write_parquet(data)
    return data.getvalue()


# Tables of areas


def read_own(path: Path) -> Any:
    from scenarios.plain import read_plain

    return read_plain(path)


def read_statistics(path: Path) -> Any:
    from scenarios.cbs import read_cbs

    return read_cbs(path)


def read_joined(path: Path) -> Any:
    from scenarios.cbs import read_cbs

    (path.parent / "cbs.csv").write_text(examples.CBS)
    return read_cbs(path.parent / "cbs.csv", extra=path)


def read_neighbours(path: Path) -> Any:
    from scenarios.geometry import read_adjacency

    return read_adjacency(path, ["WK000100", "WK000101", "WK000200"])


def read_shapes(path: Path) -> Any:
    from scenarios.geometry import read_outlines, shared_borders

    outlines = read_outlines(path)
    return shared_borders(outlines.shapes, list(outlines.shapes))


def read_measured(path: Path) -> Any:
    from experiments.validate.outcomes import read_outcomes

    return read_outcomes(path, [f"A{i}" for i in range(4)])


def read_points(path: Path) -> Any:
    from experiments.sweep.planning import make_plan
    from experiments.sweep.request import read_sweep

    return make_plan(read_sweep(["region=urk", "scale=50", "design=file", f"table={path}"]))


def read_posterior(path: Path) -> Any:
    from experiments.compare.draws import posterior_rows

    return posterior_rows(str(path))


# Configuration


def packaged(folder: str) -> Callable[[], list[bytes]]:
    """Every YAML file of a package of configuration."""
    return lambda: [
        f.read_bytes()
        for f in sorted(resources.files(folder).iterdir(), key=lambda f: f.name)
        if f.name.endswith(".yaml")
    ]


def read_scheme(path: Path) -> Any:
    from scenarios.origins import load_scheme

    return load_scheme(path)


def read_policy(path: Path) -> Any:
    from scenarios.policy import Schedule, load_policy

    return Schedule(load_policy(path), small_table())


def read_settings(data: bytes) -> Any:
    from experiments.options.settings import settings_from
    from scenarios.policy import policy_from

    try:
        values = yaml.safe_load(data)
    except Exception:  # what is not YAML never comes here
        return None
    if not isinstance(values, dict):
        return None
    return policy_from(settings_from({str(k): v for k, v in values.items()}).policy)


def read_sweep_words(data: bytes) -> Any:
    from experiments.sweep.request import read_sweep

    return read_sweep(data.decode("utf-8", "replace").splitlines())


def read_run_words(data: bytes) -> Any:
    from experiments.options.requests import RUN
    from experiments.options.settings import settings_from
    from experiments.options.words import read_words

    return settings_from(read_words(RUN, data.decode("utf-8", "replace").splitlines()).nested())


# What earlier runs left behind


@cache
def checkpoint() -> bytes:
    """A small world in a file."""
    case = Case(small_table((12, 7)), {}, {"name": "none"}, 1, 1, 1, 0, 0, (0, 1), 40)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kept"
        save_checkpoint(begin(case, ThreadPool(1)).world, path, {"settings": {}, "data_digest": "x"})
        return path.read_bytes()


@cache
def run_checkpoint() -> bytes:
    """A checkpoint of a run, with its tables."""
    from experiments.options.settings import settings_from
    from experiments.run.job import perform, prepare

    settings = settings_from({**golden.CONFIGURATIONS["own table"].settings, "region": "file", "years": 1})
    settings = replace(settings, options=replace(settings.options, checkpoint_every=12))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kept"
        perform(prepare(settings, own_city()), Path(folder), None, path)
        return path.read_bytes()


@cache
def own_city() -> Any:
    """The areas of the golden table."""
    return golden.table_of(golden.CONFIGURATIONS["own table"])


def read_checkpoint(path: Path) -> Any:
    from sim.checkpoint import load_checkpoint

    return load_checkpoint(path)


def resume_run(path: Path) -> Any:
    """Everything `thuis run resume=` does before it passes a month."""
    from experiments.options.settings import settings_from
    from experiments.run.checkpoints import load_run, resumed_settings
    from experiments.simulation.simulate import build_options, make_schedule

    settings = settings_from({"region": "file", "years": 2, "resume": str(path)})
    settings = resumed_settings(settings, {"years"})
    schedule = make_schedule(settings, own_city())
    return load_run(settings, own_city(), build_options(settings, schedule), path.parent)


@cache
def altered_checkpoints() -> list[bytes]:
    """Checkpoints whose archive is whole but whose content is not: wrong types, sizes and names."""
    found = []
    for name, change in (
        ("population/origin.npy", lambda data: data[:-3]),
        ("neighbourhoods/first.npy", lambda data: data.replace(b"<i8", b"|O ")),
        ("stocks/people.npy", lambda data: data.replace(b"(2, 3)", b"(3, 2)")),
        ("header.json", lambda data: data.replace(b'"month": 0', b'"month": "0"')),
        ("header.json", lambda data: data.replace(b'"seed": 1', b'"seed": -5')),
        ("header.json", lambda data: b"[" * 100_000),
        ("population/ties.npy", lambda data: b""),
    ):
        with zipfile.ZipFile(io.BytesIO(checkpoint())) as archive:
            parts = {each: archive.read(each) for each in archive.namelist()}
        parts[name] = change(parts[name])
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            for each, content in parts.items():
                archive.writestr(each, content)
        found.append(data.getvalue())
    return found


def read_sweep_plan(path: Path) -> Any:
    from experiments.sweep.plan import load_plan

    return load_plan(path.parent)


@cache
def sweep_plan() -> bytes:
    """The manifest of a sweep."""
    from experiments.sweep.plan import MANIFEST, create
    from experiments.sweep.planning import make_plan
    from experiments.sweep.request import read_sweep

    plan, design = make_plan(read_sweep(["region=urk", "scale=50", "factors.policy=[baseline,libraries]"]))
    with tempfile.TemporaryDirectory() as folder:
        create(Path(folder) / "sweep", plan, design)
        return (Path(folder) / "sweep" / MANIFEST).read_bytes()


def read_shard(path: Path) -> Any:
    from experiments.sweep.plan import Plan
    from experiments.sweep.shards import fault_of

    fault = fault_of(path, Plan(**json.loads(sweep_plan())), 0)
    assert fault is None or (isinstance(fault, str) and "\n" not in fault)
    return fault


def read_page(path: Path) -> Any:
    from scenarios.download.cache import PageCache

    cache = PageCache(path.parent)
    cache.keep("https://example.nl/a", b"content", "83765NED")
    next(path.parent.glob("*.note.json")).write_bytes(path.read_bytes())
    return cache.load("https://example.nl/a"), cache.forget_table("83765NED")


def result_summary() -> bytes:
    """The summary of a result, as far as reading it goes."""
    return json.dumps({"kind": "thuis result 1", "configuration": {}, "digest": "0" * 64, "data_digest": ""}).encode()


def read_result_summary(path: Path) -> Any:
    from experiments.results.folders import is_result
    from experiments.verify.command import read_summary

    is_result(path.parent)
    return read_summary(path.parent)


# The page's server


def read_socket(data: bytes) -> Any:
    from browser.protocol import read_message

    return read_message(data.decode("utf-8", "replace"))


@cache
def house() -> Any:
    """The server's common part."""
    from browser.house import House

    return House("urk")


def upload(data: bytes) -> Any:
    house().uploads.clear()  # no limit on how many a minute while fuzzing
    return house().upload(data)


def own_tables() -> list[bytes]:
    """Tables of areas of one's own."""
    return [golden.OWN_CITY.encode(), golden.FOUR_AREAS.encode()]


READERS: dict[str, Reader] = {
    "own table (CSV)": Reader(from_file("own.csv", read_own), own_tables, examples.CELLS),
    "own table (Parquet)": Reader(
        from_file("own.parquet", read_own),
        lambda: [parquet(pl.read_csv(io.BytesIO(golden.FOUR_AREAS.encode())))],
    ),
    "table of CBS": Reader(from_file("cbs.csv", read_statistics), lambda: [examples.CBS.encode()], examples.CELLS),
    "extra table": Reader(from_file("extra.csv", read_joined), lambda: [examples.EXTRA.encode()], examples.CELLS),
    "adjacency": Reader(from_file("next.csv", read_neighbours), lambda: [examples.ADJACENT.encode()], examples.CELLS),
    "outlines": Reader(
        from_file("areas.geojson", read_shapes), lambda: [examples.outlines_json()], examples.JSON_WORDS
    ),
    "measured outcomes": Reader(
        from_file("outcomes.csv", read_measured), lambda: [examples.OUTCOMES.encode()], examples.CELLS
    ),
    "points of a sweep": Reader(
        from_file("points.csv", read_points),
        lambda: [b"parameters.noise,policy\n0.01,libraries\n0.02,baseline\n"],
        examples.CELLS,
    ),
    "sample of parameters": Reader(
        from_file("posterior.csv", read_posterior),
        lambda: [b"noise,base,weight\n0.01,0.5,1\n0.02,0.6,1\n"],
        examples.CELLS,
    ),
    "origin scheme": Reader(from_file("own.yaml", read_scheme), packaged("conf.origin_scheme"), examples.YAML_WORDS),
    "policy": Reader(
        from_file("policy.yaml", read_policy),
        lambda: [*packaged("conf.policy")(), *examples.OTHER_POLICIES],
        examples.YAML_WORDS,
    ),
    "configuration": Reader(read_settings, examples.settings_examples, examples.JSON_WORDS),
    "words of a sweep": Reader(read_sweep_words, lambda: [examples.SWEEP_WORDS], examples.YAML_WORDS),
    "words of a run": Reader(read_run_words, lambda: [b"region=vaals\nyears=3\nseed=2\n"], examples.YAML_WORDS),
    "checkpoint": Reader(from_file("kept", read_checkpoint), lambda: [checkpoint(), *altered_checkpoints()]),
    "checkpoint of a run": Reader(from_file("kept", resume_run), lambda: [run_checkpoint()]),
    "manifest of a sweep": Reader(
        from_file("sweep.json", read_sweep_plan), lambda: [sweep_plan()], examples.JSON_WORDS
    ),
    "shard of a sweep": Reader(
        from_file("shard.parquet", read_shard), lambda: [parquet(pl.DataFrame({"run": [0, 1], "year": [1, 1]}))]
    ),
    "kept page": Reader(
        from_file("page.json", read_page), lambda: [b'{"url": "https://example.nl/a", "bytes": 7}'], examples.JSON_WORDS
    ),
    "summary of a result": Reader(
        from_file("summary.json", read_result_summary), lambda: [result_summary()], examples.JSON_WORDS
    ),
    "message of the page": Reader(read_socket, examples.messages, examples.JSON_WORDS),
    "uploaded table": Reader(upload, own_tables, examples.CELLS),
}
