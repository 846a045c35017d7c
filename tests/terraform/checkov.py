"""checkov in a virtual environment of its own: what it pins does not go with what the project needs.

``python -m tests.terraform.checkov`` installs it before the tests need it.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
REQUIREMENTS = Path(__file__).parent / "requirements.txt"
ENVIRONMENT = CHECKOUT / ".venv-checkov"
INSTALL_SECONDS = 400


class NoCheckov(Exception):
    """checkov cannot be installed here; the message says why."""


def install_checkov() -> Path:
    """The program, installed from its locked requirements unless it is there already.

    Raises:
        NoCheckov: see there.
    """
    locked = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp = ENVIRONMENT / "requirements.sha256"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != locked:
        try:
            _run(sys.executable, "-m", "venv", "--clear", "--without-pip", str(ENVIRONMENT))
            pip = (sys.executable, "-m", "pip", "--python", str(ENVIRONMENT / "bin" / "python"))
            # Not compiled: of all that it brings, little is imported.
            quickly = ("install", "--quiet", "--no-compile")
            _run(*pip, *quickly, "--require-hashes", "--requirement", str(REQUIREMENTS))
        except subprocess.CalledProcessError as failed:
            raise NoCheckov(
                f"checkov could not be installed into {ENVIRONMENT.name}:\n{failed.stdout}"
            ) from failed
        stamp.write_text(locked, encoding="utf-8")
    return ENVIRONMENT / "bin" / "checkov"


def _run(*command: str) -> None:
    subprocess.run(
        command,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=INSTALL_SECONDS,
    )


if __name__ == "__main__":
    try:
        install_checkov()
    except NoCheckov as reason:
        sys.stderr.write(f"{reason}\nits tests will be skipped\n")
