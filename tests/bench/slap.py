"""The database's own load tool, mariadb-slap: the transaction of one purchase, with no HTTP and no Python.

It is given the fewest statements that keep the ledger: autocommit is off, so there is no BEGIN, and what is left
on the shelf is noted by the UPDATE in passing.
"""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from tests.bench.shop import draw_skus

STATEMENTS = 6
_ZIPF_TRANSACTIONS = 500  # in each client's file; it starts over at the end
_TRANSACTION = """\
SELECT sku, name, name_en, price, on_hand, factory_id, reorder_point, lot_size, archived_at, created_at, \
updated_at FROM product WHERE sku IN ('{sku}') ORDER BY sku FOR UPDATE;
INSERT INTO purchase (id, sku, quantity, unit_price, outcome, created_at) \
VALUES (@id := UUID(), '{sku}', 1, 2500, 'sold', @now := UTC_TIMESTAMP(6));
UPDATE product SET on_hand = @left := on_hand - 1, updated_at = @now WHERE sku = '{sku}' AND on_hand >= 1;
INSERT INTO stock_movement (sku, quantity, on_hand_after, kind, reference, actor, created_at) \
VALUES ('{sku}', -1, @left, 'sale', @id, 'customer', @now);
INSERT INTO sales_minute (sku, minute, sold_purchases, sold_quantity, sold_amount, refused_purchases, \
lost_quantity, lost_amount) VALUES ('{sku}', DATE_FORMAT(@now, '%Y-%m-%d %H:%i:00'), 1, 1, 2500, 0, 0, 0) \
ON DUPLICATE KEY UPDATE sold_purchases = sold_purchases + 1, sold_quantity = sold_quantity + 1, \
sold_amount = sold_amount + 2500;
COMMIT;
"""


@dataclass(frozen=True, kw_only=True)
class Slap:
    """What a run of mariadb-slap did."""

    connections: int
    transactions: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Transactions a second."""
        return self.transactions / self.seconds


def run_slap(*, url: str, goods: str, connections: int, transactions: int, folder: Path) -> Slap:
    """Make so many transactions (at least) by so many clients, as fast as they go.

    Customers who want different things are a process each, with a file of its own: mariadb-slap's clients run
    through one file in step, and would all want the same at the same time.
    """
    processes = 1 if goods == "hot" else connections
    clients = connections // processes
    for_each = -(-transactions // connections)
    commands = []
    for number in range(processes):
        skus = draw_skus(goods, seed=number, count=_ZIPF_TRANSACTIONS)
        file = folder / f"slap-{number}.sql"
        file.write_text("".join(_TRANSACTION.format(sku=sku) for sku in skus), encoding="utf-8")
        commands.append(_command(url=url, file=file, clients=clients, statements=for_each * clients * STATEMENTS))
    began = time.monotonic()
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for command in commands
    ]
    outputs = [process.communicate()[0] for process in running]
    took = time.monotonic() - began
    if any(process.returncode for process in running) or any("ERROR" in output for output in outputs):
        raise RuntimeError(f"mariadb-slap: {outputs}")
    return Slap(connections=connections, transactions=for_each * connections, seconds=took)


def _command(*, url: str, file: Path, clients: int, statements: int) -> list[str]:
    address = sa.make_url(url)
    return [
        "mariadb-slap",
        "--no-defaults",
        "--protocol=tcp",
        "--skip-ssl",
        f"--host={address.host}",
        f"--port={address.port}",
        f"--user={address.username}",
        f"--password={address.password}",
        f"--create-schema={address.database}",
        "--no-drop",
        "--init-command=SET autocommit = 0, tx_isolation = 'READ-COMMITTED'",
        "--delimiter=;\n",
        f"--query={file}",
        f"--concurrency={clients}",
        f"--number-of-queries={statements}",
    ]
