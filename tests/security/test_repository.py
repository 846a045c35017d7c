"""What is kept in the repository: no secret, and no silenced warning about security without its reason."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}"),
    "an AWS access key": re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"),
    "an AWS secret key": re.compile(r"(?i)aws_?secret_?access_?key\W{1,5}[A-Za-z0-9/+]{40}\b"),
    "a token of GitHub": re.compile(r"\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})"),
    "a token of Slack": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    "a token of PyPI": re.compile(r"\bpypi-[A-Za-z0-9_-]{50,}"),
    "a JSON web token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    "a secret that up made": re.compile(r"(?i)(secret|token|password)s?[\"']?\s*[:=]\s*[\"']?[A-Za-z0-9_-]{43}\b"),
    "a password in a URL": re.compile(
        r"[a-z]+://[^\s:/@\"'{}<>$]+:(?!secret@|password@)[^\s:/@\"'{}<>$]{8,}@[a-z0-9.-]+"
    ),
    "an index of packages": re.compile(r"(?m)^\s*--(extra-)?index-url"),
}
SILENCED = re.compile(r"#\s*noqa:\s*([A-Z0-9, ]*\bS\d{3}\b[A-Z0-9, ]*)(?P<reason>.*)$")


def tracked_files() -> list[Path]:
    """Every file that git keeps."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=True, timeout=60
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def read(path: Path) -> str:
    """A file's text; an image is none."""
    return path.read_bytes().decode("utf-8", errors="ignore")


@pytest.mark.parametrize("kind", SECRETS)
def test_no_file_of_the_repository_holds_a_secret(kind: str) -> None:
    found = {
        str(path.relative_to(ROOT)): match[0]
        for path in tracked_files()
        if path.is_file() and (match := SECRETS[kind].search(read(path)))
    }

    assert found == {}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("a private key", "-----BEGIN RSA PRIVATE " + "KEY-----\n" + "A" * 64),
        ("an AWS access key", "AKIA" + "A" * 16),
        ("an AWS secret key", 'AWS_SECRET_ACCESS_KEY = "' + "a" * 40 + '"'),
        ("a token of GitHub", "ghp_" + "a" * 36),
        ("a token of Slack", "xoxb-" + "1" * 12),
        ("a token of PyPI", "pypi-" + "A" * 60),
        ("a JSON web token", ".".join(("eyJ" + "a" * 20, "eyJ" + "b" * 20, "c" * 20))),
        ("a secret that up made", "FACTOAUTO_OPERATOR_TOKEN=" + "a" * 43),
        ("a password in a URL", "mysql+pymysql://shop:" + "hunter22" + "@db.example/shop"),
        ("an index of packages", "--index-url https" + "://packages.example/simple"),
    ],
)
def test_a_secret_would_be_found(kind: str, text: str) -> None:
    assert SECRETS[kind].search(text)


def test_the_folder_with_a_local_shops_secrets_is_never_kept() -> None:
    ignored = subprocess.run(["git", "-C", str(ROOT), "check-ignore", "-q", "var/operator_token"], timeout=60)

    assert ignored.returncode == 0
    assert [path for path in tracked_files() if path.relative_to(ROOT).parts[0] == "var"] == []


def test_who_silences_a_warning_about_security_says_why() -> None:
    unexplained = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked_files()
        if path.suffix == ".py" and path.is_file()
        for number, line in enumerate(read(path).splitlines(), start=1)
        if (silenced := SILENCED.search(line)) and len(silenced["reason"].strip(" -()")) < 5
    ]

    assert unexplained == []


def test_every_test_that_the_threat_model_names_is_there() -> None:
    named = re.findall(r"`([a-z_/]+(?:\.py|/))`", (ROOT / "SECURITY.md").read_text(encoding="utf-8"))

    assert len(named) > 30
    missing = {name for name in named if not (ROOT / "tests" / name).exists()}
    assert missing - {"var/", "tests/"} == set()
