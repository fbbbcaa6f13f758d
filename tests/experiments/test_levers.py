"""The table of levers: it has them all, it can say no, and reception touches newcomers only."""

from dataclasses import replace

import polars as pl
import pytest

from experiments.cli.command import main
from experiments.compare.design import design_from
from experiments.levers import ranges
from experiments.levers import table as lever_table
from experiments.levers.cases import cases
from experiments.levers.command import HELD
from experiments.simulation.progress import Quiet
from experiments.simulation.simulate import load_table
from scenarios.policy.levers import full_names, levers
from sim.conditions import Conditions


@pytest.fixture(scope="module")
def levers_and_world():
    """Vaals at one agent per ten residents, two seeds of one year."""
    design = design_from({"region": "vaals", "scale": 10, "replicates": 2, "years": 1, "threads": 1, **HELD})
    return design, load_table(design.region)


def test_every_lever_is_in_the_table_and_its_value_is_not_todays() -> None:
    found = cases()
    assert [case.lever for case in found] == list(full_names())
    assert {lever.field for lever in levers().values() if lever.field} == set(Conditions._fields)
    for case in found:
        lever, target = full_names()[case.lever]
        assert case.value != lever.baseline[target] and lever.low <= case.value <= lever.high


def test_a_target_that_does_not_move_is_said_not_to_hold(levers_and_world, monkeypatch) -> None:
    """Today's value changes nothing; a wrong direction is seen; the right one holds."""
    good = next(case for case in cases() if case.lever == "work.retention")
    nothing, wrong = replace(good, value=0.0), replace(good, direction=-good.direction)
    monkeypatch.setattr(lever_table, "cases", lambda: [good, nothing, wrong])
    table = lever_table.targets_table(*levers_and_world, Quiet())
    assert table["holds"].to_list() == [True, False, False] and table["right"].to_list() == [1, 0, 0]
    assert table["difference"][0] > 0 == table["difference"][1]


def test_reception_touches_newcomers_only(levers_and_world) -> None:
    touched = lever_table.directly_touched(*levers_and_world, seeds=1)
    assert touched["others_changed"].sum() == 0 and touched["others"].min() > 500
    acting = touched.filter(touched["lever"] != "reception.places")  # whose load may be below one here
    assert acting["newcomers_changed"].sum() > 0


def test_what_each_lever_does_at_the_ends_of_its_range(levers_and_world, monkeypatch) -> None:
    """Keeping work acts both ways; where every draw gives the same, the table says "nothing"."""
    chosen = [end for end in ranges.ends() if end[0] in ("work.retention", "admission.permit", "facilities.competence")]
    assert chosen == [
        ("facilities.competence", 1),
        ("work.retention", -4),
        ("work.retention", 1),
        ("admission.permit", 2),
    ]
    monkeypatch.setattr(ranges, "ends", lambda: chosen)
    table = ranges.ranges_table(*levers_and_world, Quiet())
    assert table["everyone"][1] < 0 < table["everyone"][2]
    assert (table["everyone_low"] <= table["everyone"]).all() and (table["everyone"] <= table["everyone_high"]).all()
    zero = {name: pl.lit(0.0) for name in ("everyone", "everyone_low", "everyone_high")}
    lines = ranges.range_lines(table.with_columns(**zero))
    assert all("nothing" in line for line in lines[2:])


@pytest.mark.parametrize("word", ["policies=[libraries]", "posterior=x.csv", "replicates=0"])
def test_wrong_words_are_refused(word, capsys) -> None:
    assert main(["levers", "check", word]) == 2
    assert word.partition("=")[0] in capsys.readouterr().err
