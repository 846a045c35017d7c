"""Whether a storm lost or doubled a unit: answers counted against what the tables say."""

from tests.bench.shop import Books
from tests.bench.storm import Storm


class LostUnits(Exception):
    """The answers, the purchases and the shelves do not agree."""


def check_storm(*, storm: Storm, books: Books, is_empty: bool = False) -> None:
    """Hold a storm's answers against the books.

    The last request of each connection may have been sold although its answer was not awaited: wrk closes its
    connections when the time is over. So there are as many purchases as answers, or up to one more for each
    connection (and for each that broke).

    Raises:
        LostUnits: they do not agree; the text says how.
    """
    if storm.refused:
        raise LostUnits(f"{storm.refused} requests were answered with an error")
    expected = (books.sold, books.refused) if not is_empty else (books.refused, books.sold)
    most = storm.answered + storm.connections + storm.broken
    if not storm.answered <= expected[0] <= most or expected[1]:
        raise LostUnits(f"{storm.answered} to {most} purchases were answered, but these were written: {books}")
    check_books(books)
    if books.open_orders != int(is_empty):
        raise LostUnits(f"{books.open_orders} orders are open")


def check_books(books: Books) -> None:
    """Hold the books against themselves: one unit and one entry for each purchase that was sold.

    Raises:
        LostUnits: they do not agree.
    """
    if not books.sold == books.movements == books.moved_units or books.minute_purchases != books.purchases:
        raise LostUnits(f"purchases, ledger and the sales of the minute differ: {books}")
    if books.drifting_products:
        raise LostUnits(f"{books.drifting_products} shelves are not the sum of their ledger")
