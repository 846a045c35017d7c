"""What can be seen of the images and the compose file without building or running anything."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

import backend.settings
import dashboard.settings
import factory_mock.settings
from tests.images.engine import ROOT
from tests.images.shop import COMPOSE
from tests.images.stand_ins import STAND_INS, list_base_images

LOCKS = sorted((ROOT / "docker").glob("requirements-*.txt"))
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; (.*?))? \\$", re.MULTILINE)
ENDS_BY_ITSELF = {"secrets", "migrate"}
SETTINGS: dict[str, type[BaseSettings]] = {
    "backend": backend.settings.Settings,
    "migrate": backend.settings.Settings,
    "worker": backend.settings.Settings,
    "factory": factory_mock.settings.Settings,
    "dashboard": dashboard.settings.Settings,
}


def read_pins(lock: Path) -> set[tuple[str, str]]:
    return {(name, version) for name, version, _ in PIN.findall(lock.read_text(encoding="utf-8"))}


def read_services() -> dict[str, dict[str, Any]]:
    services: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    return services


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_an_image_has_the_versions_that_the_tests_run_on(lock: Path) -> None:
    tested = read_pins(ROOT / "requirements-development.txt")

    assert read_pins(lock)
    assert read_pins(lock) <= tested


def test_the_backend_s_image_has_all_that_the_backend_needs() -> None:
    needed = read_pins(ROOT / "requirements.txt")

    assert needed <= read_pins(ROOT / "docker" / "requirements-backend.txt")
    assert needed <= read_pins(ROOT / "docker" / "requirements-local-aws.txt")


def test_every_base_image_is_pinned_to_a_patch_and_has_a_stand_in() -> None:
    images = list_base_images()

    assert {image.rpartition("/")[2].partition(":")[0] for image in images} == {"python", *STAND_INS}
    assert [image for image in images if not re.search(r":v?\d+\.\d+\.\d+", image)] == []


@pytest.mark.parametrize("service", SETTINGS)
def test_a_container_is_told_nothing_that_its_program_does_not_read(service: str) -> None:
    told = {name for name in read_services()[service]["environment"] if name.startswith("FACTOAUTO_")}
    fields = set(SETTINGS[service].model_fields)

    assert {
        name for name in told if name.removeprefix("FACTOAUTO_").removesuffix("_FILE").lower() not in fields
    } == set()


@pytest.mark.parametrize("service", sorted(read_services()))
def test_a_container_writes_nothing_has_no_capability_and_is_started_again(service: str) -> None:
    told = read_services()[service]

    assert told["read_only"] is True
    assert told["cap_drop"] == ["ALL"]
    assert told["security_opt"] == ["no-new-privileges:true"]
    assert told["restart"] == ("on-failure" if service in ENDS_BY_ITSELF else "unless-stopped")


def test_nothing_is_published_but_on_loopback() -> None:
    published = [port for told in read_services().values() for port in told.get("ports", [])]

    assert len(published) == 5
    assert [port for port in published if not port.startswith("127.0.0.1:")] == []


def test_no_secret_is_written_in_the_compose_file() -> None:
    told = [name for one in read_services().values() for name in one.get("environment", {})]
    secret = [name for name in told if re.search("PASSWORD|TOKEN|SECRETS|DATABASE_URL", name)]

    assert secret
    assert [name for name in secret if not name.endswith("_FILE")] == []
