"""The OpenAPI 3.1 document, generated from the code: what the library leaves out or adds is mended here."""

from typing import Any

from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.path_item import PathItem

from backend.entrypoints.lean_app import LeanApp

PARAMETERS = "x-parameters"
"""Extension of an operation: parameters that no model describes, beside those of its path and query."""


class DocumentedApp(LeanApp):
    """A Flask app that publishes its calls: each of them, and nothing that they do not answer."""

    def register_api(self, api: APIBlueprint, **options: Any) -> None:
        """Add a blueprint's calls; those of another blueprint on the same path stay."""
        before = self.paths
        self.paths = {}
        super().register_api(api, **options)
        self.paths = before | {
            path: _merged(before[path], item) if path in before else item for path, item in self.paths.items()
        }

    def generate_spec_json(self) -> None:
        """Write the document."""
        super().generate_spec_json()  # type: ignore[no-untyped-call]
        self.spec_json["openapi"] = "3.1.0"
        for path_item in self.spec_json["paths"].values():
            for operation in path_item.values():
                _drop_default_validation_error(operation["responses"])
                operation["responses"] = dict(sorted(operation["responses"].items()))
                if further := operation.pop(PARAMETERS, None):
                    operation["parameters"] = [*operation.get("parameters", []), *further]


def _merged(one: PathItem, other: PathItem) -> PathItem:
    return one.model_copy(update={method: getattr(other, method) for method in other.model_fields_set})


def _drop_default_validation_error(responses: dict[str, Any]) -> None:
    # The library gives every call a 422, as plain JSON; ours are problem documents, where there are any.
    if "application/json" in responses.get("422", {}).get("content", {}):
        del responses["422"]
