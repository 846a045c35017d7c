"""FactoAuto: a shop whose shelves fill themselves.

The path of a purchase, a line for each file that it goes through:

1. ``entrypoints/blueprints/original.py`` (``POST /send``) or ``purchases.py`` (``POST /api/purchases``) reads
   the request by the models of ``schemas.py``; what is wrong is answered by ``problems.py``.
2. ``entrypoints/purchasing.py`` makes a ``PurchaseRequest`` of it, with the idempotency key;
   ``entrypoints/group_commit.py`` puts those of concurrent requests together.
3. ``services/purchase.py`` sells: one transaction of ``store/unit_of_work.py``, the product locked first.
4. ``domain/sale.py`` decides who gets a unit, ``domain/reorder.py`` what is ordered because of it.
5. ``services/sale_writing.py`` writes purchase, shelf, ledger and the sales of the minute (``store/``).
6. Where stock is short, ``services/replenish.py`` writes the replenishment and its outbox row in that very
   transaction.

And from the shortage back to the shelf:

7. ``entrypoints/worker.py`` (or a Lambda) runs ``services/relay.py``, which publishes the outbox through
   ``adapters/sns.py``; SNS hands the message to SQS.
8. The worker receives it (``adapters/sqs.py``) and calls ``services/order.py``, which orders from the factory
   (``adapters/factory.py``) in the words of ``domain/original_wire.py``. What fails is tried again by the
   queue; the fourth failure is a dead letter, which ``services/redrive.py`` puts back.
9. The factory calls ``entrypoints/blueprints/callbacks.py``, which checks the signature
   (``domain/signature.py``) and calls ``services/receive.py``: the shelf fills, once.
10. ``services/sweep.py`` finds what was forgotten on this way; ``services/watch.py`` what somebody has to look
    at, and ``services/tell.py`` tells them.

``settings.py`` alone reads the environment, ``bootstrap.py`` makes the parts, ``entrypoints/cli.py`` is the
``factoauto`` command.
"""
