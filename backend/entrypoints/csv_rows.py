"""What a line of a CSV file may hold: text, read as strictly as JSON."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from backend.domain.movement import Kind
from backend.entrypoints import schemas
from backend.entrypoints.queries import flag, whole_number

Empty = BeforeValidator(lambda text: None if text == "" else whole_number(text))
Whole = BeforeValidator(whole_number)


class CsvRow(BaseModel):
    """A line. ``ignored`` are columns that a file may have because an export has them."""

    model_config = ConfigDict(extra="forbid")
    ignored: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def explain_columns(cls, columns: list[str]) -> str | None:
        """What is wrong with a header, or None."""
        missing = [name for name, field in cls.model_fields.items() if field.is_required() and name not in columns]
        unknown = [name for name in columns if name not in cls.model_fields and name not in cls.ignored]
        repeated = sorted({name for name in columns if columns.count(name) > 1})
        wrong = {"missing": missing, "unknown": unknown, "repeated": repeated}
        said = [f"{what} columns: {', '.join(names)}" for what, names in wrong.items() if names]
        return "; ".join(said) or None


class ProductRow(CsvRow):
    """A line of a products file; the same columns as an export has."""

    sku: schemas.Sku
    name: schemas.Line
    name_en: schemas.Line
    price: Annotated[schemas.Price, Whole]
    factory_id: schemas.FactoryId
    on_hand: Annotated[int, Whole, Field(ge=0, le=1_000_000)] = 0
    reorder_point: Annotated[schemas.ReorderPoint, Empty] = None
    lot_size: Annotated[schemas.Units, Whole] = 10
    archived: Annotated[bool, BeforeValidator(flag)] = False


class MovementRow(CsvRow):
    """A line of a movements file: an adjustment or a return."""

    ignored: ClassVar[frozenset[str]] = frozenset({"id", "on_hand_after", "reference", "actor", "created_at"})

    sku: schemas.Sku
    quantity: Annotated[int, Whole, Field(ge=-1_000_000, le=1_000_000)]
    kind: Kind
    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=schemas.NO_CONTROL_CHARACTERS)]
