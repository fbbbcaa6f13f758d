"""`thuis results export FOLDER format=...`: a result for Excel, QGIS and other programs."""

from collections.abc import Sequence

from experiments.results.export import FORMATS, export_result
from scenarios.errors import InputError, close_matches

KEYS = ("format", "out", "dutch")
HELP = """\
Write a result for other programs.

  thuis results export FOLDER format=FORMAT [out=NAME]

{formats}

Without out the file or folder stands beside the result, under its name. What is there already is left alone.

  thuis results export out/gouda format=xlsx
  thuis results export out/gouda format=gpkg out=gouda.gpkg
  thuis results export out/gouda format=csv dutch=true
""".format(formats="\n".join(f"  {name:11} {kind.text}" for name, kind in FORMATS.items()))


def main(argv: Sequence[str]) -> int:
    """Export a result."""
    words = list(argv)
    if not words or set(words) & {"--help", "-h", "help"}:
        print(HELP)
        return 0
    folders = [word for word in words if "=" not in word]
    requested = dict(word.split("=", 1) for word in words if "=" in word)
    for key in requested:
        if key not in KEYS:
            raise InputError(f"unknown word '{key}'{close_matches(key, KEYS)} (allowed: {', '.join(KEYS)})")
    if len(folders) != 1 or "format" not in requested:
        raise InputError("write: thuis results export FOLDER format=" + "|".join(FORMATS))
    if requested.get("dutch", "false") not in ("true", "false"):
        raise InputError(f"dutch={requested['dutch']} (allowed: true or false)")
    made = export_result(folders[0], requested["format"], requested.get("out"), requested.get("dutch") == "true")
    print(f"written: {made}")
    return 0
