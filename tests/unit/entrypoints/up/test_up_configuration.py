"""The file is read back by supervisord itself, and the commands are run as it would run them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from supervisor.options import ServerOptions  # type: ignore[import-untyped]
from supervisor.process import Subprocess  # type: ignore[import-untyped]

from backend.entrypoints.up.configuration import READINESS, write_configuration
from backend.entrypoints.up.programs import Program

SHOW = "import json, os, sys; print(json.dumps([sys.argv[1:], dict(os.environ)]))"
AWKWARD = ["a b", "# no comment", "; nor this", "100%", "%(here)s", "it's", '"q"', "$HOME", "부산 #1", ""]


def read_back(folder: Path, *, programs: list[Program], environment: dict[str, str]) -> dict[str, Any]:
    path = write_configuration(folder=folder, programs=programs, readiness=("true",), environment=environment)
    options = ServerOptions()
    options.realize(["-c", str(path)])
    return {
        process.name: (process, group.priority)
        for group in options.process_group_configs
        for process in group.process_configs
    }


def run(config: Any, environment: dict[str, str]) -> Any:
    _, command = Subprocess(config).get_execv_args()
    return json.loads(subprocess.check_output(command, text=True, env=environment))


@pytest.mark.parametrize("name", ["var", "my shop #1; 100%"])
def test_a_program_gets_its_arguments_and_environment_unchanged(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    program = Program(name="show", command=(sys.executable, "-c", SHOW, *AWKWARD))
    values = {f"VALUE_{number}": value for number, value in enumerate(AWKWARD)}

    config, _ = read_back(folder, programs=[program], environment=values)["show"]
    arguments, environment = run(config, {"PATH": "/usr/bin:/bin", "AWS_PROFILE": "work", "HOME": "/home"})

    assert arguments == AWKWARD
    assert {name: environment[name] for name in values} == values
    assert environment["HOME"] == "/home"
    assert "AWS_PROFILE" not in environment
    assert config.stdout_logfile == str(folder / "logs" / "show.log")


def test_what_others_need_to_stop_well_stops_after_them(tmp_path: Path) -> None:
    programs = [
        Program(name="local-aws", command=("true",), stops_last=True),
        Program(name="worker", command=("true",)),
    ]

    configs = read_back(tmp_path, programs=programs, environment={})

    priority = {name: priority for name, (_, priority) in configs.items()}
    assert priority["worker"] == priority[READINESS] > priority["local-aws"]


def test_programs_are_started_again_and_readiness_is_not(tmp_path: Path) -> None:
    configs = read_back(tmp_path, programs=[Program(name="worker", command=("true",))], environment={})

    assert {name: bool(config.autorestart) for name, (config, _) in configs.items()} == {
        "worker": True,
        READINESS: False,
    }


def test_what_does_not_stop_is_killed_well_within_the_five_seconds_that_are_promised(tmp_path: Path) -> None:
    """With all that it started. End to end this is proven without a clock, which a busy machine would break."""
    programs = [Program(name=name, command=("true",), stops_last=name == "last") for name in ("first", "last")]

    configured = [config for config, _ in read_back(tmp_path, programs=programs, environment={}).values()]

    assert {(config.stopwaitsecs, config.killasgroup) for config in configured} == {(3, True)}
