"""What ``terraform apply`` has the ``migrate`` Lambda do: fill the secret, bring the tables up to date."""

import secrets as random_secrets

from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from backend.adapters.secrets import SecretEmpty, Secrets, SecretUnavailable
from backend.bootstrap import find_pending_migration, migrate_database, seed_demo_shop
from backend.bootstrap_lambda import load_secrets
from backend.settings import Settings
from backend.store.unit_of_work import DatabaseUnavailable

FIRST_VERSION = "factoauto-secrets-of-the-first-migration"
"""The id of the secret's first version: two migrations at once cannot both make one."""
SECRET_NAMES = ("callback_secrets", "operator_token", "dashboard_password")
PATIENCE_SECONDS = 60
PAUSE_SECONDS = 2


def prepare_shop(configured: Settings, vault: Secrets, *, demo_shop: bool) -> dict[str, bool]:
    """Fill the secret that Terraform made empty, migrate, load the demo shop into an empty shop if asked.

    A role's rights and a new network are not everywhere at once: what they hold up is tried for a minute.

    Raises:
        SecretUnavailable, SecretUnreadable, DatabaseUnavailable: see there; nothing is half done.
    """
    for attempt in _patiently():
        with attempt:
            made = _fill_empty_secret(configured, vault)
    for attempt in _patiently():
        with attempt:
            current = load_secrets(configured, vault, anew=True)
            find_pending_migration(current)
    migrate_database(current)
    return {"secrets_made": made, "demo_shop_loaded": demo_shop and seed_demo_shop(current)}


def _patiently() -> Retrying:
    return Retrying(
        retry=retry_if_exception_type((SecretEmpty, SecretUnavailable, DatabaseUnavailable)),
        stop=stop_after_delay(PATIENCE_SECONDS),
        wait=wait_fixed(PAUSE_SECONDS),
        reraise=True,
    )


def _fill_empty_secret(configured: Settings, vault: Secrets) -> bool:
    """Whether it was empty, and this is what filled it."""
    try:
        vault.read(configured.secrets_arn, anew=True)
    except SecretEmpty:
        made = {name: random_secrets.token_urlsafe(32) for name in SECRET_NAMES}
        return vault.fill(configured.secrets_arn, made, version=FIRST_VERSION)
    return False
