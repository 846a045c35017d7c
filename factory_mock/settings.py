"""The only reader of the environment in this program."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from factory_mock.callback_hosts import host_as_compared

PREFIX = "FACTOAUTO_"
_HOST_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?")
_FRAME_ANCESTOR = re.compile(r"'self'|https?://[A-Za-z0-9.*-]+(:(\d{1,5}|\*))?")
_OPERATOR = re.compile(r"(?:(?P<name>[A-Za-z0-9._-]{1,64}):)?(?P<token>[A-Za-z0-9._~+/=-]+)")


class SettingsError(Exception):
    """A setting has a wrong value; the message is one line that names it and says what it should be."""


def _words(value: Any) -> Any:
    """Split a comma-separated list; anything that is not text is left for the type to judge."""
    return tuple(word.strip() for word in value.split(",")) if isinstance(value, str) else value


def _address(value: str) -> str:
    return str(ipaddress.ip_address("127.0.0.1" if value == "localhost" else value))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _callback_hosts(words: tuple[str, ...]) -> tuple[str, ...]:
    hosts = tuple(host_as_compared(word) for word in words)
    if not all(_is_address(host) or _HOST_NAME.fullmatch(host) for host in hosts):
        raise ValueError("not a list of hosts")
    return hosts


def _frame_ancestors(words: tuple[str, ...]) -> tuple[str, ...]:
    if not all(_FRAME_ANCESTOR.fullmatch(word) for word in words):
        raise ValueError("not a list of origins")
    return words


def _operator_tokens(secret: SecretStr) -> SecretStr:
    if not all(_OPERATOR.fullmatch(word) for word in _words(secret.get_secret_value())):
        raise ValueError("not a list of tokens")
    return secret


class Settings(BaseSettings):
    """Everything that may be set from outside. Each description says what the value should be."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    host: Annotated[str, AfterValidator(_address)] = Field(
        "127.0.0.1", description="the IP address to listen on, or localhost"
    )
    factory_port: int = Field(8001, ge=1, le=65535, description="a port from 1 to 65535")
    lead_time_seconds: float = Field(
        3.0, ge=0, le=86_400, allow_inf_nan=False, description="the production time, from 0 to 86400 seconds"
    )
    factory_order_file: Path | None = Field(
        None, description="a file in which orders outlive the factory; without one they do not"
    )
    callback_hosts: Annotated[
        tuple[str, ...], NoDecode, BeforeValidator(_words), AfterValidator(_callback_hosts)
    ] = Field(
        ("127.0.0.1", "::1", "localhost"),
        description="the hosts that the factory may call back: names or addresses, comma-separated",
    )
    frame_ancestors: Annotated[
        tuple[str, ...], NoDecode, BeforeValidator(_words), AfterValidator(_frame_ancestors)
    ] = Field(
        ("'self'", "http://127.0.0.1:*", "http://localhost:*"),
        description="the origins that may show the documents in a frame, comma-separated",
    )
    operator_token: Annotated[SecretStr, AfterValidator(_operator_tokens)] | None = Field(
        None, description="bearer tokens, newest first, comma-separated, each `token` or `name:token`"
    )
    operator_token_file: Path | None = Field(None, description="a file that holds operator tokens")
    var_dir: Path = Field(
        Path("var"), description="the folder whose file `operator_token` is used when no token is set"
    )
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(lambda v: str(v).upper())
    ] = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    @model_validator(mode="before")
    @classmethod
    def _take_the_token_from_its_file(cls, values: dict[str, Any]) -> dict[str, Any]:
        named = values.get("operator_token_file")
        path = Path(named) if named else Path(values.get("var_dir") or "var") / "operator_token"
        if values.get("operator_token") or not (named or path.is_file()):
            return values
        try:
            token = path.read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise ValueError(f"{PREFIX}OPERATOR_TOKEN_FILE: {path} cannot be read") from error
        return {**values, "operator_token": token}

    def operators(self) -> tuple[tuple[str, str], ...]:
        """Return the (name, token) pairs of the operators, newest first; empty if none is configured."""
        if self.operator_token is None:
            return ()
        matches = [_OPERATOR.fullmatch(word) for word in _words(self.operator_token.get_secret_value())]
        return tuple((match["name"] or "operator", match["token"]) for match in matches if match)


def load_settings() -> Settings:
    """Read and validate the whole environment.

    Raises SettingsError, whose one line names every wrong setting and what it should be.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("; ".join(dict.fromkeys(map(_explain, error.errors())))) from None


def _explain(error: Any) -> str:
    if not error["loc"]:
        return str(error["msg"]).removeprefix("Value error, ")
    name = str(error["loc"][0])
    expected = f"{PREFIX}{name.upper()} should be {Settings.model_fields[name].description}"
    if name == "operator_token":  # a secret, even a misspelt one, is not repeated
        return expected
    value = error["input"]
    return f"{expected}; it is {','.join(value) if isinstance(value, tuple) else value!r}"
