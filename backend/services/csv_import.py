"""Import: products and movements from files, all of a file in one transaction, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from backend.domain.movement import Kind
from backend.domain.shop import Shop
from backend.services.adjust import StockTooHigh, StockTooLow, move_shelf
from backend.services.clock import Clock
from backend.services.operator_record import Operator, find_answer, record
from backend.services.products import NewProduct, write_new_product, write_product_changes
from backend.services.purchase import UnknownProduct
from backend.store.movements import NewMovement
from backend.store.products import lock_products
from backend.store.unit_of_work import Database, Transaction, UniqueViolation, attempts

T = TypeVar("T")
CHANGEABLE = ("name", "name_en", "price", "reorder_point", "lot_size", "archived")
IMPORTABLE = (Kind.ADJUSTMENT, Kind.RETURN)


class ImportRefused(Exception):
    """Lines of the file are wrong, and nothing of it was imported."""

    def __init__(self, errors: Sequence[tuple[int, str]]) -> None:
        super().__init__("; ".join(f"line {line}: {detail}" for line, detail in errors[:20]))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Line(Generic[T]):
    """A line of a file, and its number there; the header is line 1."""

    number: int
    value: T


@dataclass(frozen=True, slots=True)
class ImportedProduct:
    """A product of a file. ``on_hand`` is the opening stock of a new one, and ignored for others.

    ``given`` are the columns that the file has: what it does not name of a product that is there stays.
    """

    sku: str
    name: str
    name_en: str
    price: int
    factory_id: str
    on_hand: int
    reorder_point: int | None
    lot_size: int
    archived: bool
    given: frozenset[str]


@dataclass(frozen=True, slots=True)
class NewMovementLine:
    """An adjustment or a return of a file. ``quantity`` is signed units."""

    sku: str
    quantity: int
    kind: Kind
    reason: str


def import_products(
    *,
    database: Database,
    lines: Sequence[Line[ImportedProduct]],
    operator: Operator,
    shop: Shop,
    clock: Clock,
) -> int:
    """Add the products that are new and change the others; how many lines there were.

    Raises:
        ImportRefused: a line is wrong; nothing was imported.
        DatabaseUnavailable: nothing was imported, or the same file may be imported again.
    """
    _refuse_repeated_skus(lines)
    try:
        for attempt in attempts(uncertain_too=True):
            with attempt, database.unit_of_work() as transaction:
                _write_products(transaction, lines=lines, operator=operator, shop=shop, clock=clock)
                transaction.commit()
    except UniqueViolation as error:
        raise ImportRefused([(1, "somebody added one of these products just now; try again")]) from error
    return len(lines)


def import_movements(
    *,
    database: Database,
    lines: Sequence[Line[NewMovementLine]],
    operator: Operator,
    shop: Shop,
    clock: Clock,
) -> int:
    """Write adjustments and returns, in order; how many there were. A repeat with the same key writes nothing.

    Raises:
        ImportRefused: a line is wrong; nothing was imported.
        IdempotencyKeyReused: see there.
        CommitUncertain: it cannot be told whether the file was imported; only with a key may it be sent again.
        DatabaseUnavailable: nothing was imported.
    """
    try:
        return _import_movements(database=database, lines=lines, operator=operator, shop=shop, clock=clock)
    except UniqueViolation:  # the key was used just now: the second look finds it
        return _import_movements(database=database, lines=lines, operator=operator, shop=shop, clock=clock)


def _import_movements(
    *,
    database: Database,
    lines: Sequence[Line[NewMovementLine]],
    operator: Operator,
    shop: Shop,
    clock: Clock,
) -> int:
    keyless = Operator(actor=operator.actor)
    for attempt in attempts(uncertain_too=operator.idempotency_key is not None):
        with attempt, database.unit_of_work() as transaction:
            lock_products(transaction, [line.value.sku for line in lines])
            if answer := find_answer(transaction, operator):
                return int(answer["imported"])
            errors = [
                (line.number, wrong)
                for line in lines
                if (wrong := _move(transaction, line.value, operator=keyless, shop=shop, clock=clock))
            ]
            if errors:
                raise ImportRefused(errors)
            record(
                transaction,
                operator=operator,
                action="import_movements",
                subject=None,
                detail={"lines": len(lines)},
                shop=shop,
                now=clock(),
                answer={"imported": len(lines)},
            )
            transaction.commit()
    return len(lines)


def _write_products(
    transaction: Transaction,
    *,
    lines: Sequence[Line[ImportedProduct]],
    operator: Operator,
    shop: Shop,
    clock: Clock,
) -> None:
    there = lock_products(transaction, [line.value.sku for line in lines])
    moved = [
        (line.number, f"factory_id: {line.value.sku} is made by {there[line.value.sku].factory_id}")
        for line in lines
        if line.value.sku in there and there[line.value.sku].factory_id != line.value.factory_id
    ]
    if moved:
        raise ImportRefused(moved)
    for line in lines:
        row = line.value
        if row.sku not in there:
            added = NewProduct(
                sku=row.sku,
                name=row.name,
                name_en=row.name_en,
                price=row.price,
                factory_id=row.factory_id,
                on_hand=row.on_hand,
                reorder_point=row.reorder_point,
                lot_size=row.lot_size,
            )
            write_new_product(transaction, added=added, operator=operator, shop=shop, now=clock())
        changes = {name: getattr(row, name) for name in CHANGEABLE if name in row.given}
        if row.sku in there or row.archived:
            write_product_changes(
                transaction, sku=row.sku, changes=changes, operator=operator, shop=shop, now=clock()
            )


def _move(
    transaction: Transaction, row: NewMovementLine, *, operator: Operator, shop: Shop, clock: Clock
) -> str | None:
    """Write one movement; what is wrong with it, if anything."""
    if row.kind not in IMPORTABLE:
        return "kind: must be adjustment or return"
    if row.quantity == 0 or (row.kind is Kind.RETURN and row.quantity < 0):
        return "quantity: must not be 0, and a return must be more"
    moved = NewMovement(
        sku=row.sku,
        quantity=row.quantity,
        on_hand_after=0,
        kind=row.kind,
        reference=None,
        actor=operator.actor,
        reason=row.reason,
    )
    try:
        move_shelf(transaction, moved=moved, operator=operator, shop=shop, clock=clock)
    except (UnknownProduct, StockTooLow, StockTooHigh) as error:
        return str(error)
    return None


def _refuse_repeated_skus(lines: Sequence[Line[ImportedProduct]]) -> None:
    first: dict[str, int] = {}
    repeated = [
        (line.number, f"sku: {line.value.sku} is on line {first[line.value.sku]} already")
        for line in lines
        if first.setdefault(line.value.sku, line.number) != line.number
    ]
    if repeated:
        raise ImportRefused(repeated)
