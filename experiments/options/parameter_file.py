"""Parameters of the model from a file, such as a fit to a survey leaves: ``parameters=FILE``."""

from pathlib import Path

from scenarios.errors import InputError, close_matches

KEY = "parameters="


def parameter_values(path: str | Path) -> dict[str, float]:
    """The values in a YAML file with a line `NAME: VALUE` per parameter.

    Raises
    ------
    InputError
        No such file, not readable, or something in it that is not a parameter, not a number or out of range.
    """
    import yaml

    from sim.parameters import Parameters
    from sim.parameters.declaration import describe

    try:
        found = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        instead = "give a YAML file with lines NAME: VALUE, or set one parameter: parameters.NAME=VALUE"
        raise InputError(f"{KEY}{path}: no such file; {instead}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"{KEY}{path}: cannot be read: {' '.join(str(error).split())[:200]}") from error
    if not isinstance(found, dict) or not found:
        raise InputError(f"{KEY}{path}: has no lines NAME: VALUE")
    known = describe(Parameters)
    for name, value in found.items():
        if name not in known:
            raise InputError(f"{KEY}{path}: '{name}' is not a parameter of the model{close_matches(str(name), known)}")
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not known[name].low <= value <= known[name].high:
            allowed = f"allowed is a number from {known[name].low:g} to {known[name].high:g}"
            raise InputError(f"{KEY}{path}: {name} is {value!r}; {allowed}")
    return {name: float(value) for name, value in found.items()}


def with_parameter_file(words: list[str]) -> list[str]:
    """The words with a file of parameters replaced by its values; those that other words give come after and hold."""
    files = [word.removeprefix(KEY) for word in words if word.startswith(KEY)]
    others = [word for word in words if not word.startswith(KEY)]
    given = {word.partition("=")[0] for word in others}
    values = {name: value for path in files for name, value in parameter_values(path).items()}
    return [
        *(f"parameters.{name}={value!r}" for name, value in values.items() if f"parameters.{name}" not in given),
        *others,
    ]
