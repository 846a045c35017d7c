"""What a backend logs, at its most talkative: neither secrets nor what people wrote."""

from backend.domain import signature
from tests.integration.served import JSON, OLD_SECRET, SECRET, TOKEN, Served


def test_no_log_line_has_a_secret_a_signature_a_token_or_a_body(served: Served, sku: str, order: str) -> None:
    words = ("급해요-subject", "도넛이-없어요-message", "a-field-nobody-knows")
    for _ in range(11):
        served.send(sku, subject=words[0], message=words[1], other=words[2])
    served.send(sku, subject=f"{words[0]}\n")
    served.call("POST", "/send", body=f'{{"{words[2]}'.encode(), headers=JSON)
    served.restock(sku)
    served.restock(sku, token=f"{TOKEN}-wrong")
    served.deliver(order, 11)
    served.deliver(order, 10, MessageAttributeRequester=words[1])
    served.deliver(order, 10, secret=OLD_SECRET)
    served.deliver(order, 10, secret="a-secret-of-somebody-else")
    forged = signature.sign(replenishment_id=order, secrets=["a-secret-of-somebody-else"])
    signed = [signature.sign(replenishment_id=order, secrets=[secret]) for secret in (SECRET, OLD_SECRET)]

    logged = served.process.output

    assert order in logged, "it does log"
    for secret in (SECRET, OLD_SECRET, TOKEN, forged, *signed, *words, "signature="):
        assert secret not in logged
