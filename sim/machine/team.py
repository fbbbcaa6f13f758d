"""Threads that share a phase: they wait for it inside compiled code, as a call through Python takes as long as a phase.

The first worker, in the thread that calls the phase, publishes a task of many pieces; each worker takes the next piece
when it has finished one, so that neither a large neighbourhood nor a busy processor holds up the others. Who finds no
task for a while waits in Python, where it takes no processor, until it is woken. The first worker can do all alone: it
waits only for pieces that others have begun.
"""

import threading
import time
from typing import Any, NamedTuple

import numpy as np

from sim.machine.arithmetic import rule
from sim.machine.atomic import atomic_add, atomic_exchange, atomic_read, atomic_write
from sim.machine.calls import call_phase
from sim.machine.compile_cache import argument_types, phase
from sim.machine.struct import State, Whole, declared_fields, lay_out

LINE = 16  # numbers that each may share with no other: two cache lines, which processors fetch together
FUNCTION, STATE, UNITS, FINISHED = range(4)  # of the task: what to call, for how many; whether all of it is done
NEXT, DONE, FAILED, ASLEEP = LINE, 2 * LINE, 3 * LINE, 4 * LINE  # ASLEEP has one for each worker
HALF_WORD, LOW_HALF = 32, (1 << 32) - 1  # NEXT has the number of pieces in its upper half, how many are taken below
PATIENCE = 100_000  # looks for work before one waits in Python: some tenths of a millisecond
PAUSE = 1e-4  # seconds


class Notes(NamedTuple):
    """What the workers tell each other.

    Attributes
    ----------
    numbers : int64 [16 x (4 + workers)]
        At the places above.
    """

    numbers: Whole


TEAM = lay_out({"notes": declared_fields(Notes)})
argument_types.update(dict.fromkeys(("function", "given", "units", "pieces"), None))
argument_types["team"] = TEAM


@rule
def is_work_left(numbers):
    """Whether a piece of the task is not taken yet."""
    found = atomic_read(numbers, NEXT)
    return (found & LOW_HALF) < (found >> HALF_WORD)


@rule
def take_pieces(worker, numbers):
    """Do pieces of the task until all are taken."""
    while is_work_left(numbers):
        taken = atomic_add(numbers, NEXT, 1)
        pieces, piece = taken >> HALF_WORD, taken & LOW_HALF
        if piece < pieces:  # of one and the same task, whose notes stay as they are until this piece is done
            low, high = numbers[UNITS] * piece // pieces, numbers[UNITS] * (piece + 1) // pieces
            if call_phase(numbers[FUNCTION], worker, low, high, numbers[STATE]) != 0:
                atomic_write(numbers, FAILED, 1)
            atomic_add(numbers, DONE, 1)


@phase
def lead(function, given, units, pieces, team):
    """Publish a task, or go on with it where `pieces` is 0; do it with the others.

    Returns when all is done, and earlier where someone has to be woken or takes long.
    """
    numbers = team.notes.numbers
    numbers[FINISHED] = 0
    if pieces > 0:
        numbers[FUNCTION], numbers[STATE], numbers[UNITS] = function, given, units
        atomic_write(numbers, DONE, 0)
        atomic_write(numbers, NEXT, pieces << HALF_WORD)
        for at in range(ASLEEP, len(numbers), LINE):
            if atomic_read(numbers, at) != 0:
                return
    take_pieces(0, numbers)
    for _ in range(PATIENCE):
        if atomic_read(numbers, DONE) == atomic_read(numbers, NEXT) >> HALF_WORD:
            numbers[FINISHED] = 1
            return


@phase
def assist(worker, team):
    """Do pieces of what is published, until there is nothing for a while."""
    numbers, looks = team.notes.numbers, 0
    atomic_write(numbers, ASLEEP + worker * LINE, 0)
    while True:
        if is_work_left(numbers):
            take_pieces(worker, numbers)
            looks = 0
        looks += 1
        if looks > PATIENCE:
            atomic_write(numbers, ASLEEP + worker * LINE, 1)
            # Either the first worker sees the note and wakes this one, or this one sees the task.
            if not is_work_left(numbers) or atomic_exchange(numbers, ASLEEP + worker * LINE, 0) == 0:
                return
            looks = 0


class Team:
    """Some workers: the thread that calls `do`, and threads that assist.

    Parameters
    ----------
    workers : int
        Two or more.
    """

    def __init__(self, workers: int) -> None:
        size = ASLEEP + workers * LINE
        whole = np.zeros(size + LINE, np.int64)
        self.numbers = whole[-whole.ctypes.data // 8 % LINE :][:size]
        self.numbers[ASLEEP + LINE :: LINE] = 1
        self.state, self.over = State(TEAM), threading.Event()
        self.state.put("notes", Notes(self.numbers))
        self.calls = [threading.Semaphore(0) for _ in range(workers)]
        for worker in range(1, workers):
            given = worker, self.state, self.calls[worker], self.over
            threading.Thread(target=assist_when_called, args=given, daemon=True).start()

    def do(self, function: Any, units: int, pieces: int, state: State) -> None:
        """Call a phase for so many units of work, in so many pieces.

        Raises
        ------
        RuntimeError
            The phase ended with an error, such as no memory left.
        """
        interrupt = None
        lead(function.address, state.address, units, pieces, self.state)
        while not self.numbers[FINISHED]:
            try:
                if not self.wake():
                    time.sleep(PAUSE)
                lead(0, 0, 0, 0, self.state)
            except KeyboardInterrupt as asked:  # others are still at work
                interrupt = asked
        if interrupt:
            raise interrupt
        if self.numbers[FAILED]:
            self.numbers[FAILED] = 0
            raise RuntimeError(f"{function.name} ended with an error")

    def wake(self) -> bool:
        """Wake those who wait in Python; returns whether there were any."""
        asleep = [worker for worker, call in enumerate(self.calls) if self.numbers[ASLEEP + worker * LINE]]
        for worker in asleep:
            self.numbers[ASLEEP + worker * LINE] = 0
            self.calls[worker].release()
        return bool(asleep)

    def end(self) -> None:
        """Let the threads end."""
        self.over.set()
        for call in self.calls:
            call.release()


def assist_when_called(worker: int, state: State, call: threading.Semaphore, over: threading.Event) -> None:
    """What a thread does that assists, until the team is over."""
    while True:
        call.acquire()
        if over.is_set():
            return
        assist(worker, state)
