"""Write the documents' site: ``python build_site.py FOLDER``. Run while the image is built.

Each document gets a folder below ``FOLDER/redoc`` with its ReDoc page; the backend's document is generated from
its code. Everything is written a second time, compressed, so that nginx need not.
"""

import gzip
import json
import shutil
import sys
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

import yaml

from backend.bootstrap import Parts
from backend.entrypoints.app import create_app
from backend.settings import Settings

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WORTH_COMPRESSING = {".css", ".html", ".js", ".json", ".svg"}


def main() -> None:
    """Write the site into the folder that the command line names."""
    site = Path(sys.argv[1])
    redoc = site / "redoc"
    shutil.copytree(ROOT / "factory_mock" / "static", redoc / "static")
    bundle = files("flask_openapi_redoc") / "templates" / "redoc" / "js" / "redoc.standalone.js"
    shutil.copy(str(bundle), redoc / "static")
    documents = {"backend": _backend_document(), "factory": _factory_document()}
    for name, document in documents.items():
        _write_document(redoc / name, document)
    links = "\n".join(f'    <li><a href="{name}/">{_title(one)}</a></li>' for name, one in documents.items())
    _fill("index.html", redoc / "index.html", links=links)
    for path in [path for path in site.rglob("*") if path.suffix in WORTH_COMPRESSING]:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))


def _backend_document() -> Any:
    app = create_app(Parts(Settings(callback_secrets=("only-to-build-the-document",))))
    return json.loads(app.test_client().get("/openapi.json").data)


def _factory_document() -> Any:
    return yaml.safe_load((ROOT / "factory_mock" / "openapi.yaml").read_text(encoding="utf-8"))


def _write_document(folder: Path, document: Any) -> None:
    folder.mkdir()
    text = json.dumps(document, ensure_ascii=False, default=str)
    (folder / "openapi.json").write_text(text, encoding="utf-8")
    _fill("page.html", folder / "index.html", title=_title(document))


def _fill(template: str, path: Path, **words: str) -> None:
    text = (HERE / template).read_text(encoding="utf-8")
    path.write_text(Template(text).substitute(words), encoding="utf-8")


def _title(document: Any) -> str:
    return escape(str(document["info"]["title"]))


if __name__ == "__main__":
    main()
