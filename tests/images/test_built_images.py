"""The built images: small, without root, without what built them. On stand-ins of their base images."""

import json
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from tests.images.conftest import IMAGES
from tests.images.engine import ROOT, Engine
from tests.images.stand_ins import list_base_images

pytestmark = [pytest.mark.timeout(2400), pytest.mark.usefixtures("images")]

# Megabytes that the image adds to its base.
LARGEST = {"backend": 125, "local-aws": 170, "factory-mock": 60, "docs": 5, "dashboard": 620}
TOOLS = ("pip", "gcc", "cc", "make", "git", "curl")
DOCKERFILES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docker").glob("*/Dockerfile"))


def inspect(engine: Engine, image: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(engine.podman("image", "inspect", image))[0]
    return found


def base_of(image: str) -> str:
    kind = "/nginx:" if image.endswith("-docs") else "/python:"
    return next(base for base in list_base_images() if kind in base)


@pytest.mark.parametrize("dockerfile", DOCKERFILES)
def test_hadolint_has_nothing_to_say(engine: Engine, dockerfile: str) -> None:
    assert engine.run("hadolint", dockerfile, seconds=60) == ""


def test_the_compose_file_keeps_to_the_specification(engine: Engine, tmp_path: Path) -> None:
    engine.run("sh", "-c", f"cd {tmp_path} && apt-get download -qq docker-compose && dpkg -x *.deb .", seconds=120)
    (schema,) = tmp_path.rglob("compose_spec.json")
    compose = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text(encoding="utf-8"))
    del compose["name"]  # came into the specification after Debian's copy of its schema

    jsonschema.Draft201909Validator(json.loads(schema.read_text(encoding="utf-8"))).validate(compose)


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_is_small(engine: Engine, image: str) -> None:
    own, base = (int(str(inspect(engine, name)["Size"])) for name in (image, base_of(image)))
    added = (own - base) / 1_000_000

    assert added <= LARGEST[image.partition("factoauto-")[2]]


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_says_what_it_is_how_it_is_and_that_it_needs_no_root(engine: Engine, image: str) -> None:
    found = inspect(engine, image)
    labels = json.loads(engine.podman("image", "inspect", "--format", "{{json .Labels}}", image))

    assert found["User"] not in ("", "root", "0")
    assert found["Healthcheck"]
    described = {name.removeprefix("org.opencontainers.image.") for name in labels}
    assert described >= {"title", "description", "version", "revision", "licenses", "vendor"}


@pytest.mark.parametrize("image", [image for image in IMAGES if not image.endswith("-docs")])
def test_nothing_that_builds_is_left_in_an_image(engine: Engine, image: str) -> None:
    look = f"for tool in {' '.join(TOOLS)}; do command -v $tool; done; python -m pip --version 2>&1"
    said = engine.attempt("podman", "run", "--rm", "--read-only", image, "sh", "-c", look, seconds=60)[1]

    assert said.splitlines() == ["/usr/local/bin/python: No module named pip"] or "No module named pip" in said
    assert [tool for tool in TOOLS if f"/{tool}\n" in said] == []


@pytest.mark.parametrize("image", [image for image in IMAGES if not image.endswith("-docs")])
def test_the_user_of_an_image_can_change_none_of_its_programs(engine: Engine, image: str) -> None:
    look = "find /app -writable ! -type l | head -3"

    assert engine.podman("run", "--rm", image, "sh", "-c", look) == ""
