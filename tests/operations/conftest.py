"""A shop on a fresh database, and its command line."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from backend.bootstrap import seed_demo_shop
from backend.entrypoints.cli import main
from backend.settings import load
from tests.servers.local_aws import CREDENTIALS

Run = Callable[..., Result]


@pytest.fixture
def run(migrated_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs ``factoauto`` on a fresh database, in a place where nobody listens on AWS's and the factory's ports."""
    environment = {
        **CREDENTIALS,
        "FACTOAUTO_DATABASE_URL": migrated_database_url,
        "FACTOAUTO_VAR_DIR": str(tmp_path / "var"),
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "FACTOAUTO_FACTORY_URL": "http://127.0.0.1:9",
        "FACTOAUTO_CALLBACK_SECRETS": "a-secret-for-tests-only",
        "FACTOAUTO_OPERATOR_TOKEN": "kim:a-token-for-tests-only",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(main, arguments)


@pytest.fixture
def demo_shop(run: Run) -> None:
    """The demo shop's products."""
    assert seed_demo_shop(load())


@pytest.fixture
def connection(migrated_database_url: str, demo_shop: None) -> Iterator[sa.Connection]:
    """A way past the services: what it executes is committed at once."""
    engine = sa.create_engine(migrated_database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as opened:
        yield opened
    engine.dispose()
