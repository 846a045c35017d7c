"""The protections: what each promises, where it is, how to take it out, and the test that then fails."""

from dataclasses import dataclass

SERVICES = "tests/integration/services"
MESSAGING = "tests/integration/messaging"
CONSTRAINTS = "tests/integration/store/test_constraints.py"
TABLES = "backend/store/migrations/versions/0001_the_first_tables.py"


@dataclass(frozen=True)
class Protection:
    """One protection. ``there`` is a piece of ``file`` that occurs once; ``gone`` stands there without it."""

    promise: str
    protection: str
    file: str
    there: str
    gone: str
    test: str


PROTECTIONS = [
    Protection(
        "1 never oversell",
        "the product is locked before it is read",
        "backend/store/products.py",
        "    .with_for_update()\n)\n",
        ")\n",
        f"{SERVICES}/test_rush.py::test_a_rush_never_sells_more_than_there_is",
    ),
    Protection(
        "1 never oversell",
        "SQLite takes its write lock when a transaction begins",
        "backend/store/engine.py",
        '"BEGIN" if read_only else "BEGIN IMMEDIATE"',
        '"BEGIN"',
        f"{SERVICES}/test_rush.py::test_a_rush_never_sells_more_than_there_is",
    ),
    Protection(
        "1 never oversell",
        "the write says `WHERE on_hand >= :n`",
        "backend/store/products.py",
        ".where(product.c.sku.in_(skus), product.c.on_hand >= -moved)",
        ".where(product.c.sku.in_(skus))",
        f"{CONSTRAINTS}::test_a_shelf_gives_no_more_than_it_has_even_to_who_did_not_look",
    ),
    Protection(
        "1 never oversell",
        "`CHECK (on_hand >= 0)`",
        TABLES,
        'sa.CheckConstraint("on_hand >= 0"',
        'sa.CheckConstraint("on_hand >= -99"',
        f"{CONSTRAINTS}::test_a_row_that_cannot_be_is_refused_by_the_database",
    ),
    Protection(
        "2 the ledger is the truth",
        "a sale writes its movement in the same transaction",
        "backend/services/sale_writing.py",
        "    _move_stock(transaction, decisions=decisions, now=now)\n",
        "    _move_stock(transaction, decisions=decisions[1:], now=now)\n",
        f"{SERVICES}/test_selling.py::test_ten_are_sold_and_the_eleventh_customer_makes_the_order",
    ),
    Protection(
        "2 the ledger is the truth",
        "a receipt writes its movement in the same transaction",
        "backend/services/receive.py",
        "    add_movements(transaction, [receipt], now=now)\n",
        "    _ = receipt\n",
        f"{SERVICES}/test_receiving.py::test_a_delivery_is_put_on_the_shelf_and_closes_its_order",
    ),
    Protection(
        "2 the ledger is the truth",
        "`factoauto reconcile` compares shelf and ledger",
        "backend/services/reconcile.py",
        "            found = list_drift(transaction)\n",
        "            found = list_drift(transaction)[:0]\n",
        "tests/operations/test_command_line.py::test_reconcile_finds_a_ledger_that_does_not_add_up",
    ),
    Protection(
        "3 never lose a shortage",
        "the message is written with the replenishment",
        "backend/services/replenish.py",
        "    add_message(transaction, message, now=now)\n",
        "    _ = message\n",
        f"{SERVICES}/test_rush.py::test_a_hundred_refused_customers_make_one_order_and_one_message",
    ),
    Protection(
        "3 never lose a shortage",
        "the sweep publishes again what the broker forgot",
        "backend/services/sweep.py",
        "        for one in still:\n",
        "        for one in still[:0]:\n",
        f"{MESSAGING}/test_sweep.py::"
        "test_a_message_that_the_broker_lost_is_published_again_once_though_sweeps_run_at_once",
    ),
    Protection(
        "3 never lose a shortage",
        "the sweep asks the factory again for what is late",
        "backend/services/sweep.py",
        "    if not claimed:\n",
        "    if claimed:\n",
        f"{MESSAGING}/test_sweep.py::test_a_late_order_is_asked_for_again_once_though_sweeps_run_at_once",
    ),
    Protection(
        "3 never lose a shortage",
        "the sweep runs though the queue is away",
        "backend/entrypoints/worker.py",
        "    every = parts.settings.sweep_seconds\n",
        "    every = parts.settings.sweep_seconds\n    parts.queue.depth()\n",
        f"{MESSAGING}/test_sweep.py::test_a_late_order_is_asked_for_again_while_the_queue_is_away",
    ),
    Protection(
        "3 never lose a shortage",
        "a claim on the outbox runs out when its relay died",
        "backend/store/outbox.py",
        "or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= now)",
        "or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until < outbox.c.created_at)",
        f"{MESSAGING}/test_relay.py::test_a_relay_that_died_with_a_message_in_hand_leaves_it_to_the_next",
    ),
    Protection(
        "3 never lose a shortage",
        "a message that failed is left on the queue",
        "backend/entrypoints/worker.py",
        "            parts.queue.show_again_in(record, seconds=verdict.seconds)\n",
        "            parts.queue.delete(record)\n",
        f"{MESSAGING}/test_worker.py::test_a_failure_is_an_attempt_with_its_reason_and_the_next_attempt_may_succeed",
    ),
    Protection(
        "4 never order twice",
        "`open_key` is unique",
        TABLES,
        '        sa.UniqueConstraint("open_key", name="uq_replenishment_open_key"),\n',
        "",
        f"{CONSTRAINTS}::test_a_product_has_one_open_order_even_from_who_did_not_look",
    ),
    Protection(
        "4 never order twice",
        "who runs short looks for the open order first",
        "backend/services/purchase.py",
        "return list_open_replenishments(transaction, at_risk) if at_risk else {}",
        "return {}",
        f"{SERVICES}/test_selling.py::test_everybody_refused_while_an_order_is_open_waits_for_that_order",
    ),
    Protection(
        "4 never order twice",
        "the order carries the replenishment's id as its key",
        "backend/adapters/factory.py",
        '                    "Idempotency-Key": idempotency_key,\n',
        "",
        f"{MESSAGING}/test_worker.py::test_duplicates_are_ordered_once",
    ),
    Protection(
        "4 never order twice",
        "a relay claims what it publishes",
        "backend/store/outbox.py",
        "claimed.values(claimed_until=now + lease)",
        "claimed.values(claimed_until=None)",
        f"{MESSAGING}/test_relay.py::test_relays_at_once_publish_everything_and_nothing_twice",
    ),
    Protection(
        "4 never order twice",
        "a message whose order is placed or closed orders nothing",
        "backend/services/order.py",
        "if replenishment is None or replenishment.status not in NOT_YET_ORDERED:",
        "if replenishment is None:",
        f"{MESSAGING}/test_worker.py::test_a_message_whose_order_is_closed_is_deleted_and_nothing_ordered",
    ),
    Protection(
        "4 never order twice",
        "transitions are guarded by the status before",
        "backend/store/replenishments.py",
        "update(replenishment).where(condition, replenishment.c.status.in_(statuses), *others)",
        "update(replenishment).where(condition, *others)",
        f"{MESSAGING}/test_worker.py::test_a_delivery_that_outruns_the_answer_to_the_order_is_kept",
    ),
    Protection(
        "5 never receive twice",
        "a delivery that came before changes nothing",
        "backend/services/receive.py",
        "            if not _is_repeat(transaction, arrival=arrival):\n",
        "            if True:\n",
        f"{SERVICES}/test_receiving.py::test_a_part_repeated_in_between_is_not_counted_again",
    ),
    Protection(
        "5 never receive twice",
        "`(replenishment_id, delivery_id)` is unique",
        TABLES,
        '        sa.UniqueConstraint("replenishment_id", "delivery_id", '
        'name="uq_delivery_replenishment_id_delivery_id"),\n',
        "",
        f"{CONSTRAINTS}::test_a_delivery_is_written_once_even_by_who_did_not_look",
    ),
    Protection(
        "5 never receive twice",
        "no more than was ordered is taken in",
        "backend/domain/delivery.py",
        "    if quantity > replenishment.outstanding:\n",
        "    if quantity > replenishment.outstanding + 99:\n",
        f"{SERVICES}/test_receiving.py::test_more_than_was_ordered_is_refused_and_nothing_is_written",
    ),
    Protection(
        "5 never receive twice",
        "a closed order takes nothing in",
        "backend/services/receive.py",
        "    if not replenishment.is_open:\n",
        "    if False:\n",
        f"{SERVICES}/test_receiving.py::test_a_delivery_for_a_closed_order_is_noted_and_changes_no_stock",
    ),
    Protection(
        "6 same key, same answer",
        "keys seen before are looked up",
        "backend/services/purchase.py",
        "    keys = [request.idempotency_key for request in requests if request.idempotency_key]\n",
        "    keys: list[str] = []\n",
        f"{SERVICES}/test_selling.py::test_a_key_seen_before_gets_its_first_answer_whatever_the_shelf_says_now",
    ),
    Protection(
        "6 same key, same answer",
        "`idempotency_key` is unique",
        TABLES,
        '        sa.UniqueConstraint("idempotency_key", name="uq_purchase_idempotency_key"),\n',
        "",
        f"{SERVICES}/test_selling_lists.py::"
        "test_a_key_taken_by_somebody_just_now_spoils_nothing_for_the_rest_of_the_list",
    ),
    Protection(
        "6 same key, same answer",
        "the body's hash is compared",
        "backend/services/purchase.py",
        "        if before and before.request_hash != request.request_hash:\n",
        "        if False:\n",
        f"{SERVICES}/test_selling.py::test_a_key_with_another_body_is_refused",
    ),
    Protection(
        "6 same key, same answer",
        "a list that lost a race for a key is sold one by one",
        "backend/services/purchase.py",
        "    except UniqueViolation:\n        # Another process",
        "    except ZeroDivisionError:\n        # Another process",
        f"{SERVICES}/test_selling_lists.py::"
        "test_a_key_taken_by_somebody_just_now_spoils_nothing_for_the_rest_of_the_list",
    ),
    Protection(
        "6 same key, same answer",
        "after a lost COMMIT our own ids are looked for",
        "backend/services/purchase.py",
        "look_for_own_ids=attempt.retry_state.attempt_number > 1",
        "look_for_own_ids=False",
        f"{SERVICES}/test_lost_connections.py::test_a_sale_is_counted_once_and_answered_rightly",
    ),
    Protection(
        "7 no lock across the network",
        "the order is placed outside of every transaction",
        "backend/services/order.py",
        "            place(factory=factory, replenishment=replenishment, shop=shop)\n",
        "            with database.snapshot():\n"
        "                place(factory=factory, replenishment=replenishment, shop=shop)\n",
        f"{MESSAGING}/test_no_lock_across_the_network.py::test_no_transaction_is_open_while_the_factory_is_asked",
    ),
    Protection(
        "7 no lock across the network",
        "the message is published outside of every transaction",
        "backend/services/relay.py",
        "        published += _publish(",
        "        with database.snapshot():\n            published += _publish(",
        f"{MESSAGING}/test_no_lock_across_the_network.py::test_no_transaction_is_open_while_aws_is_asked",
    ),
    Protection(
        "8 nobody forges a delivery",
        "the signature is checked before the body is read",
        "backend/entrypoints/blueprints/callbacks.py",
        "@blueprint.before_request\n",
        "",
        "tests/integration/http/test_callbacks.py::test_a_missing_or_forged_signature_is_refused",
    ),
    Protection(
        "8 nobody forges a delivery",
        "a signature is good for its own order only",
        "backend/domain/signature.py",
        "hmac.new(secret.encode(), _bytes(replenishment_id), hashlib.sha256)",
        'hmac.new(secret.encode(), b"", hashlib.sha256)',
        "tests/integration/http/test_callbacks.py::test_a_signature_for_another_order_is_refused",
    ),
    Protection(
        "one fault, one victim",
        "a message that cannot be read becomes a dead letter, alone",
        "backend/services/order.py",
        "receive_count=receive_count)\n        return _try_again(receive_count=receive_count, draw=draw)\n    if",
        "receive_count=receive_count)\n        return Handled()\n    if",
        f"{MESSAGING}/test_worker.py::test_what_is_no_message_of_ours_is_a_dead_letter_alone",
    ),
    Protection(
        "one fault, one victim",
        "each message has a hand of its own",
        "backend/entrypoints/worker.py",
        "            hands.do(partial(_handle, parts, record))\n            busy += 1\n",
        "            _handle(parts, record)\n",
        f"{MESSAGING}/test_worker.py::test_an_order_that_the_factory_is_slow_to_take_keeps_no_other_waiting",
    ),
    Protection(
        "one fault, one victim",
        "a loop of the worker goes on after a fault",
        "backend/entrypoints/worker.py",
        "        except (DatabaseUnavailable, QueueUnavailable) as error:\n            if waiting",
        "        except ZeroDivisionError as error:\n            if waiting",
        "tests/unit/entrypoints/test_worker.py::test_a_loop_says_once_that_it_waits_and_once_that_it_goes_on",
    ),
    Protection(
        "one fault, one victim",
        "a batch that failed is sold one by one",
        "backend/entrypoints/group_commit.py",
        "            if len(batch) == 1:\n                batch[0].error = error\n                return\n",
        "            for waiting in batch:\n                waiting.error = error\n            return\n",
        "tests/unit/entrypoints/test_group_commit.py::test_who_spoils_a_batch_does_not_spoil_it_for_the_others",
    ),
    Protection(
        "one fault, one victim",
        "the victim of a deadlock is tried again",
        "backend/store/unit_of_work.py",
        "1205, 1213, 1290",
        "1205, 1290",
        f"{SERVICES}/test_locks.py::test_the_victim_of_a_deadlock_is_tried_again",
    ),
    Protection(
        "one fault, one victim",
        "a server ends with the process that started it",
        "backend/entrypoints/serve.py",
        "    _end_with_parent()\n    from backend",
        "    from backend",
        "tests/integration/test_serve.py::test_no_worker_serves_on_after_its_master_was_killed",
    ),
]
