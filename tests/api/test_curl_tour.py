"""``docs/api.md``: the very lines that it shows, run by bash against a running shop, give what it shows."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backend.bootstrap import seed_demo_shop
from backend.store.migrate import upgrade
from tests.api.running import RunningShop, poll_quickly, running
from tests.api.shop import ALICE, Shop
from tests.api.tour import DOCUMENT, Shell, compare, differences, read_steps
from tests.factory_mock.process import FactoryProcess


@pytest.fixture
def demo_shop(
    make_shop: Callable[..., Shop],
    factory: FactoryProcess,
    aws: Callable[[], dict[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[RunningShop]:
    """The demo shop at work, as it is after the first start."""
    poll_quickly(monkeypatch)
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    upgrade(database_url=url)
    with running(make_shop, factory, url, operator_token=ALICE, **aws()) as shop:
        seed_demo_shop(shop.parts.settings)
        yield shop
        shop.set_faults()


@pytest.fixture
def shell(demo_shop: RunningShop, tmp_path: Path) -> Iterator[Shell]:
    """A shell where ``make up`` was called."""
    assert shutil.which("curl"), "the page's lines call curl, which is not installed"
    folder = tmp_path / "home"
    (folder / "var").mkdir(parents=True)
    (folder / "var" / "operator_token").write_text(f"{ALICE}\n", encoding="utf-8")
    started = Shell(folder=folder, url=demo_shop.parts.settings.public_url)
    yield started
    started.end()


def test_every_line_of_the_page_gives_what_the_page_shows(shell: Shell) -> None:
    steps = read_steps(DOCUMENT.read_text(encoding="utf-8"))
    assert len(steps) > 30

    for step in steps:
        printed, status = shell.run(step.lines)

        if step.answer is not None:
            assert status == step.status, f"{step.lines}\nis answered {status}:\n{printed}"
            assert compare(step, printed) == [], f"{step.lines}\nis answered:\n{printed}"


@pytest.mark.parametrize(
    ("shown", "real"),
    [
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"a": True}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": 1, "b": 2}, {"a": 1}),
        ({"a": None}, {"a": "x"}),
        ({"lead_time_seconds": None}, {"lead_time_seconds": 1.5}),
        ([1], [1, 2]),
        ([1, 2, "…"], [1]),
        ("x", "y"),
    ],
)
def test_what_differs_is_told(shown: object, real: object) -> None:
    """The comparison itself: without it the page could say anything."""
    assert len(differences(shown, real)) == 1


@pytest.mark.parametrize(
    ("shown", "real"),
    [
        ({"a": 1, "…": "…"}, {"a": 1, "b": 2}),
        ([1, "…"], [1, 2]),
        ([1, "…"], [1]),
        ("2026-03-01T12:00:00Z", "2026-11-05T01:02:03.456Z"),
        ({"lead_time_seconds": 1}, {"lead_time_seconds": 2.5}),
        ("01a20640-d701-774f-a285-994aaadd9179", "01a20640-d701-774f-a285-994aaadd0000"),
    ],
)
def test_ids_times_and_what_is_left_out_do_not_matter(shown: object, real: object) -> None:
    assert differences(shown, real) == []
