"""`python -m factory_mock`: run the factory until it is told to stop."""

from __future__ import annotations

import argparse
import sys

from factory_mock.docs_routes import DocumentMissing
from factory_mock.server import PortInUse, serve
from factory_mock.settings import PREFIX, Settings, SettingsError, load_settings

USAGE_ERROR = 2


def main() -> int:
    """Run the program and return its exit status: 2 if it was set up wrongly, with one line that says how."""
    _parser().parse_args()
    try:
        serve(load_settings())
    except (SettingsError, PortInUse, DocumentMissing) as error:
        print(f"factory_mock: {error}", file=sys.stderr)  # noqa: T201 - before there is a log
        return USAGE_ERROR
    return 0


def _parser() -> argparse.ArgumentParser:
    lines = (f"  {PREFIX}{name.upper()}: {field.description}" for name, field in Settings.model_fields.items())
    return argparse.ArgumentParser(
        prog="python -m factory_mock",
        description="The factory: takes orders, produces them, and calls back.",
        epilog="\n".join(("Settings, from the environment:", *lines)),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


if __name__ == "__main__":
    sys.exit(main())
