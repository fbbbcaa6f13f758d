"""How fast is the page, and how much memory does its server keep? Measured in a real Chromium.

    python benchmarks/page.py start               to the first painted map: from starting the server, and from loading
                                                  the page when the server has been running
    python benchmarks/page.py times               both of start and play for Vaals, Gouda, The Hague and Rotterdam
    python benchmarks/page.py lever               from a click on a lever to its answer
    python benchmarks/page.py play                months and frames per second while a municipality plays, and processor
                                                  time of server and browser for each month: today's policy, that and
                                                  another beside it, and these with a neighbourhood and its residents
    python benchmarks/page.py map                 frames per second while the map is dragged and zoomed
    python benchmarks/page.py memory minutes=30   memory of the server while it plays, and after visitors came and went
    python benchmarks/page.py class visitors=30   so many visitors in one room, each with a policy: months a second of
                                                  each, memory, and how many results did not reach the room

Options: region=rotterdam (any place that `thuis view` knows, more words for it after a comma), seconds=15, minutes=30,
visitors=20. Prints one line of JSON per measurement.
"""

import contextlib
import json
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

TIMED = ("vaals", "gouda", "the_hague", "rotterdam")
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PAINTED = "!!window.thuis && thuis.painted.first !== null && thuis.state.month >= thuis.state.goal"
RATE = """async (seconds) => {
  const began = performance.now(), month = thuis.state.month, gaps = [];
  let last = began;
  while (performance.now() - began < 1000 * seconds) {
    await new Promise(requestAnimationFrame);
    gaps.push(performance.now() - last); last = performance.now();
  }
  const took = (performance.now() - began) / 1000;
  gaps.sort((a, b) => a - b);
  return { months_per_second: (thuis.state.month - month) / took, frames_per_second: gaps.length / took,
           longest_frame_ms: gaps.at(-1), frame_ms_99: gaps[Math.floor(0.99 * gaps.length)] };
}"""
CLICK = """async ([name, value]) => {
  const month = thuis.state.month, revision = thuis.state.runs[1]?.revision ?? -1;
  const input = document.querySelector(`[data-lever="${name}"]`), began = performance.now();
  const until = async (check) => {
    while (!check()) await new Promise((go) => setTimeout(go, 1));
    return performance.now() - began;
  };
  input.value = value; input.dispatchEvent(new Event("input")); input.dispatchEvent(new Event("change"));
  const listed = await until(() => document.querySelectorAll("#changes li").length > 0);
  const answered = await until(() => thuis.state.runs[1].steps !== null && thuis.state.runs[1].revision > revision);
  const next = await until(() => thuis.state.runs[1].months.length > month + 1);
  return { shown_ms: listed, answered_ms: answered, first_new_month_ms: next };
}"""
KEEP_PLAYING = """() => {
  const scrub = document.querySelector("#scrub"), again = document.querySelector("#banner-button");
  if (again.checkVisibility()) again.click();
  if (thuis.state.month >= thuis.state.world.horizon) { scrub.value = 0; scrub.dispatchEvent(new Event("input")); }
  if (!thuis.state.playing) document.querySelector("#play").click();
}"""
MONTH = "window.thuis ? thuis.state.month : null"
DRAG = """async (seconds) => {
  const map = document.querySelector("#map"), box = map.getBoundingClientRect(), began = performance.now(), gaps = [];
  const at = (kind, x, y, on = window) => on.dispatchEvent(
    new MouseEvent(kind, { view: window, clientX: x, clientY: y, bubbles: true, cancelable: true }));
  let last = began, n = 0;
  at("mousedown", box.x + 300, box.y + 300, map);
  while (performance.now() - began < 1000 * seconds) {
    n += 1;
    at("mousemove", box.x + 300 + 120 * Math.sin(n / 9), box.y + 300 + 90 * Math.cos(n / 7));
    const wheel = { deltaY: 60 * Math.sin(n / 20), clientX: box.x + 300, clientY: box.y + 250, cancelable: true };
    if (n % 3 === 0) map.dispatchEvent(new WheelEvent("wheel", wheel));
    await new Promise(requestAnimationFrame);
    gaps.push(performance.now() - last); last = performance.now();
  }
  at("mouseup", box.x, box.y);
  gaps.sort((a, b) => a - b);
  return { frames_per_second: gaps.length / ((performance.now() - began) / 1000), longest_frame_ms: gaps.at(-1) };
}"""


def tell(what: str, **values: Any) -> None:
    """One line of JSON."""
    rounded = {key: round(value, 3) if isinstance(value, float) else value for key, value in values.items()}
    print(json.dumps({"measured": what, **rounded}), flush=True)


