"""The only reader of the environment: where the backend is, and who may look and act."""

import os
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRETS = ("operator_token", "dashboard_password")


class WrongSettings(Exception):
    """A setting is missing or wrong; the text has one line for each, with what it should be."""


def _http_url(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return value.rstrip("/")


Port = Annotated[int, Field(ge=1, le=65535)]
HttpUrl = Annotated[str, AfterValidator(_http_url)]


class Settings(BaseSettings):
    """What the environment says, with the defaults of a laptop."""

    model_config = SettingsConfigDict(
        env_prefix="FACTOAUTO_", frozen=True, extra="ignore", env_ignore_empty=True, validate_default=True
    )

    var_dir: Path = Path("var")
    host: str = "127.0.0.1"
    backend_port: Port = 8000
    factory_port: Port = 8001
    backend_url: HttpUrl = Field(default_factory=lambda data: _loopback(data, "backend_port"))
    public_url: HttpUrl = Field(default_factory=lambda data: data["backend_url"])
    factory_url: HttpUrl = Field(default_factory=lambda data: _loopback(data, "factory_port"))
    factory_public_url: HttpUrl = Field(default_factory=lambda data: data["factory_url"])
    factory_document_url: HttpUrl | None = None
    operator_token: str = Field(default="", repr=False)
    dashboard_password: str = Field(default="", repr=False)
    simulator: bool = False

    def bearer_token(self) -> str:
        """The first operator's token without its name; empty when none is configured."""
        return self.operator_token.split(",")[0].rpartition(":")[2].strip()


@cache
def load() -> Settings:
    """The settings of this process, read once.

    Raises:
        WrongSettings: a variable is wrong; the text names each and what it should be.
    """
    return read()


def load_or_exit() -> Settings:
    """As ``load``; where the environment is wrong, say how and end the process."""
    try:
        return load()
    except WrongSettings as error:
        sys.exit(str(error))


def read() -> Settings:
    """The settings that the environment holds now, with secrets from files where it names them.

    Raises:
        WrongSettings: as for ``load``.
    """
    try:
        return Settings(**_secrets(os.environ))
    except ValidationError as error:
        own = [problem for problem in error.errors() if problem["type"] != "default_factory_not_called"]
        raise WrongSettings("\n".join(_explain(problem) for problem in own)) from None


def _loopback(data: Mapping[str, Any], port: str) -> str:
    host = "127.0.0.1" if data.get("host") == "0.0.0.0" else data.get("host")  # noqa: S104 - compared
    return f"http://{host}:{data.get(port)}"


def _secrets(environment: Mapping[str, str]) -> dict[str, Any]:
    """Each secret from ``X``, else the file that ``X_FILE`` names, else the token that ``factoauto up`` made."""
    found: dict[str, Any] = {}
    made_by_up = Path(environment.get("FACTOAUTO_VAR_DIR") or "var") / "operator_token"
    for name in SECRETS:
        variable = f"FACTOAUTO_{name.upper()}"
        if environment.get(variable):
            continue
        if path := environment.get(f"{variable}_FILE"):
            found[name] = _read(variable, Path(path))
        elif name == "operator_token" and made_by_up.is_file():
            found[name] = _read(variable, made_by_up)
    return found


def _read(variable: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise WrongSettings(f"{variable}: {path} cannot be read: {error.strerror}") from error


def _explain(problem: Any) -> str:
    name = str(problem["loc"][0]) if problem["loc"] else "settings"
    shown = "" if name in SECRETS else f" (it is {problem['input']!r})"
    return f"FACTOAUTO_{name.upper()}: {problem['msg'].removeprefix('Value error, ')}{shown}"
