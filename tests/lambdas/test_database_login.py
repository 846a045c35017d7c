"""The Lambdas' connections to the database are encrypted, and checked where the authorities are known."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.bootstrap import Parts
from backend.bootstrap_lambda import load_secrets, make_secrets
from backend.settings import Settings
from tests.factory_mock.certificates import write_certificate
from tests.lambdas.account import Account
from tests.lambdas.conftest import MakeAccount
from tests.lambdas.tls_database import HOST
from tests.servers.mariadb import MariaDB

CIPHER = "SHOW SESSION STATUS LIKE 'Ssl_cipher'"


@pytest.fixture(scope="module")
def account(make_account: MakeAccount) -> Account:
    """An account of this module's own: nothing is written to it."""
    return make_account()


def _settings(account: Account, **differences: object) -> Settings:
    wanted = {
        "AWS_ENDPOINT_URL": account.endpoint_url,
        "AWS_ACCESS_KEY_ID": "",
        "secrets_arn": account.application_arn,
        "database_secret_arn": account.login_arn,
        "database_host": HOST,
        "database_port": account.database.server.port,
        "database_name": account.database_name,
    }
    return Settings.model_validate({**wanted, **differences})


def _connect(settings: Settings) -> Iterator[str]:
    database = Parts(load_secrets(settings, make_secrets(settings))).database
    try:
        with database._writing.connect() as connection:
            [(_, cipher)] = connection.exec_driver_sql(CIPHER)
            yield cipher
    finally:
        database.dispose()


def test_without_authorities_the_connection_is_encrypted(account: Account) -> None:
    [cipher] = _connect(_settings(account))

    assert cipher


def test_with_the_right_authority_the_connection_is_encrypted(account: Account) -> None:
    [cipher] = _connect(_settings(account, database_ca_file=str(account.database.certificate)))

    assert cipher


def test_with_another_authority_there_is_no_connection(account: Account, tmp_path: Path) -> None:
    other = write_certificate(tmp_path / "other.pem", name=HOST)

    with pytest.raises(Exception, match="CERTIFICATE_VERIFY_FAILED"):
        list(_connect(_settings(account, database_ca_file=str(other))))


def test_a_certificate_of_another_host_is_refused(account: Account) -> None:
    authority = str(account.database.certificate)

    with pytest.raises(Exception, match="CERTIFICATE_VERIFY_FAILED"):
        list(_connect(_settings(account, database_host="127.0.0.1", database_ca_file=authority)))


def test_a_server_without_tls_gets_no_password(account: Account, mariadb: MariaDB) -> None:
    """The driver would fall back to plain text if it were not told otherwise."""
    with pytest.raises(Exception, match="SSL is required"):
        list(_connect(_settings(account, database_host="127.0.0.1", database_port=mariadb.port)))