def wait(page: Page, expression: str, seconds: float = 300) -> None:
    """Until an expression holds on the page."""
    until = time.monotonic() + seconds
    while not page.evaluate(expression):
        if time.monotonic() > until:
            raise TimeoutError(expression)
        time.sleep(0.01)


@contextlib.contextmanager
def server(region: str, *more: str) -> Iterator[tuple[psutil.Process, str]]:
    """`thuis view` in a process of its own: the process and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [f"region={region.split(',')[0]}", *region.split(",")[1:], *more, f"port={port}", "open=false"]
    command = [sys.executable, "-m", "experiments.cli.command", "view", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        yield psutil.Process(process.pid), f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(20)


def open_page(browser: Browser, address: str) -> Page:
    """A visitor who waits until the server listens, then until the map is painted."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(200_000)
    until = time.monotonic() + 120
    host, port = address[7:].split("/")[0].split(":")
    while True:
        with contextlib.suppress(OSError):
            socket.create_connection((host, int(port)), 1).close()
            break
        if time.monotonic() > until:
            raise TimeoutError(address)
        time.sleep(0.01)
    page.goto(address)
    wait(page, PAINTED)
    return page


def measure_start(browser: Browser, options: dict[str, str]) -> None:
    """From starting the server to the first painted map, by the clock of the page."""
    for attempt in (1, 2, 3):
        began = time.time()
        with server(options["region"]) as (_, address):
            page = open_page(browser, address)
            first = page.evaluate("thuis.painted.first") / 1000 - began
            tell("first picture", region=options["region"], attempt=attempt, seconds=first)
            page.context.close()
            page = open_page(browser, address)
            warm = page.evaluate("(thuis.painted.first - performance.timeOrigin) / 1000")
            tell("first picture, server running", region=options["region"], attempt=attempt, seconds=warm)
            page.context.close()


def measure_lever(browser: Browser, options: dict[str, str]) -> None:
    """A lever moved in month 30, several times."""
    with server(options["region"]) as (_, address):
        page = open_page(browser, address + "#month=30")
        for value in (2.0, 3.0, 1.5, 2.5, 0.5):
            wait(page, "(thuis.state.runs[1] ?? thuis.state.runs[0]).months.length > 50")
            tell("lever", region=options["region"], **page.evaluate(CLICK, ["facilities.funding.library", value]))
        page.context.close()


