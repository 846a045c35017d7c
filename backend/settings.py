"""The only reader of the environment: every setting, validated whole, once, at start.

What ``factoauto up`` makes for a local shop lies in ``FACTOAUTO_VAR_DIR``: a secret is looked up in
``FACTOAUTO_X``, in the file that ``FACTOAUTO_X_FILE`` names, and in the file ``x`` there; first found wins.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from backend.domain.backoff import given_up_after_seconds
from backend.domain.webhook_signature import read_secret

SECRET_FILES = (
    "FACTOAUTO_CALLBACK_SECRETS",
    "FACTOAUTO_OPERATOR_TOKEN",
    "FACTOAUTO_DASHBOARD_PASSWORD",
    "FACTOAUTO_DATABASE_URL",
    "FACTOAUTO_ALERT_WEBHOOK_URL",
    "FACTOAUTO_ALERT_WEBHOOK_SECRET",
)
LOCAL_FILES = ("FACTOAUTO_CALLBACK_SECRETS", "FACTOAUTO_OPERATOR_TOKEN", "AWS_ENDPOINT_URL")
LONGEST_ACTOR = 64
LOOPBACK = ("127.0.0.1", "::1", "localhost")
FRAME_ANCESTOR = re.compile(r"'self'|https?://[A-Za-z0-9.*-]+(:(\d{1,5}|\*))?")


class WrongSettings(Exception):
    """A setting is missing or wrong; the text has one line for each, with what it should be."""


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _http_url(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return value.rstrip("/")


def _http_url_or_none(value: str) -> str:
    return _http_url(value) if value else value


Port = Annotated[int, Field(ge=1, le=65535)]
HttpUrl = Annotated[str, AfterValidator(_http_url)]
CommaSeparated = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
QueueName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,80}$")]


def _default_workers(data: Mapping[str, Any]) -> int:
    """SQLite lets one write at a time; before MySQL two prepare while the other commits (docs/performance.md)."""
    return 1 if str(data.get("database_url")).startswith("sqlite") else 2


def _loopback_and_own(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Whom the factory of ``up`` may call: this machine, and the shop where it says that it is."""
    own = urlsplit(data.get("public_url", "")).hostname
    return tuple(dict.fromkeys((*LOOPBACK, own or LOOPBACK[0])))


def _every_attempt(data: Mapping[str, Any]) -> float:
    """What a message takes through every attempt and every wait, where the consumer receives it at once."""
    return given_up_after_seconds(attempt_seconds=data["factory_timeout_seconds"])


class Settings(BaseSettings):
    """What the environment says, with the defaults of a laptop. Times are seconds."""

    model_config = SettingsConfigDict(
        env_prefix="FACTOAUTO_", frozen=True, extra="ignore", env_ignore_empty=True, validate_default=True
    )

    var_dir: Path = Path("var")
    database_url: str = Field(
        default_factory=lambda data: f"sqlite:///{data['var_dir'] / 'factoauto.db'}", repr=False
    )
    host: str = "127.0.0.1"
    backend_port: Port = 8000
    factory_port: Port = 8001
    dashboard_port: Port = 8501
    aws_port: Port = 4566
    backend_workers: int = Field(default_factory=_default_workers, ge=1, le=64)
    backend_threads: int = Field(default=32, ge=1, le=512)
    proxies: int = Field(default=0, ge=0, le=8)

    aws_endpoint_url: Annotated[str, AfterValidator(_http_url_or_none)] = Field(
        default="", validation_alias="AWS_ENDPOINT_URL"
    )
    aws_access_key_id: str = Field(default="", validation_alias="AWS_ACCESS_KEY_ID", repr=False)
    aws_region: str = Field(
        default="ap-northeast-2", validation_alias=AliasChoices("AWS_REGION", "AWS_DEFAULT_REGION")
    )
    topic_name: QueueName = "stock-empty"
    queue_name: QueueName = "stock-queue"
    dead_letter_queue_name: QueueName = "stock-dead-letter-queue"

    factory_url: HttpUrl = Field(default_factory=lambda data: _own_url(data, "factory_port"))
    factory_timeout_seconds: float = Field(default=10, gt=0, le=60)
    public_url: HttpUrl = Field(default_factory=lambda data: _own_url(data, "backend_port"))
    backend_url: HttpUrl = Field(default_factory=lambda data: data["public_url"])
    callback_hosts: CommaSeparated = Field(default_factory=_loopback_and_own)
    requester: str = Field(default="부산도너츠", min_length=1, max_length=99)
    requester_tel: str = Field(default="", max_length=40)

    frame_ancestors: CommaSeparated = ("'self'", "http://127.0.0.1:*", "http://localhost:*")

    callback_secrets: CommaSeparated = Field(default=(), repr=False)
    operator_token: CommaSeparated = Field(default=(), repr=False)
    dashboard_password: str = Field(default="", repr=False)

    alert_webhook_url: Annotated[str, AfterValidator(_http_url_or_none)] = Field(default="", repr=False)
    alert_webhook_secret: CommaSeparated = Field(default=(), repr=False)
    alert_quiet_seconds: float = Field(default=300, gt=0, le=86_400)
    drift_seconds: float = Field(default=600, gt=0, le=604_800)

    secrets_arn: str = ""
    database_secret_arn: str = ""
    database_host: str = ""
    database_port: Port = 3306
    database_name: str = "factoauto"
    database_ca_file: str = ""

    max_purchase_quantity: int = Field(default=100, ge=1, le=1_000_000)
    sweep_seconds: float = Field(default=10, gt=0, allow_inf_nan=False)
    forgotten_seconds: float = Field(default_factory=_every_attempt, gt=0, allow_inf_nan=False)
    overdue_seconds: float = Field(default=120, gt=0, allow_inf_nan=False)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    simulator: bool = False

    @field_validator("frame_ancestors")
    @classmethod
    def _origins(cls, ancestors: tuple[str, ...]) -> tuple[str, ...]:
        if not ancestors or not all(FRAME_ANCESTOR.fullmatch(one) for one in ancestors):
            raise ValueError("must be 'self' and origins such as https://shop.example.com, comma-separated")
        return ancestors

    @field_validator("callback_secrets")
    @classmethod
    def _long_enough(cls, secrets: tuple[str, ...]) -> tuple[str, ...]:
        if any(len(secret) < 16 for secret in secrets):
            raise ValueError("each secret must have 16 characters or more")
        return secrets

    @field_validator("alert_webhook_secret")
    @classmethod
    def _can_sign(cls, secrets: tuple[str, ...]) -> tuple[str, ...]:
        for secret in secrets:
            read_secret(secret)
        return secrets

    @field_validator("operator_token")
    @classmethod
    def _token_and_name(cls, entries: tuple[str, ...]) -> tuple[str, ...]:
        for name, _, token in (entry.rpartition(":") for entry in entries):
            if not token:  # a bearer of nothing would pass
                raise ValueError("each entry must have a token after the name")
            if len(name) > LONGEST_ACTOR:
                raise ValueError(f"each name must have at most {LONGEST_ACTOR} characters")
        return entries

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "mysql+pymysql://")):
            raise ValueError("must begin with sqlite:/// or mysql+pymysql://")
        return url

    def operators(self) -> dict[str, str]:
        """Token to actor: an entry ``name:token`` names its actor, a bare token is ``operator``."""
        named = (entry.rpartition(":") for entry in self.operator_token)
        return {token: name or "operator" for name, _, token in named}


