"""The safety net of whoever operates the shop: backups, migrations, drift, alerts (docs/operations.md)."""

from tests.protections.protection import Protection

BACKUP = "tests/operations/test_backup.py"
COMMAND_LINE = "tests/operations/test_command_line.py"
MIGRATIONS = "tests/integration/store/test_migrations.py"
RECONCILING = "tests/integration/services/test_reconciling.py"
ALERTS = "tests/integration/services/test_alerts.py"

PROTECTIONS = [
    Protection(
        "a backup is whole",
        "SQLite's backup interface copies it, not the file alone",
        "backend/store/backup.py",
        "            running.backup(copy)  # every page in one step: the copy is of one moment\n",
        "            draft.write_bytes(source.read_bytes())\n",
        f"{BACKUP}::test_a_copy_made_while_customers_buy_is_sound_and_has_what_was_answered_before",
    ),
    Protection(
        "a backup is whole",
        "a copy is examined before it gets its name",
        "backend/store/backup.py",
        "            copied = _examine(copy, path=source)\n",
        "            copied = Copied(products=0, movements=0, drifted=[])\n",
        f"{BACKUP}::test_a_copy_that_is_not_sound_never_gets_its_name",
    ),
    Protection(
        "a backup is whole",
        "a file is replaced only with `--overwrite`",
        "backend/store/backup.py",
        "    if path.exists() and (not overwrite or path.samefile(source)):\n",
        "    if path.exists() and path.samefile(source):\n",
        f"{BACKUP}::test_a_file_that_is_there_is_replaced_only_when_that_is_asked_for",
    ),
    Protection(
        "a restore takes nothing away",
        "everybody else is shut out first",
        "backend/store/backup.py",
        "        _shut_out_others(database, target)\n",
        "",
        f"{BACKUP}::test_a_shop_that_is_running_is_never_written_over",
    ),
    Protection(
        "a restore takes nothing away",
        "what is put back is examined first",
        "backend/store/backup.py",
        "        _examine(copy, path=path)\n",
        "",
        f"{BACKUP}::test_what_is_no_sound_backup_is_not_put_back",
    ),
    Protection(
        "a restore takes nothing away",
        "a database that holds anything goes only with `--overwrite`",
        "backend/store/backup.py",
        "        if not overwrite and database.execute(",
        "        if False and database.execute(",
        f"{BACKUP}::test_what_is_put_back_is_the_shop_of_then",
    ),
    Protection(
        "a migration leaves a whole shop",
        "it waits for an answer as long as it takes, and not a seller's 20 s",
        "backend/store/migrate.py",
        "connections=2, changes_tables=True)",
        "connections=2)",
        f"{MIGRATIONS}::test_on_mariadb_a_migration_that_takes_long_is_waited_for",
    ),
    Protection(
        "a migration leaves a whole shop",
        "going back is asked about",
        "backend/entrypoints/cli.py",
        '        click.confirm("Is there a backup, and shall they go?", abort=True)\n',
        "",
        f"{COMMAND_LINE}::test_going_back_is_asked_about_and_forward_again_is_not",
    ),
    Protection(
        "a repair adds what is missing, once",
        "the product is locked before its ledger is added up",
        "backend/services/reconcile.py",
        "            product = lock_product(transaction, sku)\n",
        "            from backend.store.products import get_product\n\n"
        "            product = get_product(transaction, sku)\n",
        f"{RECONCILING}::test_who_buys_in_the_midst_of_a_repair_waits_for_it",
    ),
    Protection(
        "one fault, one alert",
        "one worker at a time compares and writes",
        "backend/store/alert_checks.py",
        ".where(mine).with_for_update())",
        ".where(mine))",
        f"{ALERTS}::test_several_workers_tell_each_thing_once",
    ),
    Protection(
        "one fault, one alert",
        "what flickers keeps quiet for a while",
        "backend/domain/alert.py",
        "    return max(now, told_at + quiet)\n",
        "    return now\n",
        f"{ALERTS}::test_what_flickers_is_told_once_in_a_quiet_time_with_how_often_it_began",
    ),
    Protection(
        "one fault, one alert",
        "what follows at once is gathered into the next message",
        "backend/store/alert_messages.py",
        "    return written_at is None or written_at <= now - gather\n",
        "    return True\n",
        f"{ALERTS}::test_a_hundred_empty_shelves_are_a_few_messages",
    ),
    Protection(
        "one fault, one alert",
        "the next message is written when all are delivered",
        "backend/store/alert_messages.py",
        "        return False\n    written_at",
        "        pass\n    written_at",
        f"{ALERTS}::test_a_receiver_that_is_back_hears_everything_once_by_the_same_ids",
    ),
    Protection(
        "one fault, one alert",
        "who sends a message has it for himself for a while",
        "backend/store/alert_messages.py",
        "claimed_until=now + lease",
        "claimed_until=now",
        f"{ALERTS}::test_a_worker_that_died_after_sending_is_followed_by_one_that_sends_the_same",
    ),
    Protection(
        "one fault, one alert",
        "a receiver that is down is asked less and less often",
        "backend/services/tell.py",
        "            retry_at = clock() + timedelta(seconds=wait)\n",
        "            retry_at = clock()\n",
        f"{ALERTS}::test_a_receiver_that_does_not_answer_is_asked_less_and_less_often",
    ),
    Protection(
        "one fault, one alert",
        "a message that was not taken is sent again under the same id",
        "backend/services/tell.py",
        "mark_undelivered(transaction, message.id, error=str(error), retry_at=retry_at)",
        "mark_delivered(transaction, message.id, now=retry_at)",
        f"{ALERTS}::test_a_receiver_that_is_back_hears_everything_once_by_the_same_ids",
    ),
]
