"""The secrets of a local shop: made on the first start, kept in ``var`` for the ones after it."""

import secrets
from pathlib import Path

from backend.settings import Settings

_BYTES = 32


def make_missing_secrets(settings: Settings) -> None:
    """Make the callback secret and the operator's token, each in a file of its owner only, where none is set."""
    make_private_folder(settings.var_dir)
    if not settings.callback_secrets:
        write_private_file(settings.var_dir / "callback_secrets", text=secrets.token_urlsafe(_BYTES))
    if not settings.operator_token:
        write_private_file(settings.var_dir / "operator_token", text=secrets.token_urlsafe(_BYTES))


def make_private_folder(folder: Path) -> None:
    """Make the folder, or take it from everybody but its owner."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def write_private_file(path: Path, *, text: str) -> None:
    """Write a file that only its owner may read; it is there whole or not at all."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600, exist_ok=False)
    draft.write_text(f"{text}\n", encoding="utf-8")
    draft.replace(path)
