"""The Lambdas' module, imported anew with an environment of its own, as a cold start does."""

import importlib
import sys
from collections.abc import Mapping
from types import ModuleType

import pytest

MODULE = "backend.entrypoints.lambdas"


def load_module(environment: Mapping[str, str]) -> ModuleType:
    """Import it; the environment is as before when this returns."""
    sys.modules.pop(MODULE, None)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        return importlib.import_module(MODULE)


def unload_module(module: ModuleType) -> None:
    """Close its connections and forget it."""
    if module.running._parts:
        module.running._parts.database.dispose()
    sys.modules.pop(MODULE, None)
