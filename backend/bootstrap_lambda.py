"""Secrets Manager to parts: what is put together otherwise in a Lambda than on a laptop."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

import structlog
from botocore.config import Config
from pydantic import ValidationError
from sqlalchemy import URL

from backend.adapters.secrets import TIMEOUTS, Secrets, SecretUnreadable
from backend.bootstrap import Parts, aws_session, client_options
from backend.settings import Settings, WrongSettings, require_webhook_secret
from backend.store.engine import Waits, make_engine
from backend.store.renewed_login import Login, renew_login
from backend.store.unit_of_work import Database

log = structlog.get_logger(__name__)

CONNECTIONS = 2
"""A Lambda handles one event at a time, and each of its transactions takes one; the second is for none to wait."""
WAITS = Waits(connect=2, lock=4, answer=8)
"""So that a customer is told that the database is away before the function's time is up: an API's has 25 seconds
(``terraform/locals.tf``), and the last attempt at a transaction begins within twelve."""
IMPATIENT = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})
"""For what is done on a customer's time: the sweep does it again. Twice, because a connection may have been lost
while the function was frozen."""


@dataclass(frozen=True)
class LambdaParts(Parts):
    """The parts of a Lambda: few connections, whose password somebody else rotates; no patience with AWS."""

    read_login_anew: Callable[[], Login]

    @cached_property
    def database(self) -> Database:
        """The database; a login that is refused is read anew."""
        engine = make_engine(database_url=self.settings.database_url, connections=CONNECTIONS, waits=WAITS)
        engine.hide_parameters = True  # an error's text goes to the log
        renew_login(engine, read_login_anew=self.read_login_anew)
        return Database(engine)

    @cached_property
    def sqs_client(self) -> Any:
        """Of both queues."""
        return self._make_client("sqs")

    @cached_property
    def sns_client(self) -> Any:
        """Of the topic."""
        return self._make_client("sns")

    def _make_client(self, service: Literal["sns", "sqs"]) -> Any:
        return aws_session(self.settings).client(service, **client_options(self.settings, timeouts=IMPATIENT))


def make_secrets(settings: Settings) -> Secrets:
    """Secrets Manager of the settings' region."""
    options = client_options(settings, timeouts=TIMEOUTS)
    return Secrets(client=aws_session(settings).client("secretsmanager", **options))


def load_secrets(settings: Settings, secrets: Secrets, *, anew: bool = False) -> Settings:
    """The settings of a Lambda: its secrets and its database's login come from Secrets Manager.

    Raises:
        SecretEmpty, SecretUnavailable, SecretUnreadable: see there.
    """
    application = secrets.read(settings.secrets_arn, anew=anew)
    user, password = read_login(settings, secrets, anew=anew)
    url = URL.create(
        "mysql+pymysql",
        username=user,
        password=password,
        host=settings.database_host,
        port=settings.database_port,
        database=settings.database_name,
        query={"charset": "utf8mb4", **_tls(settings)},
    )
    return settings.model_copy(
        update={
            **_checked(application, arn=settings.secrets_arn),
            **_webhook(application.get("alert_webhook_url", ""), application.get("alert_webhook_secret", "")),
            "database_url": url.render_as_string(hide_password=False),
            "backend_threads": 1,
        }
    )


def read_login(settings: Settings, secrets: Secrets, *, anew: bool = False) -> Login:
    """User and password of the database.

    Raises:
        SecretEmpty, SecretUnavailable, SecretUnreadable: see there.
    """
    arn = settings.database_secret_arn
    held = secrets.read(arn, anew=anew)
    try:
        return held["username"], held["password"]
    except KeyError as missing:
        raise SecretUnreadable(f"{arn}: has no {missing}") from None


def _tls(settings: Settings) -> dict[str, str]:
    # Either makes the driver refuse a server without TLS; without authorities it takes any certificate.
    return {"ssl_ca": ca} if (ca := settings.database_ca_file) else {"ssl_check_hostname": "false"}


def _checked(application: Mapping[str, str], *, arn: str) -> dict[str, tuple[str, ...]]:
    names = ("callback_secrets", "operator_token")
    if missing := [name for name in names if not application.get(name)]:
        raise SecretUnreadable(f"{arn}: has no {' and no '.join(missing)}")
    try:
        checked = Settings.model_validate({name: application[name] for name in names})
    except ValidationError as error:  # its text holds the value
        wrong = ", ".join(f"{problem['loc'][0]}: {problem['msg']}" for problem in error.errors())
        raise SecretUnreadable(f"{arn}: {wrong}") from None
    return {name: getattr(checked, name) for name in names}


@lru_cache(maxsize=1)  # what is wrong is told once
def _webhook(url: str, secret: str) -> dict[str, str | tuple[str, ...]]:
    """Who hears of alerts. Where that is wrong nobody does, and the shop sells on."""
    if not url and not secret:
        return {}
    try:
        checked = Settings.model_validate({"alert_webhook_url": url, "alert_webhook_secret": secret})
        require_webhook_secret(checked)
    except (ValidationError, WrongSettings):  # the text of the first holds the value
        log.warning("no alerts: alert_webhook_url or alert_webhook_secret is not as it should be")
        return {}
    return {"alert_webhook_url": checked.alert_webhook_url, "alert_webhook_secret": checked.alert_webhook_secret}
