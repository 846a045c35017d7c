"""Make what is missing of a shop's secrets: ``python make_secrets.py SHOP_FOLDER DATABASE_FOLDER``.

Runs as root in a container without a network, before everything else. What is in a file stays as it is, so that
your own may be put there first; each is readable by the user of the container that needs it, and by no other.
"""

import base64
import os
import secrets
import sys
from pathlib import Path

BYTES = 32
NOBODY_ELSE = 0o400
AND_GROUP = 0o440
BACKEND, DASHBOARD, GROUP = 10001, 10002, 10000
"""As the Dockerfiles have them: users of the images, and the group that they share."""
MYSQL = 999
"""The user of MySQL's image."""


def main() -> None:
    """Make the files."""
    shop, database = Path(sys.argv[1]), Path(sys.argv[2])
    make(database / "root_password", owner=MYSQL, mode=NOBODY_ELSE)
    password = make(database / "password", owner=MYSQL, mode=NOBODY_ELSE)
    url = f"mysql+pymysql://factoauto:{password}@database:3306/factoauto?charset=utf8mb4"
    make(shop / "database_url", owner=BACKEND, mode=NOBODY_ELSE, text=url)
    make(shop / "callback_secrets", owner=BACKEND, mode=NOBODY_ELSE)
    make(shop / "operator_token", owner=BACKEND, mode=AND_GROUP)
    make(shop / "dashboard_password", owner=DASHBOARD, mode=NOBODY_ELSE)
    key = base64.b64encode(secrets.token_bytes(BYTES)).decode()
    make(shop / "alert_webhook_secret", owner=BACKEND, mode=NOBODY_ELSE, text=f"whsec_{key}")


def make(path: Path, *, owner: int, mode: int, text: str = "") -> str:
    """Make the file, with ``text`` or what nobody can guess, unless it is there; returns what it holds."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.new")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_text(text or secrets.token_urlsafe(BYTES), encoding="utf-8")
        draft.replace(path)
    path.chmod(mode)
    os.chown(path, owner, GROUP)
    return path.read_text(encoding="utf-8").strip()


if __name__ == "__main__":
    main()