def processor_seconds(process: psutil.Process) -> float:
    """Of a process and all that it started."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            used = one.cpu_times()
            total += used.user + used.system
    return total


def measure_play(browser: Browser, options: dict[str, str]) -> None:
    """Play at the highest speed, each time from the start on a server that has simulated nothing of it before."""
    rounds = {"today": "", "today and a policy": "&b=0:facilities.funding.library:2"}
    for looking, policy in {**rounds, "a neighbourhood and its residents": rounds["today and a policy"]}.items():
        with server(options["region"]) as (process, address):
            page = open_page(browser, f"{address}#month=0{policy}")
            page.select_option("#speed", "20")
            if looking not in rounds:
                page.click("#tab-one")
                page.select_option("#place", "3")
                page.click("#see-people")
            engine = psutil.Process()  # Chromium and what drives it are children of this process, and so is the server
            page.click("#play")
            before, all_before = processor_seconds(process), processor_seconds(engine)
            found = page.evaluate(RATE, int(options["seconds"]))
            served, everything = processor_seconds(process) - before, processor_seconds(engine) - all_before
            months = max(page.evaluate("thuis.state.month"), 1)
            each = {"server_ms": 1000 * served / months, "browser_ms": 1000 * (everything - served) / months}
            slow = page.text_content("#slow")
            tell("play", region=options["region"], looking_at=looking, **found, **each, said=slow)
            page.context.close()


def measure_map(browser: Browser, options: dict[str, str]) -> None:
    """Drag and zoom without end."""
    with server(options["region"]) as (_, address):
        page = open_page(browser, address + "#month=0")
        areas = page.evaluate("thuis.state.world.codes.length")
        tell("map", areas=areas, **page.evaluate(DRAG, int(options["seconds"])))
        page.context.close()


def measure_memory(browser: Browser, options: dict[str, str]) -> None:
    """Play over and over for some minutes, then let visitors come and go."""
    with server(options["region"]) as (process, address):
        began = time.monotonic()

        def memory(what: str) -> None:
            minute = (time.monotonic() - began) / 60
            used = process.memory_full_info()  # what the system put aside counts too, where it says how much
            megabytes = (used.rss + getattr(used, "swap", 0)) / 1e6
            tell(what, minute=minute, megabytes=megabytes, month=page.evaluate(MONTH), threads=process.num_threads())

        page = open_page(browser, address + "#month=0")
        page.select_option("#speed", "10")
        memory("memory at the start")
        for _ in range(int(options["minutes"])):
            page.evaluate(KEEP_PLAYING)
            page.wait_for_timeout(60_000)
            memory("memory while playing")
        page.goto("about:blank")
        time.sleep(3)
        memory("memory after the visitor left")
        for _ in range(int(options["visitors"])):
            open_page(browser, address + "#month=12").context.close()
        time.sleep(5)
        memory(f"memory after {options['visitors']} visitors came and went")
        page.context.close()


class Student(threading.Thread):
    """A visitor who enters a room with a policy and plays at ten months a second."""

    def __init__(self, address: str, region: str, code: str, number: int, seconds: float) -> None:
        super().__init__(daemon=True)
        self.address, self.region, self.code, self.number, self.seconds = address, region, code, number, seconds
        self.months, self.errors, self.first = [0, 0], [], float("nan")

    def run(self) -> None:
        """Until the time is over."""
        from websockets.sync.client import connect

        event = [0, "facilities.funding.library", round(3 * (self.number + 1) / 31, 2)]
        began = time.monotonic()
        with connect(self.address.replace("http", "ws") + "live", origin=self.address[:-1]) as socket:
            start = {"type": "start", "region": self.region, "seed": 1, "scale": 0, "a": [], "b": [event]}
            socket.send(json.dumps(start))
            name = f"student {self.number}"
            socket.send(json.dumps({"type": "room", "code": self.code, "name": name, "member": name, "key": ""}))
            while time.monotonic() - began < self.seconds:
                month = min(int(10 * (time.monotonic() - began)), 300)
                socket.send(json.dumps({"type": "want", "month": month}))
                self.read(socket, began)

    def read(self, socket: Any, began: float) -> None:
        """Take in what came within a tenth of a second."""
        with contextlib.suppress(TimeoutError):
            until = time.monotonic() + 0.1
            while (left := until - time.monotonic()) > 0:
                message = socket.recv(timeout=left)
                if isinstance(message, bytes):
                    run, _, month = struct.unpack_from("<IIi", message, 4)
                    self.months[run] = max(self.months[run], month)
                    if month == 0 and run == 0:
                        self.first = time.monotonic() - began
                elif '"type": "error"' in message:
                    self.errors.append(message)


def measure_class(browser: Browser, options: dict[str, str]) -> None:
    """A class in one room: everyone comes at once and plays."""
    many, seconds = int(options["visitors"]), float(options["seconds"])
    with server(options["region"], f"students={many}") as (process, address):
        page = open_page(browser, address + "#month=1")
        page.click("#class-open")
        page.click("#class-new")
        wait(page, "document.querySelector('#class-link').value.includes('room=')")
        code = page.input_value("#class-link").split("room=")[1]
        before = process.memory_info().rss / 1e6
        students = [Student(address, options["region"], code, number, seconds) for number in range(many)]
        for one in students:
            one.start()
        for one in students:
            one.join()
        rates = sorted(min(one.months) / seconds for one in students)
        firsts = sorted(one.first for one in students)
        results = page.evaluate("[...document.querySelectorAll('#class-rows tr')].length")
        dots = page.evaluate("document.querySelectorAll('#class-chart circle').length")
        tell(
            "class",
            region=options["region"],
            visitors=many,
            slowest_months_per_second=rates[0],
            median_months_per_second=rates[many // 2],
            first_picture_median=firsts[many // 2],
            first_picture_last=firsts[-1],
            megabytes_before=before,
            megabytes=process.memory_info().rss / 1e6,
            in_the_room=results,
            with_result=dots,
            lost=many - dots,
            errors=sum(len(one.errors) for one in students),
        )
        page.context.close()


def measure_times(browser: Browser, options: dict[str, str]) -> None:
    """First picture and playing, for places from small to large; seconds so few that thirty years are not over."""
    for region in TIMED:
        one = {**options, "region": region, "seconds": str(min(int(options["seconds"]), 8))}
        measure_start(browser, one)
        measure_play(browser, one)


MEASUREMENTS = {
    "times": measure_times,
    "start": measure_start,
    "lever": measure_lever,
    "play": measure_play,
    "map": measure_map,
    "memory": measure_memory,
    "class": measure_class,
}


def main(words: list[str]) -> int:
    """Run one measurement."""
    if not words or words[0] not in MEASUREMENTS:
        print(__doc__)
        return 2
    options = {"region": "rotterdam", "seconds": "15", "minutes": "30", "visitors": "20"}
    options |= dict(word.split("=", 1) for word in words[1:])
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        MEASUREMENTS[words[0]](browser, options)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
