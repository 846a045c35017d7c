"""The programs as a configuration file of supervisord."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from backend.entrypoints.up.programs import UNSET, Program

READINESS = "readiness"
STOP_SECONDS = 3
"""How long a program may take to stop before it is killed; all but the last of them stop side by side."""
_STEADY_SECONDS = 5
"""A program that ends sooner than this is started again only after a pause, longer each time."""

_HEAD = """\
; Made by `factoauto up` on every start.
[supervisord]
nodaemon=true
silent=true
logfile=%(here)s/logs/supervisord.log
logfile_maxbytes=1MB
logfile_backups=1
pidfile=%(here)s/up.pid
childlogdir=%(here)s/logs
nocleanup=true
minfds=256
"""
# supervisord expands this logfile twice, and a folder's name may have a % in it.
_PROGRAM = """
[program:{name}]
command={command}
autorestart={autorestart}
startsecs={startsecs}
startretries=1000000000
stopwaitsecs={stop_seconds}
stopasgroup=false
killasgroup=true
redirect_stderr=true
stdout_events_enabled=true
stdout_logfile=%%(here)s/logs/{name}.log
stdout_logfile_maxbytes=5MB
stdout_logfile_backups=1
"""
_GROUP = """
[group:{name}]
programs={programs}
priority={priority}
"""


def write_configuration(
    *,
    folder: Path,
    programs: Sequence[Program],
    readiness: Sequence[str],
    environment: Mapping[str, str],
) -> Path:
    """Write ``supervisord.conf`` into the folder, with a ``logs`` folder beside it; returns its path.

    ``readiness`` is the command that ends when everything is ready.
    """
    (folder / "logs").mkdir(mode=0o700, exist_ok=True)
    first, last = _split(programs)
    # Groups stop one after the other, the highest priority first; the programs of one group side by side.
    text = [
        _HEAD,
        *(_program(program.name, program.command, environment=environment) for program in programs),
        _program(READINESS, readiness, environment=environment, once=True),
        _GROUP.format(name="last", programs=",".join(last), priority=1),
        _GROUP.format(name="first", programs=",".join([*first, READINESS]), priority=2),
    ]
    path = folder / "supervisord.conf"
    path.write_text("".join(text), encoding="utf-8")
    return path


def _split(programs: Sequence[Program]) -> tuple[list[str], list[str]]:
    first = [program.name for program in programs if not program.stops_last]
    last = [program.name for program in programs if program.stops_last]
    return first, last


def _program(name: str, command: Sequence[str], *, environment: Mapping[str, str], once: bool = False) -> str:
    unset = [word for variable in UNSET for word in ("-u", variable)]
    assignments = [f"{variable}={value}" for variable, value in environment.items()]
    return _PROGRAM.format(
        name=name,
        command=_quote(["env", *unset, *assignments, *command]),
        autorestart="false" if once else "true",
        startsecs=0 if once else _STEADY_SECONDS,
        stop_seconds=STOP_SECONDS,
    )


def _quote(command: Sequence[str]) -> str:
    # The file's parser takes a # or ; after a space for a comment, even between quotes: part them by a pair.
    line = shlex.join(command).replace(" #", " ''#").replace(" ;", " '';")
    return line.replace("%", "%%")
