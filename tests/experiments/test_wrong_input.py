"""Wrong inputs to `thuis run`: each is answered by one clear line and exit code 2, before the simulation begins."""

import re
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest

from experiments.cli.command import main
from experiments.run import job

SMALL = "code,residents,origin_native,origin_other\nA,1000,0.8,0.2\nB,2000,0.6,0.4\n"
CROWD = SMALL.replace("1000", "40000000")
FILES: dict[str, str | bytes] = {
    "good.csv": SMALL,
    "negative.csv": SMALL.replace("2000", "-5"),
    "shares.csv": SMALL.replace("0.4", "0.1"),
    "missing.csv": "code,origin_native,origin_other\nA,0.8,0.2\n",
    "text.csv": SMALL.replace("2000", "many"),
    "twice.csv": SMALL.replace("B,", "A,"),
    "empty.csv": "",
    "utf16.csv": SMALL.encode("utf-16"),
    "latin.csv": SMALL.replace("B,", "Bé,").encode("latin-1"),
    "crowd.csv": CROWD,
    "not.parquet": "PAR1 it is not",
    "text.checkpoint": "not a checkpoint",
    "note.txt": "a file of the user's",
    "dup.yaml": "name: dup\nlib: {facilities: library, funding: 2}\nlib: {facilities: library, funding: 0.5}\n",
    "inside.yaml": "lib:\n  facilities: library\n  funding: 2\n  funding: 0.5\n",
    "bomb.yaml": "a: &a [x,x]\n"
    + "".join(f"{b}: &{b} [{','.join(['*' + a] * 20)}]\n" for a, b in pairwise("abcdefgh")),
    "round.yaml": "lib: &l {facilities: library, funding: 2, more: *l}\n",
}

