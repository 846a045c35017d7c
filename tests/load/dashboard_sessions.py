"""What open dashboards cost: ``python -m tests.load.dashboard_sessions``.

Starts the shop with a busy past, opens websocket sessions that behave as a browser does (each part of a page is
asked for anew when its interval is over), and prints, for each page, what the dashboard's process took of one
core, how often the backend was asked, and how long a tick took.
"""

import argparse
import asyncio
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.end_to_end.dashboard.stack import Stack
from tests.load.counting_proxy import counting_proxy
from tests.screenshots.__main__ import busy_stack

PAGES = ("", "warehouse", "pipeline", "rush_hour")
WARM_UP_SECONDS = 5.0
MOST_HASHES = 200


@dataclass
class Session:
    """One open page: a websocket, and the timers of its live parts."""

    url: str
    page: str
    latencies: list[float] = field(default_factory=list)
    _timers: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _asked: float | None = None
    _hashes: list[str] = field(default_factory=list)

    async def stay_open(self) -> None:
        """Open the page and keep it alive until cancelled."""
        address = f"{self.url.replace('http', 'ws', 1)}/_stcore/stream"
        async with connect(
            address,
            subprotocols=[Subprotocol("streamlit")],
            origin=Origin(self.url),
            max_size=None,
            proxy=None,
        ) as socket:
            await self._ask(socket)
            try:
                async for data in socket:
                    self._take(socket, ForwardMsg.FromString(bytes(data)))  # type: ignore[arg-type]
            finally:
                for timer in self._timers.values():
                    timer.cancel()

    def _take(self, socket: ClientConnection, message: ForwardMsg) -> None:
        if message.metadata.cacheable and message.hash and message.hash not in self._hashes:
            self._hashes = [*self._hashes, message.hash][-MOST_HASHES:]
        kind = message.WhichOneof("type")
        if kind == "auto_rerun":
            part = message.auto_rerun.fragment_id
            if part in self._timers:
                self._timers.pop(part).cancel()
            interval = message.auto_rerun.interval
            self._timers[part] = asyncio.create_task(self._tick(socket, part, interval))
        elif kind == "script_finished" and self._asked is not None:
            self.latencies.append(time.monotonic() - self._asked)
            self._asked = None

    async def _tick(self, socket: ClientConnection, part: str, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            await self._ask(socket, part)

    async def _ask(self, socket: ClientConnection, part: str = "") -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string = "lang=ko"
        state.page_name = self.page
        state.cached_message_hashes.extend(self._hashes)
        state.context_info.timezone = "Asia/Seoul"
        state.context_info.locale = "ko-KR"
        if part:
            state.fragment_id = part
            state.is_auto_rerun = True
        self._asked = self._asked or time.monotonic()
        await socket.send(message.SerializeToString())


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What the sessions of one page cost."""

    page: str
    core_percent: float
    backend_core_percent: float
    requests_per_second: dict[str, float]
    tick_milliseconds: Sequence[float]
    seconds: float

    def line(self) -> str:
        """One row of a table."""
        ticks = sorted(self.tick_milliseconds)
        asked = ", ".join(f"{path} {rate:.2f}" for path, rate in sorted(self.requests_per_second.items()))
        middle, slow = statistics.median(ticks), ticks[int(len(ticks) * 0.95)]
        return (
            f"| {self.page or 'shop'} | {self.core_percent:.0f}% | {len(ticks) / self.seconds:.1f}/s | "
            f"{middle:.0f} ms | {slow:.0f} ms | "
            f"{sum(self.requests_per_second.values()):.1f}/s ({asked}) | {self.backend_core_percent:.0f}% |"
        )


async def measure(*, stack: Stack, page: str, sessions: int, seconds: float, asked: Counter[str]) -> Cost:
    """Keep so many sessions of a page open, and measure for so long; ``asked`` counts the backend's requests."""
    url = stack.url("dashboard")
    opened = [Session(url=url, page=page) for _ in range(sessions)]
    tasks = [asyncio.create_task(session.stay_open()) for session in opened]
    await asyncio.sleep(WARM_UP_SECONDS)
    for session in opened:
        session.latencies.clear()
    began, before, counted = time.monotonic(), _cpu_seconds(stack), Counter(asked)
    await asyncio.sleep(seconds)
    took, after, requests = time.monotonic() - began, _cpu_seconds(stack), Counter(asked) - counted
    broken = [task.exception() for task in tasks if task.done()]
    assert broken == [], broken
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return Cost(
        page=page,
        core_percent=100 * (after[0] - before[0]) / took,
        backend_core_percent=100 * (after[1] - before[1]) / took,
        requests_per_second={path: count / took for path, count in requests.items()},
        tick_milliseconds=[1_000 * latency for session in opened for latency in session.latencies],
        seconds=took,
    )


def _cpu_seconds(stack: Stack) -> tuple[float, float]:
    """What dashboard and backend have taken of the processor so far."""
    taken = []
    for name in ("dashboard", "backend"):
        process = psutil.Process(stack.processes[name].pid)
        family = [process, *process.children(recursive=True)]
        taken.append(sum(sum(one.cpu_times()[:2]) for one in family))
    return taken[0], taken[1]


def main() -> None:
    """Measure every page and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--page", choices=PAGES, action="append")
    arguments = parser.parse_args()
    print("| page | dashboard, of one core | ticks | p50 | p95 | backend requests | backend, of one core |")  # noqa: T201
    print("|---|---|---|---|---|---|---|")  # noqa: T201
    with busy_stack() as stack, counting_proxy(stack.url("backend")) as (proxy_url, asked):
        stack.processes["dashboard"].stop()
        stack.launch("dashboard", FACTOAUTO_BACKEND_URL=proxy_url)
        stack.wait_until_ready("dashboard")
        for page in arguments.page or PAGES:
            cost = asyncio.run(
                measure(
                    stack=stack, page=page, sessions=arguments.sessions, seconds=arguments.seconds, asked=asked
                )
            )
            print(cost.line(), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
