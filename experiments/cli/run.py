"""`thuis run`: a run or several; with from=FOLDER#RUN a run of a sweep, made again as a full run."""

from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """Run `thuis run` with these words."""
    if not any(word.startswith("from=") for word in argv):
        from experiments.run.command import main as run

        return run(argv)
    from experiments.run.single_run import run_settings
    from experiments.sweep.reopen import check_same, read_row

    row, request = read_row(list(argv))
    folder = run_settings(request.settings, request.given)
    if folder is None:
        return 0
    same, line = check_same(row, folder)
    print(line)
    return 0 if same else 1
