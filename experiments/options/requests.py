"""From the arguments of `thuis run` to the requested runs."""

from experiments.options.settings import Options, RunRequest, settings_from
from experiments.options.words import Command, read_words

RUN = Command(
    "run",
    "Simulate a region and write a result folder: page.html to read, tables (Parquet), figures, summary.json.",
    Options,
    parts=("region", "policy", "parameters"),
    usage=("thuis run [KEY=VALUE ...]      thuis run -m [KEY=A,B ...]      thuis run --cfg job   (show all values)",),
    examples=(
        "thuis run                                               Westland, every resident, ten years",
        "thuis run region=vaals years=5 out=vaals                a small town, in a folder of its own",
        "thuis run region=gouda                                  any municipality (list: thuis regions)",
        "thuis run region=[gouda,waddinxveen] areas=wijken       two, by their real districts (fetched once)",
        "thuis run region=the_hague scale=20 language=nl         one agent per 20 residents, page in Dutch",
        "thuis run policy=libraries policy.libraries.funding=2   twice the libraries",
        "thuis run region=cbs region.table=wijk_2017.csv region.codes=[GM0363,GM0599]",
        "thuis run region=file region.table=my_city.csv",
        "thuis run parameters.base=0.5 seed=7                    any parameter of the model",
        "thuis run -m seed=1,2,3 out=three                       several runs: three/0, three/1, three/2",
        "thuis run from=out/two#17 out=run17                     run 17 of a sweep again, as a full run",
        "thuis run years=30 checkpoint_every=60 out=long         stopped? thuis run resume=long.checkpoint out=long",
    ),
)


def read_runs(words: list[str]) -> list[RunRequest]:
    """The runs that words ask for; none where they only ask to show the configuration.

    Raises
    ------
    InputError
        One clear line.
    """
    if needs_hydra(words):
        from experiments.options.compose import compose

        return compose(words)
    request = read_words(RUN, words)
    return [RunRequest(settings_from(request.nested()), request.given)]


def needs_hydra(words: list[str]) -> bool:
    """Whether the words ask for more than the values of one run: a flag such as -m, a key of Hydra's own, a value that
    refers to another, or one that is taken away."""
    return any(word.startswith(("-", "~")) or "hydra" in word or "${" in word for word in words)
