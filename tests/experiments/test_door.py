"""`import thuis`: the same results as the command, results that show themselves, one clear line for what is wrong."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import polars as pl
import pytest

import thuis
from experiments.cli.command import main
from sim.parameters import Parameters
from sim.parameters.declaration import describe
from tests.tools.paths import REPOSITORY

AREAS = pl.DataFrame(
    {
        "code": ["A", "B", "C"],
        "name": ["Old Town", "Harbour", "Hillside"],
        "residents": [900, 1200, 700],
        "origin_native": [0.8, 0.6, 0.9],
        "origin_other": [0.2, 0.4, 0.1],
        "x": [0.0, 1.0, 0.5],
        "y": [0.0, 0.2, 1.0],
    }
)
SMALL = {"years": 1, "scale": 20, "threads": 1}


def words_of(values: dict[str, Any]) -> list[str]:
    return [f"{key}={value}" for key, value in values.items()]


def summary_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "summary.json").read_text())


@pytest.fixture(scope="module")
def run() -> Any:
    return thuis.run("urk", policy="libraries", levers={"libraries.funding": 2}, parameters={"base": 0.5}, **SMALL)


@pytest.fixture(scope="module")
def comparison() -> Any:
    return thuis.compare("urk", policies=["baseline", "libraries"], replicates=2, language="nl", **SMALL)


def test_importing_takes_nothing_along() -> None:
    command = [sys.executable, "-X", "importtime", "-c", "import thuis"]
    said = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stderr
    assert " thuis\n" in said
    heavy = ("numpy", "numba", "polars", "mesa", "matplotlib", "experiments", "agents", "scenarios", "sim")
    assert not [word for word in heavy if f" {word}\n" in said]
    assert all(callable(getattr(thuis, name)) for name in thuis.__all__) and dir(thuis) == sorted(thuis.__all__)


def test_a_run_is_that_of_the_command(run: Any, tmp_path: Path) -> None:
    words = ["region=urk", "policy=libraries", "policy.libraries.funding=2", "parameters.base=0.5", *words_of(SMALL)]
    assert main(["run", *words, f"out={tmp_path / 'words'}"]) == 0
    by_words = thuis.read(tmp_path / "words")
    assert by_words.digest == run.digest and by_words.months.equals(run.months)
    twice = {"defaults": ["libraries"], "libraries": {"funding": np.float64(2)}}
    options = SMALL | {"seed": np.int64(1), "out": tmp_path / "values"}
    values = thuis.run("urk", policy=twice, parameters={"base": np.float32(0.5)}, **options)
    assert values.digest == run.digest and values.folder == tmp_path / "values" and run.folder is None
    assert (tmp_path / "values/page.html").exists()
    full_name = thuis.run("urk", levers={"facilities.funding.library": 2}, **SMALL)
    assert full_name.digest != run.digest and full_name.summary["euro_spent"] > 0


def test_a_comparison_is_that_of_the_command(comparison: Any, tmp_path: Path) -> None:
    words = ["region=urk", "policies=[baseline,libraries]", "replicates=2", *words_of(SMALL)]
    assert main(["compare", *words, f"out={tmp_path / 'words'}"]) == 0
    by_words = thuis.read(tmp_path / "words")
    for table in comparison.tables:
        assert by_words.pl(table).equals(comparison.pl(table)), table
    assert by_words.summary["receipt"]["replicates"] == comparison.summary["receipt"]["replicates"]


def test_a_sweep_is_that_of_the_command(tmp_path: Path) -> None:
    plain = {"scale": 40, "years": 1, "design": "latin_hypercube", "runs": 3, "replicates": 2}
    varied = ["factors.policy.libraries.funding=[1,2]", "factors.parameters.base=[0.5,0.6]"]
    words = ["region=urk", *varied, *words_of(plain), "progress=none", "engine=threads"]
    assert main(["sweep", *words, f"out={tmp_path / 'words'}"]) == 0
    factors = {"policy.libraries.funding": (1, 2), "parameters.base": np.array([0.5, 0.6])}
    requested = {"factors": factors, **plain}
    found = thuis.sweep("urk", out=tmp_path / "values", **requested)
    by_words = thuis.read(tmp_path / "words")
    assert by_words.pl().equals(found.pl()) and by_words.plan.digest == found.plan.digest
    again = thuis.sweep("urk", out=tmp_path / "values", **requested)  # nothing is left to do
    assert again.pl().equals(found.pl()) and again.folder == tmp_path / "values"
    points = found.design.filter(pl.col("replicate") == 0).select(*factors)
    own = thuis.sweep("urk", design="file", table=points, policy="libraries", scale=40, years=1)
    assert own.pl()["digest"].to_list() == found.pl().filter(pl.col("replicate") == 0)["digest"].to_list()
    assert "3 of 3 runs" in own._repr_html_() and own.folder is None and own.path.exists()
    assert own.plot("at_home", "parameters.base").get_xlabel() == "parameters.base"
    path = own.path
    del own
    assert not path.parent.exists()


def test_a_table_of_ones_own_in_every_form(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    AREAS.write_csv(path)
    forms = [AREAS, AREAS.to_pandas(), AREAS.lazy(), path, str(path), {"table": path}, {"name": "file", "table": AREAS}]
    results = [thuis.run(form, years=1, threads=1) for form in forms]
    assert len({result.digest for result in results}) == 1
    assert results[0].neighbourhoods["name"].to_list() == AREAS["name"].to_list()
    chosen = thuis.run({"table": AREAS, "codes": ["A", "C"]}, years=1, threads=1)
    assert chosen.months["neighbourhood"].unique(maintain_order=True).to_list() == ["A", "C"]


def test_pandas_is_taken_wherever_polars_is() -> None:
    """Areas with the codes as index, points of a design, rows and columns as values; what cannot be is said."""
    areas, row = AREAS.to_pandas(), pl.DataFrame({"base": [0.5], "effect_ties": [0.05]}).to_pandas().iloc[0]
    polars, pandas = (
        thuis.run(form, parameters=parameters, **SMALL)
        for form, parameters in ((AREAS, {"base": 0.5, "effect_ties": 0.05}), (areas.set_index("code"), row))
    )
    assert polars.digest == pandas.digest
    points = pl.DataFrame({"parameters.base": [0.5, 0.6]})
    options: dict[str, Any] = {"design": "file", "years": 1, "scale": 20}
    forms = [(AREAS, points), (areas, points.to_pandas())]
    digests = [thuis.sweep(form, table=table, **options).pl()["digest"].to_list() for form, table in forms]
    assert digests[0] == digests[1] and len(set(digests[0])) == 2
    levels = thuis.sweep(areas, factors={"parameters.base": points.to_pandas()["parameters.base"]}, years=1, scale=20)
    assert levels.pl()["digest"].to_list() == digests[0]
    with pytest.raises(thuis.InputError, match="cannot be read as a table"):
        thuis.run(areas.assign(name=[1, "x", [2]]), **SMALL)


def test_a_frame_stays_beside_the_folder_so_that_the_result_can_be_verified(tmp_path: Path) -> None:
    plan = {"name": "harbour", "where": ["B"], "libraries": {"facilities": "library", "funding": 2}}
    thuis.run(AREAS, policy=plan, years=1, threads=1, out=tmp_path / "run")
    thuis.compare(AREAS, policies=["baseline", plan], replicates=1, years=1, threads=1, out=tmp_path / "compare")
    thuis.sweep(AREAS, factors={"parameters.base": [0.5, 0.6]}, policy=plan, years=1, out=tmp_path / "sweep")
    kept = {path.parent.name.split(".")[0] for path in tmp_path.glob("*/own_areas.parquet")}
    assert kept == {"run", "compare", "sweep"} and len(list(tmp_path.iterdir())) == 6
    assert main(["verify", str(tmp_path / "run"), str(tmp_path / "compare")]) == 0
    with pytest.raises(thuis.InputError, match="row 3, column residents"):
        thuis.run(AREAS.with_columns(residents=pl.Series([900, -5, 700])), out=tmp_path / "wrong")
    with pytest.raises(thuis.InputError, match="unknown place"):
        thuis.run(AREAS, policy=plan | {"where": ["Z"]}, out=tmp_path / "wrong")
    assert not list(tmp_path.glob("*wrong*"))


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "keyword": ({"yeers": 3}, "yeers is not an option of run; did you mean years"),
    "value": ({"years": "ten"}, "years='ten' is not a whole number; allowed is 1 to 100"),
    "half a year": ({"years": np.float64(0.5)}, "years=0.5 is not a whole number"),
    "parameter": ({"parameters": {"bsae": 0.5}}, "parameters.bsae is not a parameter.*did you mean base"),
    "range": ({"parameters": {"base": 5}}, r"parameters.base=5 is out of range; allowed is .* 0.3 to 0.8"),
    "parameters": ({"parameters": 0.5}, "parameters=0.5 is not a mapping"),
    "policy": ({"policy": "librarys"}, "unknown policy 'librarys'; did you mean libraries"),
    "file": ({"policy": Path("none.yaml")}, "none.yaml: no such policy file"),
    "base": ({"policy": {"defaults": ["librarys"]}}, "unknown policy 'librarys'"),
    "measure": ({"policy": "libraries", "levers": {"library.funding": 2}}, "'library.funding' is no lever.*did you"),
    "lever": ({"levers": {"facilities.funding.libary": 2}}, "did you mean facilities.funding.library"),
    "word": ({"policy": "libraries", "levers": {"libraries": {"fundng": 2}}}, "unknown word 'fundng'; did you"),
    "lever's range": ({"policy": "libraries", "levers": {"libraries.funding": 9}}, "funding is 9"),
    "levers": ({"levers": 2}, "levers=2 is not a mapping"),
    "dotted": ({"parameters.base": 0.5}, "parameters.base stands in parameters: give"),
    "checkpoint": ({"checkpoint_every": 12}, "give out=FOLDER too"),
    "out": ({"out": REPOSITORY / "sim"}, "holds files that are not a result"),
}


@pytest.mark.parametrize(("options", "line"), WRONG.values(), ids=WRONG)
def test_a_wrong_call_is_one_clear_line(options: dict[str, Any], line: str) -> None:
    with pytest.raises(thuis.InputError, match=line) as error:
        thuis.run("urk", **options)
    assert "\n" not in str(error.value)


def test_wrong_calls_of_the_others() -> None:
    for call, line in (
        (lambda: thuis.run("urkk"), "unknown region 'urkk'.*did you mean urk"),
        (lambda: thuis.run({"codes": ["A"]}), "without name or table"),
        (lambda: thuis.compare("urk", policies=["baseline"]), "give two or more"),
        (lambda: thuis.compare("urk", replicats=3), "replicats is not an option of compare; did you mean replicates"),
        (lambda: thuis.sweep("urk", factors={"parameters.efect_ties": (0, 1)}), "did you mean parameters.effect_ties"),
        (lambda: thuis.sweep("urk", factor={}), "factor is not an option of sweep"),
        (lambda: thuis.sweep("urk", parameters={"base": [0.5, 0.6]}), "to vary it write factors.parameters.base"),
        (lambda: thuis.read(REPOSITORY), "holds no result"),
        (lambda: thuis.policies("fr"), "language=fr is not allowed"),
    ):
        with pytest.raises(thuis.InputError, match=line):
            call()


def test_what_can_be_chosen_is_what_the_calls_take() -> None:
    parameters, levers = thuis.parameters(), thuis.levers("nl")
    assert dict(zip(parameters["name"], parameters["default"], strict=True)) == {
        name: d.default for name, d in describe(Parameters).items()
    }
    assert (parameters["low"] <= parameters["default"]).all() and (parameters["default"] <= parameters["high"]).all()
    funding = levers.row(by_predicate=pl.col("name") == "facilities.funding.library", named=True)
    assert funding["today"] == 1 and funding["price"] > 0 and funding["source"] and funding["what"] != ""
    assert {"vaals", "cbs", "file"} <= set(thuis.regions()["name"])
    assert thuis.regions().row(by_predicate=pl.col("name") == "vaals", named=True)["residents"] == 9710
    sets = dict(zip(thuis.policies()["name"], thuis.policies()["levers"].to_list(), strict=True))
    assert sets["baseline"] == [] and sets["libraries"] == ["facilities.funding.library"]


def test_results_show_themselves(run: Any, comparison: Any) -> None:
    plt.close("all")
    assert "Urk: Libraries (changed)" in run._repr_html_() and run.digest[:12] in run._repr_html_()
    shown = comparison._repr_html_()
    assert "Bibliotheken" in shown and "Zonder → met" in shown and "Verschil" in shown and "<script" not in shown
    for figure in ("belonging_over_time", "map", "diversity_belonging", "who_stays"):
        assert run.plot(figure).figure.get_suptitle()
    for figure in ("groups", "time", "newcomers"):
        assert comparison.plot(figure).get_legend() is not None
    _, axes = plt.subplots()
    assert run.plot(axes=axes) is axes and len(plt.get_fignums()) == 8
    with pytest.raises(thuis.InputError, match="no figure 'maps'; did you mean map"):
        run.plot("maps")
    plt.close("all")
    assert run.people is None and run.pandas("groups").shape == run.groups.shape
    with pytest.raises(thuis.InputError, match="no table 'month'; did you mean months"):
        run.pl("month")


def test_a_result_does_not_show_the_tables_of_another(tmp_path: Path) -> None:
    first = thuis.run("urk", out=tmp_path / "same", **SMALL)
    months = first.months
    with pytest.raises(thuis.InputError, match="holds a finished result; give another folder, or replace=true"):
        thuis.run("urk", seed=2, out=tmp_path / "same", **SMALL)
    thuis.run("urk", seed=2, out=tmp_path / "same", replace=True, **SMALL)
    assert first.months is months  # read before
    with pytest.raises(thuis.InputError, match="holds another result by now"):
        first.groups  # noqa: B018


def test_a_run_goes_on_from_a_checkpoint(tmp_path: Path) -> None:
    whole = thuis.run("urk", policy="libraries", years=2, scale=20)
    thuis.run("urk", policy="libraries", years=1, scale=20, checkpoint_every=12, out=tmp_path / "half")
    assert thuis.run("urk", years=2, resume=tmp_path / "half.checkpoint").digest == whole.digest


def test_keywords_show_in_an_editor() -> None:
    import inspect

    shown = inspect.signature(thuis.run).parameters
    assert shown["years"].default == 10 and shown["seed"].kind is inspect.Parameter.KEYWORD_ONLY
    assert "Residents per agent" in thuis.compare.__doc__ and "{options}" not in thuis.sweep.__doc__
    assert inspect.signature(thuis.sweep).parameters["engine"].default == "threads"
