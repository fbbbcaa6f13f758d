"""What a fit to a survey leaves in its folder: the sample, the values of a single run, tables, figures and a page."""

from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from experiments.calibrate.survey.assessment import agreements, areas_table, parameters_table
from experiments.calibrate.survey.figures import draw_figures
from experiments.calibrate.survey.prior import named_values
from experiments.calibrate.survey.sentences import parameter_name, sentences
from experiments.calibrate.survey.study import SurveyStudy
from experiments.options.repeat import command_line, plain_words, region_words, value_word
from experiments.options.settings import usual_region
from experiments.results.folders import write_json
from experiments.results.html import render_page
from experiments.results.page import read_embedded
from experiments.results.phrases import fill, in_language
from scenarios.notes import in_dutch
from scenarios.text import for_spreadsheets
from sim.parameters import Parameters

KIND = "thuis calibration of a survey 1"
SAMPLE, SINGLE = "posterior.parquet", "parameters.yaml"
VALUES_SHOWN = 12
USUAL_POLICIES = "policies=[baseline,libraries]"


def words_of(language: str) -> dict[str, Any]:
    """The texts of one language."""
    text = (resources.files("experiments.calibrate.survey") / "words.yaml").read_text(encoding="utf-8")
    return in_language(yaml.safe_load(text), language)


def write_survey_study(
    folder: Path, study: SurveyStudy, region: dict[str, Any], options: dict[str, Any], usual: dict[str, Any]
) -> list[str]:
    """Write everything; returns lines for the screen.

    Parameters
    ----------
    options, usual : dict
        Options of the command, and their defaults.
    """
    language, seed = options["language"], options["seed"]
    areas = areas_table(study.survey, study.emulator, study.found, study.left)
    parameters = parameters_table(study.prior, study.moved, study.found, study.single)
    agreement = agreements(areas)
    for name, table in (("areas", areas), ("parameters", parameters), ("agreement", pl.DataFrame(agreement))):
        for_spreadsheets(table).write_csv(folder / f"{name}.csv", float_precision=5)
    pl.DataFrame([named_values(study.prior, point) for point in study.moved]).write_parquet(folder / SAMPLE)
    write_values(folder / SINGLE, named_values(study.prior, study.single))
    words = words_of(language)
    lines = sentences(study, areas, agreement, words, language, seed)
    about = {"kind": KIND, "region": region, "options": options, "residents_per_agent": study.scale,
             "factor": study.found.factor, "effective_parameters": study.found.effective,
             "agreement": agreement}  # fmt: skip
    write_json(folder / "calibration.json", about | {"findings": [str(line) for line in lines]})
    figures = draw_figures(study, areas, folder / "figures", words, language)
    html = render_page(
        "experiments.calibrate.survey",
        "page",
        style="experiments.results",
        language=language,
        words=words["page"],
        **heading(study, words, language),
        sentences=lines,
        tables=tables(study, areas, parameters, words, language),
        figures=[(figure, read_embedded(folder / "figures" / f"{figure.name}.svg")) for figure in figures],
        use_text=fill(words["page"]["use_text"], language, draws=len(study.moved)),
        commands=commands_of_use(folder, region),
        command=command_of(region, options, usual),
    )
    (folder / "page.html").write_text(html, encoding="utf-8")
    return [str(line) for line in lines]


def write_values(path: Path, values: dict[str, float]) -> None:
    """Parameters as a file for ``parameters=FILE``, with the shipped value beside each."""
    lines = [f"{name}: {value:.6g}  # shipped: {getattr(Parameters(), name):g}" for name, value in values.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def heading(study: SurveyStudy, words: dict[str, Any], language: str) -> dict[str, Any]:
    """Title, first paragraph, and where the figures of the areas come from."""
    page, table = words["page"], study.survey.table
    one = len(table.municipality_name) == 1
    named = table.municipality_name[0] if one else table.source
    constructs = f" {page['and']} ".join(words["constructs"][one.construct] for one in study.survey.measured)
    told = [table.source, *table.notes]
    source, *notes = in_dutch(told) if language == "nl" else told
    return {
        "title": fill(page["title"], language, title=named),
        "lead": fill(
            page["lead"],
            language,
            areas=len(set(study.survey.area)),
            constructs=constructs,
            draws=len(study.prior.draws),
        ),
        "source": source,
        "notes": notes,
    }


def tables(
    study: SurveyStudy, areas: pl.DataFrame, parameters: pl.DataFrame, words: dict[str, Any], language: str
) -> list[tuple[str, list[str], list[list[str]]]]:
    """The tables of the page: heading, columns, rows of cells."""
    page = words["page"]
    of_areas = [
        [
            row["name"],
            words["constructs"][row["construct"]],
            fill("{measured:.2f} ({se:.2f})", language, **row),
            fill("{own_fit:.2f} ({low:.2f} – {high:.2f})", language, **row),
            fill("{national:.2f}", language, **row),
            fill("{inputs:.2f}", language, **row),
        ]
        for row in areas.iter_rows(named=True)
    ]
    most = parameters.sort(pl.col("moved").abs(), descending=True, maintain_order=True).head(VALUES_SHOWN)
    of_values = [
        [
            f"{parameter_name(row['parameter'], words)} ({row['parameter']})",
            *(
                fill(form, language, **row)
                for form in (
                    "{national:.3g} ({national_sd:.2g})",
                    "{own:.3g} ({own_sd:.2g})",
                    "{kept:.0%}",
                    "{shipped:.3g}",
                    "{single_run:.3g}",
                )
            ),
        ]
        for row in most.iter_rows(named=True)
    ]
    return [
        (page["areas"], list(page["area_columns"].values()), of_areas),
        (page["values"], list(page["value_columns"].values()), of_values),
    ]


def commands_of_use(folder: Path, region: dict[str, Any]) -> list[str]:
    """The commands that go on with what was found."""
    where = region_words(region, usual_region())
    single, sample = f"parameters={folder / SINGLE}", f"posterior={folder / SAMPLE}"
    return [
        command_line(["thuis", "run", *where, single]),
        command_line(["thuis", "compare", *where, USUAL_POLICIES, single, sample]),
    ]


def command_of(region: dict[str, Any], options: dict[str, Any], usual: dict[str, Any]) -> str:
    """The words that repeat the study."""
    outcomes = f"outcomes={value_word(options['outcomes'])}"
    said = plain_words(options, usual, always=("seed",), never=("outcomes", "workers", "data"))
    return command_line(["thuis", "calibrate", *region_words(region, usual_region()), outcomes, *said])
