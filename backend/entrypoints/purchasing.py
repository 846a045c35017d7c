"""From a request to the purchase service, for the original's call and today's alike."""

import hashlib
import re

import orjson
from flask import abort, request

from backend.domain.sale import PurchaseRequest
from backend.entrypoints.api_document import PARAMETERS
from backend.entrypoints.current import current_group_commit
from backend.entrypoints.problems import field_problem
from backend.services import clock
from backend.services.purchase import PurchaseAnswer

IDEMPOTENCY_KEY = "Idempotency-Key"
VISIBLE_ASCII = re.compile(r"[\x21-\x7e]{1,128}")

IDEMPOTENCY_KEY_PARAMETER = {
    PARAMETERS: [
        {
            "name": IDEMPOTENCY_KEY,
            "in": "header",
            "required": False,
            "description": "a repeat with the same key gets the first answer back; remembered for a day",
            "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": r"^[\x21-\x7e]+$"},
        }
    ]
}


def read_idempotency_key() -> str | None:
    """The request's idempotency key, or None; a malformed one is answered 422."""
    key = request.environ.get("HTTP_IDEMPOTENCY_KEY")  # headers.get() raises within where there is none
    if key is not None and not VISIBLE_ASCII.fullmatch(key):
        abort(field_problem(field=IDEMPOTENCY_KEY, detail="must be 1 to 128 visible ASCII characters"))
    return key


def hash_request(*parts: object) -> str:
    """What tells one body from another under the same idempotency key: SHA-256, hexadecimal."""
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


def buy(
    *,
    sku: str,
    quantity: int,
    factory_id: str | None = None,
    subject: str | None = None,
    message: str | None = None,
) -> PurchaseAnswer:
    """Sell ``quantity`` units of a product to this request's customer.

    Raises:
        PurchaseRefused, DatabaseUnavailable: see ``backend.services.purchase.sell``.
        TooManyWaiting: see ``backend.entrypoints.group_commit``.
    """
    key = read_idempotency_key()
    wanted = PurchaseRequest(
        id=clock.new_id(),
        sku=sku,
        quantity=quantity,
        factory_id=factory_id,
        idempotency_key=key,
        request_hash=hash_request(sku, quantity, factory_id, subject, message) if key else None,
        subject=subject,
        message=message,
    )
    answer = current_group_commit().buy(wanted)
    if isinstance(answer, Exception):
        raise answer
    return answer
