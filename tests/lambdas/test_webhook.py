"""Who hears of alerts is in the secret, beside the rest; nobody is there unless an operator wrote it."""

from types import ModuleType

import pytest

from tests.lambdas.account import CALLBACK_SECRET, OPERATOR_TOKEN, Account
from tests.lambdas.conftest import LoadLambdas, MakeAccount
from tests.lambdas.events import Context, http_event

URL = "https://chat.example/hooks/shop"
SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def _put(account: Account, **webhook: str) -> None:
    needed = {"callback_secrets": CALLBACK_SECRET, "operator_token": OPERATOR_TOKEN}
    account.put(account.application_arn, {**needed, **webhook})


def test_without_a_webhook_nobody_hears_of_alerts(lambdas: ModuleType) -> None:
    assert lambdas.running.parts().webhook is None


def test_a_webhook_in_the_secret_hears_of_alerts(make_account: MakeAccount, load_lambdas: LoadLambdas) -> None:
    account = make_account()
    _put(account, alert_webhook_url=URL, alert_webhook_secret=SECRET)

    parts = load_lambdas(account).running.parts()

    assert parts.webhook is not None
    assert (parts.settings.alert_webhook_url, parts.settings.alert_webhook_secret) == (URL, (SECRET,))


@pytest.mark.parametrize(
    "webhook",
    [
        {"alert_webhook_url": URL},
        {"alert_webhook_url": URL, "alert_webhook_secret": "hunter2"},
        {"alert_webhook_url": "ftp://hunter2", "alert_webhook_secret": SECRET},
    ],
    ids=["no secret", "a secret of another kind", "no web address"],
)
def test_a_webhook_that_is_wrong_costs_the_alerts_and_not_the_sales(
    make_account: MakeAccount,
    load_lambdas: LoadLambdas,
    capsys: pytest.CaptureFixture[str],
    webhook: dict[str, str],
) -> None:
    account = make_account()
    _put(account, **webhook)
    lambdas = load_lambdas(account)
    lambdas.migrate({}, Context())

    answers = [lambdas.sale(http_event("GET", "/readyz"), Context())["statusCode"] for _ in range(2)]

    printed = "".join(capsys.readouterr())
    assert answers == [200, 200]
    assert lambdas.running.parts().webhook is None
    assert printed.count("no alerts") == 1
    assert "hunter2" not in printed
