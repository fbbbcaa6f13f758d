"""Compile everything the engine needs before a first run: in parallel processes, with a progress bar.

Compiled code is kept (`sim.machine.compile_cache`), so this happens once for a version of the source and a processor.
"""

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from queue import Queue
from threading import Lock, Thread

from sim.machine.cache_choice import code_folder
from sim.machine.compile_cache import entries

# Approximate seconds of compiling: the longest begin first, and the bar shows the time left.
SECONDS: dict[str, float] = {
    "update_residents": 10,
    "seek_homes": 5,
    "arrive": 4,
    "allot_homes": 3,
    "observe": 3,
    "settle_movers": 3,
    "list_arrivals": 2.5,
    "leave": 2,
    "set_rates": 2,
}
SECONDS |= dict.fromkeys(("add_first_residents", "choose_homes", "expect_arrivals", "form_couples"), 1.5)
SECONDS |= dict.fromkeys(("renew", "census", "build", "form_ties", "form_first_ties", "leave_old_homes"), 0.8)
OTHERS = 0.2  # seconds of an entry that is not named above
STARTING = 3  # seconds until the processes begin to compile
# Entries that call the same functions compile faster one after another in the same process.
TOGETHER = (
    ("update_residents", "form_ties", "form_first_ties", "renew"),
    ("arrive", "add_first_residents", "settle_movers"),
    ("seek_homes", "allot_homes", "choose_homes", "list_arrivals"),
)
looked = set[str]()  # entries that were checked before


def seconds_of(name: str) -> float:
    """Approximate seconds to compile an entry, on one processor of an ordinary machine."""
    return SECONDS.get(name.rpartition(":")[2], OTHERS)


def compile_missing() -> None:
    """Compile those imported entries that are not compiled yet; return immediately where none is missing."""
    new = entries.keys() - looked
    if not new:
        return
    looked.update(new)
    if sum(map(seconds_of, not_kept(new))) > 5:
        with one_at_a_time(), suppress(OSError):  # no process can be started: each is compiled when it is first called
            if missing := not_kept(new):  # another process may have compiled them meanwhile
                compile_side_by_side(missing)


def not_kept(names: Iterable[str]) -> list[str]:
    """Those entries that are to be compiled, the longest first."""
    return sorted((name for name in names if not entries[name].is_kept()), key=seconds_of, reverse=True)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one process of this machine compile, where the system knows locks of files: others use what it has made."""
    folder = code_folder()
    try:
        import fcntl
    except ImportError:  # Windows
        folder = None
    if folder is None:
        yield
        return
    with open(folder / ".lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("thuis: another process is compiling; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:  # a file system without locks
            pass
        yield


def compile_side_by_side(names: list[str]) -> None:
    """Compile entries in as many processes as there are processors, and show progress."""
    done: Queue[str | None] = Queue()
    count = min(processors(), len(names))
    waiting, lock = list(names), Lock()

    def next_of(process: int) -> str | None:
        """Choose the next entry for a process: one that shares functions with those it compiled, else the longest."""
        own = TOGETHER[process] if process < len(TOGETHER) else ()
        with lock:
            if not waiting:
                return None
            chosen = next((name for name in waiting if name.rpartition(":")[2] in own), waiting[0])
            waiting.remove(chosen)
            return chosen

    threads = [Thread(target=feed, args=(process, next_of, done), daemon=True) for process in range(count)]
    for thread in threads:
        thread.start()
    show(names, results(done, count), count)


def processors() -> int:
    """Count the processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def feed(number: int, next_of: Callable[[int], str | None], done: "Queue[str | None]") -> None:
    """Give entries to one process until none is left; None says that it has ended."""
    command = [sys.executable, "-P", "-m", "sim.compiling"]  # -P: not a folder `sim` of the working directory
    path = os.pathsep.join(filter(None, sys.path))
    process = subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": path}, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin and process.stdout
    with suppress(OSError):
        while name := next_of(number):
            print(name, file=process.stdin, flush=True)
            if not process.stdout.readline():  # it died: its entry is compiled when it is first called
                break
            done.put(name)
    with suppress(OSError):
        process.stdin.close()
    process.wait()
    done.put(None)


def results(done: "Queue[str | None]", count: int) -> Iterator[str]:
    """Entries as they are finished, by so many processes."""
    while count:
        name = done.get()
        if name is None:
            count -= 1
        else:
            yield name


def show(names: list[str], finished: Iterator[str], count: int) -> None:
    """A bar on a terminal, else a line at the beginning and at the end."""
    total, began, on_terminal = sum(map(seconds_of, names)), time.perf_counter(), sys.stderr.isatty()
    if not on_terminal:
        seconds = total / count + STARTING
        say(f"thuis: compiling {len(names)} functions for this machine, once: some {seconds:.0f} s or more")
    reached, left = 0.0, list(names)
    for name in finished:
        left.remove(name)
        reached += seconds_of(name)
        if on_terminal:
            passed = time.perf_counter() - began
            bar = "#" * int(20 * reached / total)
            rest = passed / reached * (total - reached)
            now = left[0].rpartition(":")[2] if left else "done"
            say(
                f"\rcompiling, once: [{bar:<20}] {len(names) - len(left)}/{len(names)}, {rest:.0f} s left, {now}",
                "\033[K",
            )
    if on_terminal:
        say("\r", "\033[K")
    else:
        say(f"thuis: compiled in {time.perf_counter() - began:.0f} s")


def say(line: str, end: str = "\n") -> None:
    """Print to standard error."""
    print(line, end=end, file=sys.stderr, flush=True)


def compile_entry(name: str) -> None:
    """Compile one entry, given as `module:function`, and keep its code."""
    import_module("sim.state")
    import_module(name.partition(":")[0])
    entries[name].keep(*entries[name].compile())


if __name__ == "__main__":
    from sim import compiling  # import this file under its module name, under which the entries registered themselves

    gc.disable()  # collecting takes a tenth of the time and frees little
    for line in sys.stdin:
        compiling.compile_entry(line.strip())
        print("done", flush=True)
