"""One chaos run from its seed to its verdict."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from backend.bootstrap import Parts
from tests.chaos.buyers import Buyer, Till
from tests.chaos.clerk import Clerk
from tests.chaos.figures import Logs, tell_figures
from tests.chaos.plan import Fault, plan_faults
from tests.chaos.settling import settle
from tests.chaos.stage import Stage, open_stage
from tests.chaos.strikes import Strikes
from tests.chaos.verdict import judge, shorten
from tests.integration import till as counter

BUYERS = 8
REORDER_POINTS = {"CP-1": None, "CP-2": None, "CP-3": 10, "CP-4": 20, "CP-5": 30, "CP-6": 40}
"""Some products are ordered when they have run out, some before."""
LOT_SIZE = 30


class ChaosFailed(AssertionError):
    """Something does not hold; the text tells what, of which ids, the seed and where the logs are."""


def run(*, seed: int, seconds: float, folder: Path) -> str:
    """Break everything for so long, and judge what is left of it; the figures.

    Raises:
        ChaosFailed: something does not hold.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    plan = plan_faults(seed=seed, seconds=seconds)
    try:
        with open_stage(folder) as stage:
            return _run(stage, seed=seed, plan=plan)
    except AssertionError as error:
        (folder / "plan.txt").write_text("\n".join(map(str, plan)), encoding="utf-8")
        raise ChaosFailed(
            f"chaos of seed {seed}, {seconds:g} s, does not hold:\n{error}\nlogs and plan: {folder}"
        ) from error


def _run(stage: Stage, *, seed: int, plan: Sequence[Fault]) -> str:
    _fill_the_shelves(stage)
    till = Till()
    skus = list(REORDER_POINTS)
    buyers = [Buyer(name=f"buyer-{n}", seed=seed, url=stage.url, skus=skus, till=till) for n in range(BUYERS)]
    clerk = Clerk(seed=seed, url=stage.url, skus=skus)
    for person in (*buyers, clerk):
        person.start()
    try:
        Strikes(stage).carry_out(plan)
    finally:
        clerk.stop()
        for buyer in buyers:
            buyer.stop()
    clerk.join()
    settled = settle(stage, buyers)
    books = stage.books()
    logs = Logs(stage.folder)
    faults = [
        *judge(books, bought=till.bought, never_answered=till.never_answered),
        *settled.without_cause,
        *till.wrong_answers,
        *clerk.wrong_answers,
        *(f"{name} ended by itself" for name, one in stage.programs.items() if one.process.exit_code is not None),
        *shorten(logs.unexpected),
    ]
    figures = tell_figures(till=till, deeds=clerk.deeds, faults=plan, books=books, logs=logs, settled=settled)
    if faults:
        raise AssertionError("\n".join([*(f"  - {fault}" for fault in faults), figures]))
    return figures


def _fill_the_shelves(stage: Stage) -> None:
    database = Parts(stage.settings.model_copy(update={"database_url": stage.books_url})).database
    till = counter.Till(database)
    for sku, reorder_point in REORDER_POINTS.items():
        till.open(sku, on_hand=LOT_SIZE, reorder_point=reorder_point, lot_size=LOT_SIZE)
    database.dispose()
