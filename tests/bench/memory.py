"""Whether the backend's memory stays flat over a million purchases."""

from pathlib import Path

from tests.bench.contenders import make_target
from tests.bench.ledger import LostUnits, check_books
from tests.bench.records import Record, Records
from tests.bench.servers import SHOP, start_shop
from tests.bench.shop import BenchShop
from tests.bench.storm import run_storm
from tests.bench.storms import mariadb_on_disk

_CONNECTIONS = 64
_STORM_SECONDS = 8


def measure_memory(*, folder: Path, records: Records, purchases: int) -> None:
    """Buy without pause until there are so many purchases, and look at the memory again and again.

    Raises:
        LostUnits: a unit was lost or doubled on the way.
    """
    with mariadb_on_disk(folder) as mariadb:
        url = mariadb.create_database()
        shop = BenchShop(url)
        shop.open()
        shop.fill()
        server = start_shop(module=SHOP, database_url=url, folder=folder)
        try:
            sold = storms = 0
            while sold < purchases:
                storm = run_storm(
                    make_target("hot", url=server.url),
                    connections=_CONNECTIONS,
                    seconds=_STORM_SECONDS,
                    folder=folder,
                )
                storms += 1
                sold += storm.answered - storm.refused
                numbers = {"purchases": sold, "memory_mb": server.memory_bytes() / 1024**2}
                records.add(Record(part="memory", database="mariadb", numbers=numbers))
            books = shop.books()
        finally:
            server.stop()
    check_books(books)
    if not sold <= books.sold <= sold + storms * _CONNECTIONS:
        raise LostUnits(f"{sold} purchases were answered, {books.sold} were written")
