"""The images and the shop that runs on them, made once. Run by ``make test-images``, as root.

What needs an engine is left out of an ordinary run: it takes minutes, root, and programs of its own.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.images.engine import ROOT, Engine
from tests.images.shop import ContainerShop
from tests.images.stand_ins import make_stand_ins

collect_ignore = ["test_built_images.py", "test_running_shop.py"]

IMAGES = {
    "localhost/factoauto-backend": ("backend", "--target=backend"),
    "localhost/factoauto-local-aws": ("backend", "--target=local-aws"),
    "localhost/factoauto-factory-mock": ("factory_mock",),
    "localhost/factoauto-docs": ("docs",),
    "localhost/factoauto-dashboard": ("dashboard",),
}


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """An engine with the stand-ins of every base image."""
    # A short path: names of sockets in it must not be longer than 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="factoauto-images-"))
    try:
        engine = Engine.start(folder=folder)
        make_stand_ins(engine)
        yield engine
    finally:
        Engine(folder=folder).stop()


@pytest.fixture(scope="session")
def images(engine: Engine) -> list[str]:
    """Every image of the project, built one after the other."""
    for tag, (folder, *options) in IMAGES.items():
        engine.build(tag=tag, context=ROOT, options=[f"--file=docker/{folder}/Dockerfile", *options])
    return list(IMAGES)


@pytest.fixture(scope="session")
def shop(engine: Engine, images: list[str]) -> Iterator[ContainerShop]:
    """The shop, up, every part of it healthy."""
    shop = ContainerShop(engine)
    shop.up()
    yield shop
    shop.down("--volumes")
