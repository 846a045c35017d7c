"""Secrets: read, remembered, rotated, missing."""

from types import ModuleType

import pytest
from botocore.exceptions import EndpointConnectionError

from backend.adapters import secrets
from backend.adapters.secrets import SecretEmpty, SecretUnavailable, SecretUnreadable
from tests.integration.served import callback_path
from tests.integration.till import Till
from tests.lambdas.account import CALLBACK_SECRET, OPERATOR_TOKEN, Account
from tests.lambdas.conftest import LoadLambdas, MakeAccount
from tests.lambdas.events import SWEEP_SECONDS, Context, http_event
from tests.lambdas.tls_database import TlsDatabase

READY = http_event("GET", "/readyz")


def _status(lambdas: ModuleType) -> int:
    status: int = lambdas.sale(READY, Context())["statusCode"]
    return status


def test_a_rotated_database_password_is_picked_up_by_a_warm_function(
    make_account: MakeAccount, load_lambdas: LoadLambdas, tls_database: TlsDatabase
) -> None:
    """RDS rotates it every seven days, and the function has remembered the old one."""
    tls_database.create_user("rotated", "the-first-password")
    account = make_account(user="rotated", password="the-first-password")
    lambdas = load_lambdas(account)
    lambdas.migrate({}, Context())
    before = _status(lambdas)

    tls_database.change_password("rotated", "the-second-password")
    account.put(account.login_arn, {"username": "rotated", "password": "the-second-password"})
    lambdas.running.parts().database.dispose()  # what a new connection is needed for: a failover, a new copy

    assert (before, _status(lambdas)) == (200, 200)


def test_a_password_that_stays_wrong_is_tried_once_more_and_not_for_ever(
    make_account: MakeAccount, load_lambdas: LoadLambdas
) -> None:
    account = make_account()
    lambdas = load_lambdas(account)
    lambdas.migrate({}, Context())
    account.put(account.login_arn, {"username": "factoauto", "password": "wrong"})
    lambdas.vault.read(account.login_arn, anew=True)

    with pytest.raises(Exception, match="Access denied"):
        lambdas.sweep({}, Context(timeout_seconds=SWEEP_SECONDS))


def test_a_new_callback_secret_holds_when_the_old_one_was_remembered_long_enough(
    lambdas: ModuleType,
    account: Account,
    till: Till,
    sku: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of the two, both are good: orders under way carry the old one."""
    order = till.restock(sku=sku).replenishment.id
    path = callback_path(order, secret="a-brand-new-callback-secret")
    event = http_event("POST", path, body={"MessageAttributeProductCnt": 1})
    held = account.read(account.application_arn)
    account.put(
        account.application_arn, {**held, "callback_secrets": f"a-brand-new-callback-secret,{CALLBACK_SECRET}"}
    )
    remembered = lambdas.stock_inc(event, Context())["statusCode"]

    lambdas.vault._provider.clear_cache()  # five minutes later

    assert secrets.REMEMBERED_SECONDS == 300
    assert (remembered, lambdas.stock_inc(event, Context())["statusCode"]) == (401, 200)
    account.put(account.application_arn, held)
    lambdas.vault._provider.clear_cache()


@pytest.mark.parametrize(
    "value",
    [
        {"callback_secrets": CALLBACK_SECRET},
        {"callback_secrets": CALLBACK_SECRET, "operator_token": ""},
        {"callback_secrets": "short", "operator_token": OPERATOR_TOKEN},
    ],
    ids=["a token is missing", "a token is empty", "a secret is too short"],
)
def test_a_secret_without_what_is_needed_stops_the_function_and_is_not_told(
    make_account: MakeAccount, load_lambdas: LoadLambdas, value: dict[str, str]
) -> None:
    account = make_account()
    account.put(account.application_arn, value)

    with pytest.raises(SecretUnreadable, match=account.application_arn) as raised:
        load_lambdas(account).sale(READY, Context())

    assert not any(secret and secret in str(raised.value) for secret in value.values())


def test_a_secret_that_is_no_json_is_not_told_either(make_account: MakeAccount, load_lambdas: LoadLambdas) -> None:
    account = make_account()
    account.secrets.put_secret_value(SecretId=account.application_arn, SecretString="hunter2-hunter2")

    with pytest.raises(SecretUnreadable) as raised:
        load_lambdas(account).sale(READY, Context())

    assert "hunter2" not in str(raised.value)


def test_while_secrets_manager_is_away_a_warm_function_goes_on_with_what_it_read(
    make_account: MakeAccount, load_lambdas: LoadLambdas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asks again from time to time, and not on every customer's time."""
    lambdas = load_lambdas(make_account())
    lambdas.migrate({}, Context())
    asked: list[str] = []

    def be_away(name: str, **options: object) -> str:
        asked.append(name)
        raise EndpointConnectionError(endpoint_url="https://secretsmanager")

    monkeypatch.setattr(lambdas.vault._provider, "_get", be_away)
    lambdas.vault._provider.clear_cache()  # five minutes later

    assert [_status(lambdas) for _ in range(3)] == [200] * 3
    assert len(asked) == len(set(asked)) == 2


def test_an_empty_secret_is_told_apart_from_one_that_cannot_be_read(
    make_account: MakeAccount, load_lambdas: LoadLambdas, monkeypatch: pytest.MonkeyPatch
) -> None:
    lambdas = load_lambdas(make_account(filled=False))
    with pytest.raises(SecretEmpty):
        lambdas.sale(READY, Context())

    monkeypatch.setattr(lambdas.vault._client.meta.events, "_emitter", None)  # no call leaves this client
    with pytest.raises(SecretUnavailable):
        lambdas.sale(READY, Context())