# name: (words after `thuis run`, with FOLDER for the folder of the files above; what the line must say)
WRONG: dict[str, tuple[str, str]] = {
    "unknown region": ("region=westlnd", "unknown region 'westlnd'; did you mean westland"),
    "name of two regions": ("region=bergen", r"bergen_nh \(GM0373, Noord-Holland\) or bergen_l"),
    "unknown of several": ("region=[vaals,urkk]", "unknown region 'urkk'; did you mean urk"),
    "unknown option": ("yeers=3", "yeers is not an option of run; did you mean years"),
    "unknown region option": ("region.tabel=x", "region.tabel is not an option of run; did you mean region.table"),
    "unknown parameter": ("parameters.bsae=0.5", "parameters.bsae is not a parameter.*did you mean parameters.base"),
    "parameter out of range": ("parameters.base=5", r"parameters.base=5 is out of range; allowed is .* 0.3 to 0.8"),
    "negative rate": ("parameters.job_loss=-0.01", "parameters.job_loss=-0.01 is out of range"),
    "parameter without a number": ("parameters.base=high", "parameters.base='high' is not a number"),
    "infinite parameter": ("parameters.base=inf", "parameters.base=inf is out of range"),
    "parameter nan": ("parameters.base=nan", "parameters.base=nan is out of range"),
    "text for years": ("years=ten", "years='ten' is not a whole number; allowed is 1 to 100"),
    "half a year": ("years=0.5", "years=0.5 is not a whole number"),
    "no years": ("years=0", "years=0 is out of range; allowed is 1 to 100"),
    "too many years": ("years=1000", "years=1000 is out of range"),
    "negative seed": ("seed=-1", "seed=-1 is out of range"),
    "scale of nothing": ("scale=0", "scale=0 is out of range"),
    "fewer than one agent": ("region=vaals scale=100000", r"scale=100000 leaves less than one agent per neighbourhood"),
    "too many threads": ("threads=1000", "threads=1000 is out of range; allowed is 0 to 256"),
    "unknown driver": ("driver=quick", "driver=quick is not allowed; allowed is compiled or agents"),
    "unknown language": ("language=fr", "language=fr is not allowed; allowed is en or nl"),
    "people neither true nor false": ("people=some", "people='some' is not allowed; allowed is true or false"),
    "unknown policy": ("policy=librarys", "unknown policy 'librarys'; did you mean libraries"),
    "unknown lever": ("policy=libraries policy.libraries.fundng=2", "did you mean policy.libraries.funding"),
    "lever out of range": ("policy=libraries policy.libraries.funding=-2", r"funding is -2 \(allowed: 0 to"),
    "policy elsewhere": ("policy=libraries policy.where=GM9999", "unknown place 'GM9999'"),
    "a measure twice": ("policy=FOLDER/dup.yaml", r"dup\.yaml, row 3: 'lib' stands in row 2 too"),
    "a lever twice": ("policy=FOLDER/inside.yaml", r"inside\.yaml, row 4: 'funding' stands in row 3 too"),
    "aliases of aliases": ("policy=FOLDER/bomb.yaml", r"bomb\.yaml: unfolds to more than 100,000 values"),
    "an alias of itself": ("policy=FOLDER/round.yaml", "an alias stands for something that it is itself a part of"),
    "a file without end": ("region=file region.table=/dev/zero", "is not a file but a device or a pipe"),
    "a policy without end": ("policy=FOLDER/endless.yaml", "is not a file but a device or a pipe"),
    "Hydra's folder": ("hydra.run.dir=elsewhere", "hydra.run.dir changes nothing here: out=FOLDER says"),
    "Hydra's mode": ("hydra.mode=MULTIRUN", "hydra.mode changes nothing here"),
    "no value": ("years", "'years' has no value"),
    "unreadable": ("region.codes=[A", r"cannot read 'region.codes=\[A'"),
    "unknown flag": ("--fast", "unknown flag --fast"),
    "table needed": ("region=cbs", "region=cbs needs a table"),
    "no such table": ("region=file region.table=FOLDER/none.csv", "does not exist"),
    "unknown code": ("region=file region.table=FOLDER/good.csv region.codes=[Z]", "unknown code 'Z'"),
    "no codes": ("region=file region.table=FOLDER/good.csv region.codes=[]", "region.codes is an empty list"),
    "option of another region": ("region=vaals region.table=FOLDER/good.csv", "region.table does not belong"),
    "negative residents": ("region=file region.table=FOLDER/negative.csv", "row 3, column residents: '-5'"),
    "shares": ("region=file region.table=FOLDER/shares.csv", "the shares add up to 0.7"),
    "missing column": ("region=file region.table=FOLDER/missing.csv", "column residents: the column is missing"),
    "text in a number": ("region=file region.table=FOLDER/text.csv", "'many' is not a number"),
    "duplicate code": ("region=file region.table=FOLDER/twice.csv", "'A' is the code of row 2 too"),
    "empty file": ("region=file region.table=FOLDER/empty.csv", "the file is empty"),
    "UTF-16": ("region=file region.table=FOLDER/utf16.csv", "looks like UTF-16"),
    "Latin-1": ("region=file region.table=FOLDER/latin.csv", "row 3: is not in UTF-8"),
    "damaged Parquet": ("region=file region.table=FOLDER/not.parquet", "not.parquet"),
    "more residents than memory": ("region=file region.table=FOLDER/crowd.csv", "GiB of memory"),
    "more agents than memory": ("region=amsterdam driver=agents", "driver=agents needs"),
    "folder below a file": ("out=FOLDER/note.txt/result", "note.txt is not a folder"),
    "folder is a file": ("out=FOLDER/note.txt", "note.txt is a file"),
    "folder of other things": ("out=FOLDER", "holds files that are not a result of Thuis"),
    "unwritable folder": ("out=/proc/thuis/result", "out=/proc/thuis/result cannot be written"),
    "no such checkpoint": ("resume=FOLDER/none.checkpoint", "no such checkpoint"),
    "not a checkpoint": ("resume=FOLDER/text.checkpoint", "not a checkpoint"),
    "start and resume": ("start=FOLDER/a resume=FOLDER/b", "no such checkpoint|both given"),
    "start in no folder": ("start=FOLDER/none/start", "its folder does not exist"),
    "wrong in one of several": ("-m region=vaals years=1 seed=1,-1", "seed=-1 is out of range"),
}


IN_DUTCH = {
    "run region=goudda": "onbekende plaats 'goudda'; bedoelt u gouda?",
    "run yeers=3": "yeers is geen optie van run; bedoelt u years?",
    "run parameters.bsae=0.5": "parameters.bsae is geen parameter van het model; bedoelt u parameters.base",
    "run years=300": "years=300 kan niet; toegestaan is 1 tot en met 100",
    "run years=ten": "years='ten' is geen heel getal; toegestaan is 1 tot en met 100",
    "run driver=quick": "driver=quick kan niet; kies uit compiled, agents",
    "run policy=librarys": "onbekend beleid 'librarys'; bedoelt u libraries",
    "run policy=libraries policy.libraries.fundng=2": "hoort niet bij policy=libraries; bedoelt u policy.libraries.f",
    "run region=file region.table=/none/at/all.csv": "'/none/at/all.csv' bestaat niet",
    "run policy=FOLDER/plan.yaml": "onbekend woord 'aanbot'; bedoelt u aanbod",
    "run policy=libraries policy.where=Vaalz": "onbekende plaats 'Vaalz'; bedoelt u Vaals",
    "run out=/etc": "in out=/etc staan bestanden die geen resultaat van Thuis zijn",
    "compare policies=[baseline,librarys]": "onbekend beleid 'librarys'",
    "policies zzz": "niets gevonden dat lijkt op 'zzz'",
    "regions zzzz": "niets gevonden dat lijkt op 'zzzz'",
}


