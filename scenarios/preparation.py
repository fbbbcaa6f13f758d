"""A table of areas from published data of a city or office, by a recipe: which file, which column, which groups.

A recipe is a YAML file (those of ``conf/preparation`` come with Thuis). It makes ``NAME.csv`` in the form of one's own
areas (``docs/own_areas.md``), ``NAME.geojson`` with the outlines when there are any, and ``NAME.json`` with the source
of every file and all that was assumed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from scenarios.errors import InputError, close_matches, wrong
from scenarios.files import read_bytes
from scenarios.tables import read_table
from scenarios.text import for_spreadsheets
from scenarios.yaml_files import parse_yaml, read_yaml

SHARES = ("age_", "origin_")
"""Groups of columns that are divided by their sum."""
FILLED = ("age_", "one_person_households", "households_with_children", "household_size")
"""Columns in which an unknown value becomes the mean of the table."""
KEYS = {"title", "attribution", "municipality", "municipality_name", "areas", "columns", "groups"}
AREA_KEYS, GROUP_KEYS = {"file", "code", "name", "marks", "where"}, {
    "file", "area", "group", "count", "where", "marks", "renamed", "columns",
}  # fmt: skip


@dataclass(frozen=True)
class Prepared:
    """What was made.

    Attributes
    ----------
    table : polars.DataFrame
        A row per area, columns as in ``docs/own_areas.md``.
    outlines : dict of str to GeoJSON geometry
    notes : list of str
        Every assumption in a sentence.
    sources : dict of str to str
        SHA-256 of each file that was read, by name.
    recipe : dict
    """

    table: pl.DataFrame
    outlines: dict[str, Any]
    notes: list[str]
    sources: dict[str, str]
    recipe: dict[str, Any]


def recipe_names() -> list[str]:
    """Recipes that come with Thuis."""
    files = resources.files("conf.preparation").iterdir()
    return sorted(f.name.removesuffix(".yaml") for f in files if f.name.endswith(".yaml"))


def read_recipe(name: str | Path) -> dict[str, Any]:
    """A recipe from a file, or one of `recipe_names`.

    Raises
    ------
    InputError
        It is not there, or not a recipe.
    """
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        recipe = read_yaml(path)
    elif str(name) in recipe_names():
        text = resources.files("conf.preparation").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
        recipe = parse_yaml(text, path)
    else:
        near = close_matches(str(name), recipe_names())
        raise InputError(f"no recipe '{name}'{near} (allowed: {', '.join(recipe_names())}, or a file NAME.yaml)")
    _known(recipe, KEYS, ("areas", "columns"), path, "the recipe")
    _known(recipe["areas"], AREA_KEYS, ("file", "code"), path, "areas")
    _known(recipe["columns"], None, ("residents",), path, "columns")
    if "groups" in recipe:
        _known(recipe["groups"], GROUP_KEYS, ("file", "area", "group", "count", "columns"), path, "groups")
    return recipe


def _known(part: Any, keys: set[str] | None, needed: tuple[str, ...], path: Path, what: str) -> None:
    """Refuse a part of a recipe that lacks a key or has an unknown one."""
    if not isinstance(part, dict):
        raise wrong(f"{what} must be a mapping", file=path)
    for key in part:
        if keys is not None and key not in keys:
            raise wrong(f"{what} has no key '{key}'{close_matches(key, keys)}", file=path)
    for key in needed:
        if key not in part:
            raise wrong(f"{what} needs '{key}'", file=path)


def prepare(recipe: dict[str, Any], folder: str | Path) -> Prepared:
    """Make a table of areas from the files of a recipe, which lie in a folder.

    Raises
    ------
    InputError
        A file or column that is not there, or a number that is none.
    """
    folder = Path(folder)
    notes: list[str] = []
    sources: dict[str, str] = {}
    raw, outlines = _read_areas(recipe["areas"], folder, sources)
    table = _columns(raw, recipe)
    if "groups" in recipe:
        table = _with_groups(table, recipe["groups"], folder, sources, notes)
    lived_in = table["residents"].fill_null(0) >= 1
    if not lived_in.all():
        notes.append(f"{int((~lived_in).sum())} areas without residents, or with an unknown number, were left out.")
    table = _filled(_shares(table.filter(lived_in), notes), notes)
    for column in recipe["columns"]:
        unknown = table[column].null_count()
        if unknown:
            notes.append(f"{column} is unknown in {unknown} of {len(table)} areas.")
    codes = set(table["code"])
    return Prepared(table, {c: s for c, s in outlines.items() if c in codes}, notes, sources, recipe)


def _read_areas(about: dict[str, Any], folder: Path, sources: dict[str, str]) -> tuple[pl.DataFrame, dict[str, Any]]:
    """The file of areas with its columns as numbers, code and name; and outlines by code."""
    path = folder / about["file"]
    outlines: dict[str, Any] = {}
    if path.suffix.lower() in (".geojson", ".json"):
        content = read_bytes(path)
        sources[path.name] = hashlib.sha256(content).hexdigest()
        try:
            features = json.loads(content)["features"]
            frame = pl.DataFrame([f["properties"] for f in features], infer_schema_length=None, strict=False)
            shapes = [f.get("geometry") for f in features]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise wrong("is not a GeoJSON FeatureCollection", file=path) from None
        frame = frame.with_columns(pl.all().cast(pl.String))
        codes = _column(frame, about["code"], path)
        outlines = {str(code).strip(): shape for code, shape in zip(codes, shapes, strict=True) if shape}
    else:
        read = read_table(path)
        sources[path.name] = read.digest
        frame = read.frame.with_columns(pl.all().cast(pl.String))
    for column, value in (about.get("where") or {}).items():
        frame = frame.filter(_column(frame, column, path) == str(value))
    code = _column(frame, about["code"], path).str.strip_chars()
    name = _column(frame, about.get("name", about["code"]), path).str.strip_chars()
    marks = {str(mark): float(value) for mark, value in (about.get("marks") or {}).items()}
    numbers = frame.select(_number(pl.col(c), marks).alias(c) for c in frame.columns)
    return numbers.with_columns(code.alias("*code"), name.alias("*name")), outlines


def _column(frame: pl.DataFrame, column: str, path: Path) -> pl.Series:
    if column not in frame.columns:
        raise wrong(f"the column is missing{close_matches(column, frame.columns)}", file=path, column=column)
    return frame[column]


def _number(column: pl.Expr, marks: Mapping[str, float]) -> pl.Expr:
    """Text as numbers: a mark as the number that it stands for, a decimal comma as a point, anything else unknown."""
    text = column.str.strip_chars()
    number = text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    return text.replace_strict(marks, default=number, return_dtype=pl.Float64) if marks else number


def _columns(raw: pl.DataFrame, recipe: dict[str, Any]) -> pl.DataFrame:
    """The columns that the recipe asks for, by arithmetic over those of the file."""
    about = recipe["areas"]["file"]
    made = {}
    for name, formula in recipe["columns"].items():
        try:
            made[name] = raw.select(pl.sql_expr(str(formula)).cast(pl.Float64).alias(name)).to_series()
        except pl.exceptions.PolarsError as error:
            why = str(error).splitlines()[0]
            near = close_matches(str(formula), raw.columns)
            raise wrong(f"column {name}: '{formula}' cannot be worked out: {why}{near}", file=about) from None
    frame = pl.DataFrame({"code": raw["*code"], "name": raw["*name"], **made})
    for key in ("municipality", "municipality_name"):
        if key in recipe:
            frame = frame.with_columns(pl.lit(str(recipe[key])).alias(key))
    twice = frame.filter(frame["code"].is_duplicated())
    if len(twice):
        raise wrong("occurs twice", file=about, column=recipe["areas"]["code"], value=twice["code"][0])
    return frame.with_columns(pl.col(list(made)).fill_nan(None))


def _with_groups(
    table: pl.DataFrame, about: dict[str, Any], folder: Path, sources: dict[str, str], notes: list[str]
) -> pl.DataFrame:
    """Columns that add up groups of a table with a row per area and group."""
    path = folder / about["file"]
    read = read_table(path)
    sources[path.name] = read.digest
    frame = read.frame.with_columns(pl.all().cast(pl.String))
    for key in ("area", "group", "count"):
        _column(frame, about[key], path)
    for column, value in (about.get("where") or {}).items():
        frame = frame.filter(_column(frame, column, path) == str(value))
    marks = {str(k): v for k, v in (about.get("marks") or {}).items()}
    count = _number(pl.col(about["count"]), {})
    if "column" in marks:
        flag = _column(frame, marks.pop("column"), path).name
        hidden = int(frame[flag].is_in([m for m, v in marks.items() if v]).sum())
        numbers = {mark: float(value) for mark, value in marks.items()}
        count = pl.col(flag).replace_strict(numbers, default=count, return_dtype=pl.Float64)
        if hidden:
            stand_ins = ", ".join(f"{mark} counts as {value:g}" for mark, value in numbers.items())
            notes.append(f"{hidden} numbers of {path.name} are kept secret ({stand_ins}).")
    known = set(frame[about["group"]])
    area = pl.col(about["area"]).str.strip_chars().replace(about.get("renamed") or {})
    frame = frame.select(area.alias("code"), pl.col(about["group"]).alias("group"), count.fill_null(0).alias("count"))
    for name, groups in about["columns"].items():
        for group in groups:
            if group not in known:
                raise wrong(f"no group '{group}'{close_matches(group, known)}", file=path, column=about["group"])
        sums = frame.filter(pl.col("group").is_in(groups)).group_by("code").agg(pl.col("count").sum().alias(name))
        table = table.join(sums, on="code", how="left", maintain_order="left")
    lost = set(frame["code"]) - set(table["code"])
    if lost:
        notes.append(f"{len(lost)} areas of {path.name} are not among the areas, such as {min(lost)}.")
    return table


def _shares(table: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """Groups of columns divided by their sum; without origin an area cannot be used."""
    for prefix in SHARES:
        columns = [c for c in table.columns if c.startswith(prefix)]
        if columns:
            total = pl.sum_horizontal(columns, ignore_nulls=False)
            table = table.with_columns(pl.when(total > 0).then(pl.col(c) / total).alias(c) for c in columns)
    origin = [c for c in table.columns if c.startswith("origin_")]
    if not origin:
        return table
    unknown = table.select(pl.any_horizontal(pl.col(origin).is_null())).to_series()
    if unknown.any():
        notes.append(f"{int(unknown.sum())} areas of which the origin of residents is unknown were left out.")
        table = table.filter(~unknown)
    return table


def _filled(table: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """The mean of the table, weighted by residents, where one is needed and unknown."""
    weight = table["residents"].to_numpy()
    for column in (c for c in table.columns if c.startswith(FILLED)):
        values = table[column].to_numpy().astype(float)
        unknown = np.isnan(values)
        if unknown.any() and not unknown.all():
            mean = float(np.average(values[~unknown], weights=weight[~unknown]))
            table = table.with_columns(pl.Series(column, np.where(unknown, mean, values)))
            notes.append(f"{column} is the mean of all areas, {mean:.3g}, in {int(unknown.sum())} areas.")
    return table


def files_of(prepared: Prepared, name: str) -> dict[str, bytes]:
    """What is written, by name: the table, the outlines, and where both come from."""
    table = prepared.table.with_columns(
        pl.col(c).round(6) for c, kind in prepared.table.schema.items() if kind == pl.Float64 and c != "residents"
    ).with_columns(pl.col("residents").round().cast(pl.Int64))
    content = {f"{name}.csv": for_spreadsheets(table).write_csv().encode()}
    if prepared.outlines:
        names = dict(zip(table["code"], table["name"], strict=True))
        features = [
            {"type": "Feature", "properties": {"code": code, "name": names[code]}, "geometry": shape}
            for code, shape in prepared.outlines.items()
        ]
        collection = {"type": "FeatureCollection", "features": features}
        content[f"{name}.geojson"] = json.dumps(collection, ensure_ascii=False).encode()
    told = {
        "title": prepared.recipe.get("title", name),
        "attribution": prepared.recipe.get("attribution", ""),
        "sources": prepared.sources,
        "notes": prepared.notes,
        "files": {file: hashlib.sha256(data).hexdigest() for file, data in content.items()},
        "recipe": prepared.recipe,
    }
    return content | {f"{name}.json": (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()}
