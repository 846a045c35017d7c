"""Base images without a registry: Debian, made here, under the names that Dockerfiles and compose.yaml have."""

import os
import re
import shutil
import ssl
from pathlib import Path

from tests.images.engine import HERE, ROOT, Engine

DEBIAN = "localhost/stand-in/debian"
STAND_INS = ("haproxy", "mysql", "nginx", "prometheus")
"""Folders with a Dockerfile each; their names are those of the images that they stand for."""
_PACKAGES = "ca-certificates,netbase,tzdata,python3,python3-venv"
_PINNED = re.compile(r"(?:docker\.io/)[a-z./-]+:[A-Za-z0-9._-]+")
# What Docker's Python has in /usr/local; the certificates and the index of this machine, for pip behind a proxy.
_DOCKERFILE = """\
FROM scratch
ADD debian.tar /
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY pip.conf /etc/pip.conf
RUN ln -s /usr/bin/python3 /usr/local/bin/python3 && ln -s python3 /usr/local/bin/python
ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
CMD ["python3"]
"""


def list_base_images() -> set[str]:
    """Every image that the Dockerfiles and compose.yaml take from a registry."""
    files = [*(ROOT / "docker").glob("*/Dockerfile"), ROOT / "docker" / "compose.yaml"]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    code = [line for line in lines if not line.lstrip().startswith("#")]
    return {found for line in code for found in _PINNED.findall(line)}


def make_stand_ins(engine: Engine) -> None:
    """Make an image for each that would come from a registry."""
    _make_debian(engine)
    for image in sorted(list_base_images()):
        name = image.rpartition("/")[2].partition(":")[0]
        if name == "python":
            engine.run("buildah", "tag", DEBIAN, image, seconds=60)
        else:
            engine.build(tag=image, context=HERE / "stand_ins" / name)


def _make_debian(engine: Engine) -> None:
    folder = engine.folder / "debian"
    folder.mkdir()
    bootstrap = ("mmdebstrap", "--quiet", "--variant=minbase", f"--include={_PACKAGES}", "bookworm")
    engine.run(*bootstrap, str(folder / "debian.tar"), seconds=600)
    shutil.copy(_certificates(), folder / "ca-certificates.crt")
    index = os.environ.get("PIP_INDEX_URL")
    settings = [
        "[global]",
        "cert = /etc/ssl/certs/ca-certificates.crt",
        *([f"index-url = {index}"] if index else []),
    ]
    (folder / "pip.conf").write_text("\n".join([*settings, ""]), encoding="utf-8")
    (folder / "Dockerfile").write_text(_DOCKERFILE, encoding="utf-8")
    engine.build(tag=DEBIAN, context=folder)
    shutil.rmtree(folder)


def _certificates() -> Path:
    found = os.environ.get("PIP_CERT") or ssl.get_default_verify_paths().cafile
    return Path(found or "/etc/ssl/certs/ca-certificates.crt")
