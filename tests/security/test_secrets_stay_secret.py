"""Neither the process list, nor an answer, nor a log, nor a file that others may read, tells a secret."""

import re
import stat
from pathlib import Path

import pytest
import urllib3

from tests.servers.shop import DONUT, Shop
from tests.servers.waiting import wait_until

SECRETS = ("callback_secrets", "operator_token")
PAGES = (
    "/metrics",
    "/openapi.json",
    "/docs",
    "/readyz",
    "/api/overview",
    "/api/products",
    f"/api/products/{DONUT}/movements",
    "/api/replenishments",
    "/api/activity",
    "/api/queues",
    "/api/queues/dead-letters",
    "/nothing",
    "/api/products/%00",
    "/api/simulator/faults",
)
SIGNATURE = re.compile(r"[0-9a-f]{64}")


@pytest.fixture(scope="module")
def secrets(attacked_shop: Shop) -> list[str]:
    """What nobody may learn, after a day on which all of it was used."""
    while attacked_shop.buy() == "판매완료":
        pass
    wait_until(lambda: attacked_shop.product()["on_hand"] > 0, seconds=60, what="the delivery")
    return [(attacked_shop.folder / name).read_text(encoding="utf-8").strip() for name in SECRETS]


def test_no_process_has_a_secret_on_its_command_line(attacked_shop: Shop, secrets: list[str]) -> None:
    """Everybody on the machine sees those, by ``ps``."""
    lines = [Path(f"/proc/{process.pid}/cmdline").read_text() for process in attacked_shop.processes()]

    assert len([line for line in lines if line]) >= 6
    assert [line for line in lines if any(secret in line for secret in secrets)] == []


def test_only_their_owner_can_read_what_is_kept(attacked_shop: Shop, secrets: list[str]) -> None:
    folder = attacked_shop.folder
    holding = [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(secret.encode() in path.read_bytes() for secret in secrets)
    ]

    assert sorted(holding) == sorted(SECRETS)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in SECRETS} == {0o600}


@pytest.mark.parametrize("path", PAGES)
def test_no_answer_tells_a_secret_or_a_signature(attacked_shop: Shop, secrets: list[str], path: str) -> None:
    """Not even the answer to who has half of it."""
    headers = {"Authorization": f"Bearer {secrets[1][:-1]}"}

    answer = urllib3.request("GET", attacked_shop.url + path, headers=headers, retries=False, timeout=20)

    told = f"{answer.headers} {answer.data.decode()}"
    assert [secret for secret in secrets if secret in told or secret[:-1] in told] == []
    assert SIGNATURE.search(told) is None


def test_the_factory_shows_no_signature_of_the_orders_it_has(attacked_shop: Shop, secrets: list[str]) -> None:
    url = f"http://127.0.0.1:{attacked_shop.port('FACTORY')}/api/manufactures"

    told = urllib3.request("GET", url, retries=False, timeout=20).data.decode()

    assert "/callbacks/replenishments/" in told
    assert SIGNATURE.search(told) is None


def test_no_line_that_was_printed_tells_a_secret_or_a_signature(attacked_shop: Shop, secrets: list[str]) -> None:
    files = list((attacked_shop.folder / "logs").glob("*.log"))
    printed = attacked_shop.process.output + "".join(file.read_text(encoding="utf-8") for file in files)

    assert "ordered" in printed
    assert [secret for secret in secrets if secret in printed] == []
    assert SIGNATURE.search(printed) is None
