"""One reader of words for every command, and the same settings from words, from Hydra and from Python."""

import io
import re
from dataclasses import dataclass

import pytest

from experiments.cli.screen import make_readable
from experiments.options.compose import compose
from experiments.options.declaration import choice, declared, file_path, number, options_from, several, whole, yes_or_no
from experiments.options.help import help_of
from experiments.options.requests import RUN, read_runs
from experiments.options.settings import settings_from
from experiments.options.values import read_value
from experiments.options.words import Command, read_words
from scenarios.errors import InputError


@dataclass(frozen=True)
class Requested:
    """Options of every kind."""

    years: int = whole(3, 1, 9, "years to simulate")
    seeds: int | None = whole(None, 1, 5, "seeds")
    share: float | None = number(None, 0.0, 1.0, "a share")
    kind: str = choice("own", ("own", "shared"), "which of two")
    fast: bool = yes_or_no("in a hurry")
    out: str | None = file_path("folder")
    names: tuple[str, ...] = several("names", ("a", "b"))


COMMAND = Command("try", "Try.", Requested, parts=("region", "parameters"), operands="FOLDER")


def test_words_and_values_give_the_same() -> None:
    request = read_words(
        COMMAND, ["years=4", "--share", "0.5", "--fast", "kind=shared", "out=2024", "names=[x,y]", "here"]
    )
    assert request.operands == ["here"]
    found = options_from(Requested, request.values, "try")
    assert found == Requested(4, None, 0.5, "shared", True, "2024", ("x", "y"))
    assert options_from(Requested, {"years": 4, "share": 0.5, "names": ["x", "y"]}, "try") == Requested(
        4, share=0.5, names=("x", "y")
    )


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("years=0", "years=0 is out of range; allowed is 1 to 9"),
        ("years=many", "years='many' is not a whole number"),
        ("seeds=9", "seeds=9 is out of range"),
        ("share=2", "share=2 is out of range; allowed is 0 to 1"),
        ("kind=sharde", "allowed is own or shared; did you mean shared"),
        ("fast=yes", "allowed is true or false"),
        ("out=", "allowed is the name of a file or folder"),
        ("names=[]", "not a list of names"),
        ("yeers=3", "yeers is not an option of try; did you mean years"),
        ("--slow", "unknown flag --slow"),
        ("--years", "--years has no value"),
        ("region.tabel=x", "did you mean region.table"),
        ("parameters=3", "no such file; .*or set one parameter: parameters.NAME=VALUE"),
        ("policy=libraries", "policy is not an option of try"),
    ],
)
def test_wrong_words_get_one_clear_line(word: str, line: str) -> None:
    with pytest.raises(InputError, match=line) as raised:
        options_from(Requested, read_words(COMMAND, [word]).values, "try")
    assert "\n" not in str(raised.value)


def test_help_names_every_option_with_its_range() -> None:
    text = help_of(COMMAND)
    assert all(f"  {name}=" in text for name in declared(Requested))
    assert "years to simulate (1..9; default 3)" in text and "(own|shared; default own)" in text
    assert "thuis try FOLDER [KEY=VALUE ...]" in text and "region=" in text and "policy=" not in text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3), ("-2", -2), ("0363", "0363"), ("1e3", 1000.0), (".5", 0.5), ("true", True), ("no", "no"),
        ("null", None), ("2020-01-02", "2020-01-02"), ("range(1,4)", [1, 2, 3]), ("[GM0363, 0363]", ["GM0363", "0363"]),
        ("a: b", "a: b"), ("'a b'", "a b"), ("@home", "@home"),
    ],
)  # fmt: skip
def test_values(text: str, value: object) -> None:
    assert read_value("key", text) == value


@pytest.mark.parametrize(
    "words",
    [
        "region=vaals years=2 seed=7 people=true out='my folder'",
        "policy=wrr_agenda policy.start=12 parameters.base=0.5 parameters.effect_ties=1e-1 threads=2",
        "region=file region.table=a.csv region.codes=[0363,GM1] language=nl progress=none",
        "policy=libraries policy.libraries.funding=2 ++policy.libraries.where=[A,B] start=null out=2024",
    ],
)
def test_the_reader_and_hydra_agree(words: str) -> None:
    """`thuis run` reads plain words itself and asks Hydra only for what is Hydra's own."""
    plain, hydra = read_runs(words.split(" ") if "'" not in words else re.split(r" (?=\w+=)", words)), None
    (hydra,) = compose([*re.split(r" (?=[\w+.]+=)", words), "hydra.verbose=false"])
    assert plain[0].settings == hydra.settings
    assert {key.split(".")[0] for key in plain[0].given} <= {key.split(".")[0] for key in hydra.given}


def test_python_values_are_checked_as_words_are() -> None:
    request = read_words(RUN, ["region=urk", "policy.libraries.funding=2", "years=2"])
    requested = {"region": "urk", "policy": request.nested()["policy"], "years": 2}
    assert settings_from(requested) == settings_from(request.nested())
    assert request.nested()["policy"]["name"] == "libraries"


def test_signs_that_a_screen_does_not_have_are_written_in_plain_ones(monkeypatch) -> None:
    screen = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", screen)
    make_readable()
    print("population → residents, −5 °C, ’s-Gravenhage, Súdwest-Fryslân, Tromsø, 10 ≤ x, 住")
    screen.flush()
    text = screen.buffer.getvalue().decode()  # type: ignore[attr-defined]
    assert text == "population -> residents, -5 ?C, 's-Gravenhage, Sudwest-Fryslan, Tromso, 10 <= x, ?\n"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("'s-Gravenhage", "the_hague"),
        ("'gouda'", "gouda"),
        ("[gouda,'s-Gravenhage]", "gouda+the_hague"),
        ("0513", "gouda"),
        ("Nuenen, Gerwen en Nederwetten", "nuenen_gerwen_en_nederwetten"),
        ("Bergen (L.)", "bergen_l"),
    ],
)
def test_a_region_is_named_as_people_write_it(written: str, key: str) -> None:
    assert settings_from(read_words(RUN, [f"region={written}"]).nested()).region["name"] == key
