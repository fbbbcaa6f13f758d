"""Forked processes: the threads of compiled code and of table readers do not exist in a copy made by fork."""

import os

from scenarios.errors import InputError

_simulated = _copied = False


def _note_copy() -> None:
    global _copied
    _copied = _copied or _simulated


if hasattr(os, "register_at_fork"):  # not on Windows, which makes no copies
    os.register_at_fork(after_in_child=_note_copy)


def begin_simulating() -> None:
    """To be called before anything is simulated.

    Raises
    ------
    InputError
        This process is a copy of one that had simulated before: it would wait for ever for threads that do not exist.
    """
    global _simulated
    if _copied:
        raise InputError(
            "this process is a copy (fork) of one that has simulated already, and would wait for threads that it "
            'does not have: make processes with multiprocessing.get_context("spawn"), or before the first run'
        )
    _simulated = True