@pytest.mark.parametrize("words", IN_DUTCH)
def test_what_a_policymaker_meets_is_told_in_dutch(
    words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "plan.yaml").write_text("naam: plan\nbieb:\n  voorzieningen: bibliotheek\n  aanbot: 2\n")
    given = ["region=vaals"] if words.startswith("run policy=") else []
    told, words = words, words.replace("FOLDER", str(tmp_path))
    assert main([*words.split(), *given, "language=nl"]) == 2
    line = capsys.readouterr().err
    assert line.startswith("thuis: ") and IN_DUTCH[told] in line and line.count("\n") == 1
    assert main([*words.split(), *given]) == 2
    assert IN_DUTCH[told] not in capsys.readouterr().err


@pytest.fixture(autouse=True)
def no_simulation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A run that begins is a failure; and a large machine is as small as any."""
    import psutil

    def begins(*_: object) -> None:
        raise AssertionError("the simulation began")

    def memory() -> object:
        return type("Memory", (), {"available": 1 << 30})()

    monkeypatch.setattr(job, "first_world", begins)
    monkeypatch.setattr(psutil, "virtual_memory", memory)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files above."""
    folder = tmp_path / "files"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "endless.yaml").symlink_to("/dev/zero")
    return folder


@pytest.mark.parametrize("name", WRONG)
def test_one_clear_line(name: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words, said = WRONG[name]
    before = sorted(tmp_path.rglob("*"))
    code = main(["run", *words.replace("FOLDER", str(folder)).split()])
    out, line = capsys.readouterr()
    assert code == 2, line
    assert out == "" and line.count("\n") == 1 and line.startswith("thuis: "), line
    assert re.search(said, line), line
    assert "Traceback" not in line and len(line) < 500
    assert sorted(tmp_path.rglob("*")) == before, "something was left behind"


def test_there_are_thirty() -> None:
    assert len(WRONG) >= 30


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("NUMBA_DISABLE_JIT", "1", "turns the compiler off"),
        ("NUMBA_NUM_THREADS", "0", "NUMBA_NUM_THREADS=0 is not allowed; allowed is 1 to"),
        ("NUMBA_NUM_THREADS", "99999", "NUMBA_NUM_THREADS=99999 is not allowed"),
        ("NUMBA_NUM_THREADS", "many", "NUMBA_NUM_THREADS=many is not allowed"),
    ],
)
def test_an_environment_in_which_nothing_can_run(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["run", "region=vaals"]) == 2 and main(["run", "--help"]) == 2
    assert said in capsys.readouterr().err
    assert main(["--help"]) == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("base,effect_ties\n0.5,0.05\n9,0.05\n", r"post\.csv, row 3: .*base=9.* out of range"),
        ("base\n0.5\nhigh\n", r"row 3: base=high is not a number; allowed is 0\.3 to"),
        ("colour\n1\n", "no column is named after a parameter"),
        ("base\n", "no column is named after a parameter|no row"),
        ("base,effect_ties\n0.5,\n", r"row 2: effect_ties=\(empty\) is not a number"),
    ],
)
def test_a_posterior_is_looked_at_before_anything_runs(
    content: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "post.csv").write_text(content)
    words = ["region=vaals", "policies=[baseline,libraries]", "parameters_drawn=true", "posterior=post.csv"]
    assert main(["compare", *words]) == 2
    assert re.search(said, capsys.readouterr().err)


def test_commands(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["rum"], ["--completion", "tcsh"], ["bench", "--months", "0"]):
        assert main(words) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_a_checkpoint_of_other_content_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "other.checkpoint"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("header.json", "{}")
    assert main(["run", f"resume={path}"]) == 2
    assert "not a checkpoint" in capsys.readouterr().err