def load() -> Settings:
    """The settings of this process.

    Raises:
        WrongSettings: a variable is wrong; the text names each and what it should be.
    """
    try:
        return Settings(**_from_files(os.environ))
    except ValidationError as error:
        own = [problem for problem in error.errors() if problem["type"] != "default_factory_not_called"]
        raise WrongSettings("\n".join(_explain(problem) for problem in own)) from None


def require_callback_secrets(settings: Settings) -> None:
    """Refuse to start without the secret that signs callbacks.

    Raises:
        WrongSettings: no callback secret is configured.
    """
    if not settings.callback_secrets:
        raise WrongSettings(
            "FACTOAUTO_CALLBACK_SECRETS: is not set; `factoauto up` makes one, or set your own of 16 "
            "characters or more"
        )


def require_webhook_secret(settings: Settings) -> None:
    """Refuse to start with a webhook whose messages could not be signed.

    Raises:
        WrongSettings: there is a URL, and no secret.
    """
    if settings.alert_webhook_url and not settings.alert_webhook_secret:
        raise WrongSettings(
            "FACTOAUTO_ALERT_WEBHOOK_SECRET: is not set, and FACTOAUTO_ALERT_WEBHOOK_URL is; make one with "
            "`echo whsec_$(openssl rand -base64 32)`"
        )


def url_on_this_machine(*, host: str, port: int) -> str:
    """The URL under which this machine reaches a port of its own, where servers listen on ``host``."""
    reachable = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
    return f"http://{reachable}:{port}"


def _own_url(data: Mapping[str, Any], port: str) -> str:
    return url_on_this_machine(host=data.get("host", ""), port=data.get(port, 0))


def _from_files(environment: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    var_dir = Path(environment.get("FACTOAUTO_VAR_DIR") or "var")
    for variable in {*SECRET_FILES, *LOCAL_FILES}:
        name = variable.removeprefix("FACTOAUTO_").lower()
        field = variable if variable.startswith("AWS") else name
        if variable in environment:
            continue
        if path := environment.get(f"{variable}_FILE"):
            found[field] = _read(variable, Path(path))
        elif variable in LOCAL_FILES and (var_dir / name).is_file():
            found[field] = _read(variable, var_dir / name)
    return found


def _read(variable: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise WrongSettings(f"{variable}: {path} cannot be read: {reason}") from error


def _explain(problem: Any) -> str:
    name = str(problem["loc"][0]) if problem["loc"] else "settings"
    variable = name if name.isupper() else f"FACTOAUTO_{name.upper()}"
    shown = "" if variable in SECRET_FILES else f" (it is {problem['input']!r})"
    return f"{variable}: {problem['msg'].removeprefix('Value error, ')}{shown}"
