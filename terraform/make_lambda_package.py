"""Build the zip file that the Lambdas run: ``python terraform/make_lambda_package.py build/lambda.zip [CA_FILE]``.

With a CA_FILE it holds these certificate authorities too, as ``/var/task/rds-ca.pem`` of the function.

The same input makes the same file, to the byte, so that Terraform changes the functions only when their code
changed. It is byte-compiled for Python 3.12, the Lambdas' runtime: a cold start would otherwise compile everything
each time. Of the libraries only that is kept; of our own code the source too, for tracebacks. The runtime has
boto3, so ``requirements-lambda.txt`` leaves it out.
"""

import hashlib
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
REQUIREMENTS = CHECKOUT / "requirements-lambda.txt"
LARGEST_BYTES = 15_000_000
OLDEST_DATE = (1980, 1, 1, 0, 0, 0)  # a zip file knows none before
FILE_MODE = 0o100644
AUTHORITIES = "rds-ca.pem"
ONLY_ON_A_LAPTOP = ("__pycache__", "up", "local_aws*.py", "serve.py", "worker.py", "status_screen.py")
NOT_NEEDED = (
    "bin",
    "*.dist-info/RECORD",  # names what pip made beside
    "*.dist-info/INSTALLER",
    "*.dist-info/REQUESTED",
    "*.dist-info/direct_url.json",
    "aws_lambda_powertools/event_handler",
    "pydantic/v1",
    "sqlalchemy/testing",
    "**/*.pxd",
    "**/*.pyi",
    "**/*.pyx",
)
NO_PYTHON = """\
The package is byte-compiled for the Lambdas' runtime, and no Python 3.12 was found: neither in
FACTOAUTO_PYTHON312, nor as python3.12 on the PATH, nor among the versions of pyenv and uv. Install one
(`pyenv install 3.12`, `uv python install 3.12`, your system's packages), or name it:
FACTOAUTO_PYTHON312=/path/to/python3.12"""


class PackageFailed(Exception):
    """The package could not be built; the text says why."""


def build(target: Path, *, ca_file: Path | None = None) -> None:
    """Write the package, with these certificate authorities if any.

    Raises:
        PackageFailed: there is no Python 3.12, the requirements could not be installed, the authorities are none,
            or it became too large.
    """
    compiler = find_python()
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        _install_requirements(tree)
        _leave_out(tree)
        _byte_compile(tree, compiler=compiler, root=tree, instead_of_source=True)
        ours = tree / "backend"
        shutil.copytree(CHECKOUT / "backend", ours, ignore=shutil.ignore_patterns(*ONLY_ON_A_LAPTOP))
        _byte_compile(ours, compiler=compiler, root=tree, instead_of_source=False)
        if ca_file:
            add_authorities(tree, ca_file)
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_zip(tree, target=target)
    if target.stat().st_size >= LARGEST_BYTES:
        raise PackageFailed(f"{target} has {target.stat().st_size:,} bytes, {LARGEST_BYTES:,} or more")


def add_authorities(tree: Path, ca_file: Path) -> None:
    """Put certificate authorities where a function finds them.

    Raises:
        PackageFailed: there is no such file, or it holds no certificate.
    """
    try:
        ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise PackageFailed(f"CA_FILE: {ca_file} cannot be used as certificate authorities: {error}") from None
    shutil.copyfile(ca_file, tree / AUTHORITIES)


def find_python() -> str:
    """A Python 3.12 that runs.

    Raises:
        PackageFailed: there is none.
    """
    if named := os.environ.get("FACTOAUTO_PYTHON312"):
        if _is_python_312(named):
            return named
        raise PackageFailed(f"FACTOAUTO_PYTHON312: {named} is no Python 3.12 that runs")
    for candidate in _candidates():
        if _is_python_312(candidate):
            return candidate
    raise PackageFailed(NO_PYTHON)


def _candidates() -> Iterator[str]:
    yield sys.executable
    yield "python3.12"
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    uv = Path.home() / ".local/share/uv/python"
    for folder, pattern in ((pyenv, "versions/3.12*/bin/python"), (uv, "cpython-3.12*/bin/python3.12")):
        yield from (str(found) for found in sorted(folder.glob(pattern)))


def _is_python_312(program: str) -> bool:
    try:  # pyenv leaves a python3.12 on the PATH that only says that it is not active
        return _run(program, "-c", "import sys; print(*sys.version_info[:2])").strip() == "3 12"
    except (OSError, PackageFailed):
        return False


def _install_requirements(tree: Path) -> None:
    platforms = ("--platform", "manylinux2014_x86_64", "--platform", "manylinux_2_28_x86_64")
    _run(
        *(sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-compile"),
        *("--target", str(tree), "--require-hashes", "--no-deps", "--requirement", str(REQUIREMENTS)),
        *("--only-binary", ":all:", "--implementation", "cp", "--python-version", "3.12", *platforms),
        "--ignore-requires-python",  # pip asks whether its own Python will do; the list was made for 3.12
    )


def _leave_out(tree: Path) -> None:
    for pattern in NOT_NEEDED:
        for found in sorted(tree.glob(pattern)):
            shutil.rmtree(found) if found.is_dir() else found.unlink()


def _byte_compile(tree: Path, *, compiler: str, root: Path, instead_of_source: bool) -> None:
    _run(
        *(compiler, "-m", "compileall", "-q", "-s", str(root)),
        *("--invalidation-mode", "unchecked-hash"),  # all dates are the same
        *(("-b",) if instead_of_source else ()),
        str(tree),
        hash_seed="0",  # or the members of a constant set change places
    )
    for source in sorted(tree.rglob("*.py")) if instead_of_source else ():
        source.unlink()


def _write_zip(tree: Path, *, target: Path) -> None:
    files = {path.relative_to(tree).as_posix(): path for path in tree.rglob("*") if path.is_file()}
    with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(name, date_time=OLDEST_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever it is built: the mode below is read
            entry.external_attr = FILE_MODE << 16
            package.writestr(entry, path.read_bytes())


def _run(*command: str, hash_seed: str = "random") -> str:
    finished = subprocess.run(  # noqa: S603 (programs that were looked for above)
        command,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        raise PackageFailed(f"{Path(command[0]).name} failed:\n{finished.stdout}{finished.stderr}")
    return finished.stdout


def main() -> None:
    """Build the package at the path given, and say what became of it."""
    target, *ca_files = (Path(argument) for argument in sys.argv[1:3])
    try:
        build(target, ca_file=next(iter(ca_files), None))
    except PackageFailed as failed:
        sys.exit(str(failed))
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    sys.stdout.write(f"{target}: {target.stat().st_size:,} bytes, SHA-256 {digest}\n")


if __name__ == "__main__":
    main()
