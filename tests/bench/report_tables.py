"""The report's tables."""

import itertools
from collections.abc import Iterable, Sequence

from tests.bench.figures import Figure, find
from tests.bench.plots import PLOTS
from tests.bench.records import Record
from tests.bench.storms import SLAP_CONNECTIONS, SPECIAL_CONNECTIONS

NAMES = {
    "slap": "`mariadb-slap`, no HTTP",
    "original": "the original's way (Node), loses updates",
    "one_each": "the shop, one transaction for each request",
    "group_commit": "**the shop as it is: group commit**",
    "no_database": "Flask that answers JSON, no database",
}
DATABASES = {"mariadb": "MariaDB", "sqlite": "SQLite"}
SPECIAL_GOODS = {
    "keys": "`POST /api/purchases`, an `Idempotency-Key` in each",
    "empty": "`POST /send`, nothing on the shelf; one order is made",
    "worker": "`POST /send` beside a second process that writes",
}


def storm_tables(records: list[Record]) -> list[str]:
    """A table for each database and kind of goods, and a picture for each database."""
    parts = []
    for database, name in DATABASES.items():
        for goods, words in (("hot", "one product"), ("zipf", "a thousand products")):
            found = _storm_table(records, database=database, goods=goods)
            if found:
                parts += [f"### {name}, {words}", found]
        if any(one.part == "storm" and one.database == database for one in records):
            picture = f"rush-hour-{database}"
            parts.append(f"![{PLOTS[picture]}](images/{picture}.svg)")
    return parts


def _storm_table(records: list[Record], *, database: str, goods: str) -> str:
    mine = [one for one in records if (one.part, one.database, one.goods) == ("storm", database, goods)]
    connections = sorted({one.connections for one in mine})
    rows = []
    for contender, name in NAMES.items():
        cells = [_cell(mine, contender=contender, connections=number) for number in connections]
        if any(cells):
            rows.append((name, *cells))
    if not rows:
        return ""
    header = ("purchases a second<br>p50 / p99", *(f"{number} connections" for number in connections))
    return table(header, rows)


def _cell(records: list[Record], *, contender: str, connections: int) -> str:
    rate = find(records, "per_second", contender=contender, connections=connections)
    if rate is None:
        return ""
    p50 = find(records, "p50_ms", contender=contender, connections=connections)
    p99 = find(records, "p99_ms", contender=contender, connections=connections)
    latency = f"<br>{p50.median:.1f} / {p99.median:.1f} ms" if p50 and p99 else ""
    return f"{_spread(rate)}{latency}"


def special_table(records: list[Record]) -> list[str]:
    """The storms that are not a matter of connections."""
    rows = []
    for database, name in DATABASES.items():
        for goods, words in SPECIAL_GOODS.items():
            rate = find(records, "per_second", database=database, goods=goods)
            if rate is None:
                continue
            p99 = find(records, "p99_ms", database=database, goods=goods)
            waits = find(records, "write_p99_ms", database=database, goods=goods)
            other = f"; its writes: p99 {_spread(waits, 1)} ms" if waits else ""
            rows.append((f"{name}: {words}{other}", _spread(rate), f"{p99.median:.1f} ms" if p99 else ""))
    return (
        [f"### Other ways to buy, {SPECIAL_CONNECTIONS} connections", table(("", "a second", "p99"), rows)]
        if rows
        else []
    )


def processor_table(records: list[Record]) -> list[str]:
    """What a purchase costs the processor: that says more than the clock where others use the machine, too."""
    rows = []
    for database, contender in itertools.product(DATABASES, NAMES):
        mine = [one for one in records if (one.database, one.contender, one.goods) == (database, contender, "hot")]
        connections = SPECIAL_CONNECTIONS if contender != "slap" else SLAP_CONNECTIONS
        used = [find(mine, f"{name}_cpu_us", connections=connections) for name in ("server", "database", "client")]
        if any(used):
            cells = (f"{figure.median:,.0f} µs" if figure else "" for figure in used)
            rows.append((f"{DATABASES[database]}: {NAMES[contender]}", *cells))
    header = ("a purchase of the one product", "server", "database", "load tool")
    title = f"### Processor time, {SPECIAL_CONNECTIONS} connections"
    return [title, table(header, rows)] if rows else []


def history_table(records: list[Record]) -> list[str]:
    """What a longer ledger costs those who read."""
    rows = []
    seen = dict.fromkeys((one.database, one.goods) for one in records if one.part == "history")
    for database, call in seen:
        small, large, ratio = (
            find(records, name, part="history", database=database, goods=call)
            for name in ("small_ms", "large_ms", "ratio")
        )
        if small and large and ratio:
            values = (f"{small.median:.1f} ms", f"{large.median:.1f} ms", _spread(ratio, 2))
            rows.append((f"{DATABASES[database]}: {call}", *values))
    header = ("median of an answer", "10,000 movements", "1,000,000", "ratio")
    return ["### A ledger that grows", table(header, rows)] if rows else []


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown; every column but the first is to the right."""
    lines = [header, ["---", *("---:" for _ in header[1:])], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _spread(figure: Figure, digits: int = 0) -> str:
    return f"{figure.median:,.{digits}f} ({figure.least:,.{digits}f}–{figure.most:,.{digits}f})"
