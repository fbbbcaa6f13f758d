"""An event loop whose time passes at once, for tests of what happens after minutes of silence."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


class FakeClockLoop(asyncio.SelectorEventLoop):
    """Where it would wait for a time to come, it sets its clock on; nothing sleeps."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        selector: Any = self._selector  # type: ignore[attr-defined]
        select = selector.select

        def jump(timeout: float | None) -> Any:
            found = select(0 if timeout is not None else None)
            if not found and timeout:
                self.now += timeout
            return found

        selector.select = jump

    def time(self) -> float:
        """Seconds that have passed for the loop."""
        return self.now


def run_at_once(make: Callable[[], Coroutine[Any, Any, Any]]) -> tuple[Any, float]:
    """What a coroutine returns, and how many seconds passed by its clock."""
    with asyncio.Runner(loop_factory=FakeClockLoop) as runner:
        found = runner.run(make())
        return found, runner.get_loop().time()
