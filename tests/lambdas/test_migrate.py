"""``migrate``: what ``terraform apply`` invokes."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from backend.adapters.secrets import SecretUnavailable
from backend.bootstrap_lambda import make_secrets
from backend.entrypoints import lambda_migration
from backend.settings import Settings
from tests.lambdas.account import CALLBACK_SECRET
from tests.lambdas.conftest import LoadLambdas, MakeAccount
from tests.lambdas.events import Context, body_of, http_event

KEYS = {"callback_secrets", "operator_token", "dashboard_password"}


def _versions(account: Any) -> int:
    return len(account.secrets.list_secret_version_ids(SecretId=account.application_arn)["Versions"])


def test_the_first_migration_fills_the_secret_makes_the_tables_and_opens_the_shop(
    make_account: MakeAccount, load_lambdas: LoadLambdas
) -> None:
    """The second changes nothing, and neither answer holds a secret."""
    account = make_account(filled=False)
    lambdas = load_lambdas(account)

    first = lambdas.migrate({"demo_shop": True}, Context())
    held = account.read(account.application_arn)
    second = lambdas.migrate({"demo_shop": True}, Context())

    products = lambdas.sale(http_event("GET", "/api/products"), Context())
    assert first == {"secrets_made": True, "demo_shop_loaded": True}
    assert second == {"secrets_made": False, "demo_shop_loaded": False}
    assert account.read(account.application_arn) == held
    assert set(held) == KEYS
    assert len(set(held.values())) == 3
    assert min(map(len, held.values())) >= 43
    assert len(body_of(products)["products"]) == 5
    assert not any(secret in json.dumps([first, second]) for secret in held.values())


def test_of_two_migrations_at_once_one_fills_the_secret(make_account: MakeAccount) -> None:
    account = make_account(filled=False)
    settings = Settings(
        AWS_ENDPOINT_URL=account.endpoint_url, AWS_ACCESS_KEY_ID="", secrets_arn=account.application_arn
    )
    vaults = [make_secrets(settings) for _ in range(2)]

    def fill(number: int) -> bool:
        made = {"callback_secrets": f"a-secret-made-by-{number}"}
        return vaults[number].fill(account.application_arn, made, version=lambda_migration.FIRST_VERSION)

    with ThreadPoolExecutor() as pool:
        won = list(pool.map(fill, range(2)))

    assert sorted(won) == [False, True]
    assert account.read(account.application_arn) == {"callback_secrets": f"a-secret-made-by-{won.index(True)}"}


def test_a_secret_that_somebody_filled_is_left_alone(make_account: MakeAccount, load_lambdas: LoadLambdas) -> None:
    account = make_account()

    answer = load_lambdas(account).migrate({}, Context())

    assert answer == {"secrets_made": False, "demo_shop_loaded": False}
    assert account.read(account.application_arn)["callback_secrets"] == CALLBACK_SECRET


def test_rights_that_come_late_are_waited_for(
    make_account: MakeAccount, load_lambdas: LoadLambdas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """IAM is eventually consistent: a new role may be refused for some seconds."""
    monkeypatch.setattr(lambda_migration, "PAUSE_SECONDS", 0)
    lambdas = load_lambdas(make_account())
    read, refusals = lambdas.vault.read, iter(range(2))

    def refused_twice(arn: str, *, anew: bool = False) -> Any:
        if next(refusals, None) is not None:
            raise SecretUnavailable(f"{arn}: AccessDeniedException")
        return read(arn, anew=anew)

    monkeypatch.setattr(lambdas.vault, "read", refused_twice)

    assert lambdas.migrate({"demo_shop": False}, Context())["secrets_made"] is False
    assert next(refusals, None) is None


def test_a_migration_that_fails_raises_so_that_the_apply_stops(
    make_account: MakeAccount, load_lambdas: LoadLambdas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lambda_migration, "PATIENCE_SECONDS", 0)
    account = make_account()
    lambdas = load_lambdas(account)
    account.secrets.delete_secret(SecretId=account.login_arn, ForceDeleteWithoutRecovery=True)

    with pytest.raises(Exception, match=account.login_arn):
        lambdas.migrate({"demo_shop": True}, Context())


def test_a_wish_that_is_neither_true_nor_false_is_refused(
    make_account: MakeAccount, load_lambdas: LoadLambdas
) -> None:
    """The text "false" would count as true."""
    with pytest.raises(TypeError, match="demo_shop"):
        load_lambdas(make_account()).migrate({"demo_shop": "false"}, Context())
