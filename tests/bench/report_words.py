"""The report's words: those that stay, and those around numbers."""

from tests.bench.figures import find
from tests.bench.goals import memory_growth
from tests.bench.records import Record

ISSUE_ORIGINAL = (1190, 1310)
METHOD = """\
Each contender has its own server and its own database, all on this machine together with `wrk`, which sends the
requests. A round measures every contender once, rivals right after each other; the tables show the median of
{rounds} rounds of {seconds} seconds, and the least and the most. MariaDB runs with
`innodb_flush_log_at_trx_commit = 1` (no binary log), SQLite in WAL mode with `synchronous = FULL`, both on the
disk above. After every storm the books are held against the answers: a purchase, a unit and a line of the ledger
for each answer, nothing more (but for at most one request of each connection whose answer `wrk` did not wait for).
A lost or doubled unit makes the bench fail. The shop runs with its default settings. *One transaction for each
request* is the shop without group commit; `mariadb-slap` runs the statements of one purchase with {slap} clients.
No database: Flask on Granian, with as many workers and threads as the shop has."""
ORIGINAL = """\
*The original's way* is an equivalent, written by us: Node, express and mysql, which read the stock and write it
less one, over a connection for each request. It keeps no ledger, and lost {lost} of its sales at {connections}
connections. The real original was measured at {least:,} to {most:,} a second with 16 connections, in an earlier
run on two cores that the project's goal was set by; it is not part of this run."""


def original_words(records: list[Record]) -> list[str]:
    """What the baseline is, and what it is not."""
    measured = [one.connections for one in records if one.contender == "original"]
    if not measured:
        return []
    most = max(measured)
    lost = find(records, "lost_share", contender="original", goods="hot", connections=most)
    share = f"{lost.median:.0%}" if lost else "some"
    return [ORIGINAL.format(lost=share, connections=most, least=ISSUE_ORIGINAL[0], most=ISSUE_ORIGINAL[1])]


def whole_shop_words(records: list[Record]) -> list[str]:
    """Starting, restocking, idling, memory."""
    lines = []
    start = find(records, "first_purchase_ms", part="start")
    if start:
        lines.append(
            f"- `factoauto up` on data that is there answers the first purchase after {start.median / 1000:.1f} "
            f"seconds ({start.least / 1000:.1f} to {start.most / 1000:.1f})."
        )
    restock = next((one.numbers for one in records if one.part == "restock"), None)
    if restock:
        lines.append(
            f"- From a shortage to its delivery, less the factory's lead time: p50 {restock['p50_ms']:.0f} ms, "
            f"p99 {restock['p99_ms']:.0f} ms, longest {restock['longest_ms']:.0f} ms, of "
            f"{restock['shortages']:.0f} shortages under `factoauto up`."
        )
    idle = next((one.numbers for one in records if one.part == "idle"), None)
    if idle:
        lines.append(
            f"- `factoauto up` when nobody buys or looks: {idle['core_percent']:.1f}% of one core and "
            f"{idle['memory_mb']:.0f} MB, in {idle['processes']:.0f} processes."
        )
    memory = [one.numbers for one in records if one.part == "memory"]
    growth = memory_growth(records)
    if growth is not None:
        lines.append(
            f"- The backend's memory over {memory[-1]['purchases']:,.0f} purchases: "
            f"{memory[0]['memory_mb']:.0f} MB after {memory[0]['purchases']:,.0f}, "
            f"{memory[-1]['memory_mb']:.0f} MB at the end; {growth:+.1f}% since a tenth of them."
        )
    return ["### The whole shop", "\n".join(lines)] if lines else []
