"""The Lambdas' module as Lambda imports it: with an environment, once for a deployment."""

from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
import uuid_utils

from tests.aws.local_aws import WholeLocalAws
from tests.integration.fake_factory import FakeFactory
from tests.integration.till import Till
from tests.lambdas.account import Account
from tests.lambdas.events import Context
from tests.lambdas.loading import load_module, unload_module
from tests.lambdas.tls_database import TlsDatabase

MakeAccount = Callable[..., Account]
LoadLambdas = Callable[[Account], ModuleType]


@pytest.fixture(scope="session")
def tls_database() -> Iterator[TlsDatabase]:
    """A database that takes connections only over TLS."""
    database = TlsDatabase.start()
    yield database
    database.stop()


@pytest.fixture(scope="session")
def aws_with_secrets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint URL of a local AWS that has Secrets Manager too."""
    server = WholeLocalAws.start(folder=tmp_path_factory.mktemp("aws"))
    yield server.environment["AWS_ENDPOINT_URL"]
    server.stop()


@pytest.fixture(scope="session")
def factory() -> Iterator[FakeFactory]:
    """The factory that every deployment of these tests orders from."""
    made = FakeFactory()
    yield made
    made.close()


@pytest.fixture(scope="session")
def make_account(tls_database: TlsDatabase, aws_with_secrets: str, factory: FakeFactory) -> MakeAccount:
    """Makes accounts with a database that has no table yet."""

    def make(**differences: object) -> Account:
        wanted = {"endpoint_url": aws_with_secrets, "database": tls_database, "factory_url": factory.url}
        return Account(**{**wanted, **differences})  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def load_lambdas() -> Iterator[LoadLambdas]:
    """Imports the module anew with an account's environment, as a cold start does."""
    loaded: list[ModuleType] = []

    def load(account: Account) -> ModuleType:
        loaded.append(load_module(account.environment))
        return loaded[-1]

    yield load
    for module in loaded:
        unload_module(module)


@pytest.fixture(scope="session")
def account(make_account: MakeAccount) -> Account:
    """The account that most tests share: each sells a product of its own."""
    return make_account()


@pytest.fixture(scope="session")
def lambdas(account: Account, load_lambdas: LoadLambdas) -> ModuleType:
    """The handlers of the shared account, migrated."""
    module = load_lambdas(account)
    module.migrate({"demo_shop": False}, Context())
    return module


@pytest.fixture
def till(lambdas: ModuleType) -> Till:
    """The counter of the shared shop."""
    parts = lambdas.running.parts()
    return Till(parts.database, shop=parts.shop)


@pytest.fixture
def sku(till: Till) -> str:
    """A product of the test's own, with one on its shelf."""
    name = f"CP-{uuid_utils.uuid4().hex[:12]}"
    till.open(name, on_hand=1)
    return name


@pytest.fixture(autouse=True)
def willing_factory(factory: FakeFactory) -> Iterator[None]:
    """Each test begins with a factory that takes every order."""
    factory.refuse()
    factory.received.clear()
    yield
    factory.refuse()


@pytest.fixture(autouse=True)
def empty_queue(request: pytest.FixtureRequest) -> Iterator[None]:
    """What one test leaves on the shared queue, the next does not find."""
    yield
    if "account" in request.fixturenames:
        shared: Account = request.getfixturevalue("account")
        shared.empty_queue()
