"""supervisord, inside this process: it starts, restarts and stops; we are told, and tell.

What is overridden here are the calls that supervisord itself makes into its options, and its own events.
"""

import contextlib
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from supervisor import events  # type: ignore[import-untyped]
from supervisor.medusa.asyncore_25 import ExitNow  # type: ignore[import-untyped]
from supervisor.options import ServerOptions, decode_wait_status  # type: ignore[import-untyped]
from supervisor.supervisord import Supervisor  # type: ignore[import-untyped]

from backend.entrypoints.up.leash import Leash
from backend.entrypoints.up.narrator import Narrator

_LONGEST_PAUSE_SECONDS = 30
_STOP_TICK_SECONDS = 0.1
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


def supervise(*, configuration: Path, narrator: Narrator) -> None:
    """Run the configured programs until a signal says stop, and all have ended."""
    leash, wakeup = Leash(), _Wakeup()
    try:
        options = _Options(leash=leash, wakeup=wakeup)
        options.realize(["-c", str(configuration)])
        options.first, options.test = True, False
        with contextlib.suppress(ExitNow):
            _Supervisor(options, narrator=narrator).main()
        options.close_logger()
    finally:
        wakeup.close()
        leash.close()


class _Options(ServerOptions):  # type: ignore[misc]
    def __init__(self, *, leash: Leash, wakeup: "_Wakeup") -> None:
        super().__init__()
        self._leash = leash
        self._wakeup = wakeup
        self.last_end = ""

    def fork(self) -> int:
        pid = int(super().fork())
        if pid:
            self._leash.add(pid)
        return pid

    def waitpid(self) -> tuple[int | None, int | None]:
        pid, status = super().waitpid()
        if pid:
            _, self.last_end = decode_wait_status(status)
            with contextlib.suppress(OSError):  # none is left, as it should be
                self.kill(-pid, signal.SIGKILL)
            self._leash.remove(pid)
            self._wakeup.wake()  # what ended is started again in the next round
        return pid, status

    def setsignals(self) -> None:
        super().setsignals()
        for number in _STOP_SIGNALS:  # supervisord would restart everything on SIGHUP: a terminal that closes
            signal.signal(number, lambda _number, frame: self.signal_receiver.receive(signal.SIGTERM, frame))

    def get_socket_map(self) -> dict[int, Any]:
        return {**super().get_socket_map(), self._wakeup.fileno(): self._wakeup}


class _Wakeup:
    """Ends supervisord's poll when a signal arrives or ``wake`` is called; it would sleep for up to a second."""

    def __init__(self) -> None:
        self._reading, self._writing = socket.socketpair()
        self._reading.setblocking(False)
        self._writing.setblocking(False)
        signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        self.wake()  # it polls once before it starts anything

    def wake(self) -> None:
        with contextlib.suppress(BlockingIOError):  # full: it will wake as it is
            self._writing.send(b"\0")

    def fileno(self) -> int:
        return self._reading.fileno()

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def handle_read_event(self) -> None:
        self._reading.recv(4096)

    def handle_error(self) -> None:
        """Never mind: supervisord looks for signals every second anyway."""

    def close(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.set_wakeup_fd(-1)
        self._reading.close()
        self._writing.close()


class _Supervisor(Supervisor):  # type: ignore[misc]
    def __init__(self, options: _Options, *, narrator: Narrator) -> None:
        super().__init__(options)
        self._narrator = narrator

    def runforever(self) -> None:
        for kind, callback in self._callbacks().items():
            events.subscribe(kind, callback)
        super().runforever()

    def _callbacks(self) -> dict[type, Callable[[Any], None]]:
        narrator = self._narrator
        return {
            events.ProcessLogEvent: lambda event: narrator.printed(_name(event), event.data),
            events.ProcessStateStartingEvent: lambda event: narrator.starting(_name(event)),
            events.ProcessStateRunningEvent: lambda event: narrator.running(_name(event)),
            events.ProcessStateBackoffEvent: self._backoff,
            events.ProcessStateExitedEvent: self._exited,
            events.ProcessStateStoppedEvent: lambda event: narrator.stopped(_name(event)),
            events.SupervisorStoppingEvent: self._stopping,
        }

    def _stopping(self, _event: Any) -> None:
        self._narrator.stopping()
        # supervisord looks once a second whether it is time to kill; a second is much of what was promised.
        signal.signal(signal.SIGALRM, lambda *_: None)
        signal.setitimer(signal.ITIMER_REAL, _STOP_TICK_SECONDS, _STOP_TICK_SECONDS)

    def _backoff(self, event: Any) -> None:
        process = event.process
        excess = process.backoff - _LONGEST_PAUSE_SECONDS
        if excess > 0:
            process.backoff -= excess
            process.delay -= excess
        why = process.spawnerr if process.pid == 0 and process.spawnerr else self.options.last_end
        self._narrator.died(_name(event), why=why, pause_seconds=process.backoff)

    def _exited(self, event: Any) -> None:
        process = event.process
        if process.config.autorestart:
            self._narrator.died(_name(event), why=self.options.last_end, pause_seconds=0)
        else:
            self._narrator.finished(_name(event), well=process.exitstatus == 0)


def _name(event: Any) -> str:
    return str(event.process.config.name)
