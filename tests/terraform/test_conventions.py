"""What holds for the root as text: no binary of Terraform is needed."""

import re
from collections.abc import Iterator

from backend.bootstrap import Parts
from backend.bootstrap_lambda import WAITS
from backend.domain.backoff import MAX_RECEIVES
from backend.entrypoints.app import create_app
from backend.settings import Settings
from backend.store.unit_of_work import LAST_BEGINS_WITHIN_SECONDS
from tests.lambdas.events import API_SECONDS
from tests.terraform.terraform import PROVIDER_VERSION, ROOT

ONLY_ON_AWS = {
    "FACTOAUTO_SECRETS_ARN",
    "FACTOAUTO_DATABASE_SECRET_ARN",
    "FACTOAUTO_DATABASE_HOST",
    "FACTOAUTO_DATABASE_PORT",
    "FACTOAUTO_DATABASE_NAME",
    "FACTOAUTO_DATABASE_CA_FILE",
}
NOT_ON_AWS = {"/metrics", "/static/<path:filename>"}
_VARIABLE = re.compile(r'^variable "(?P<name>\w+)" \{\n(?P<body>.*?)^\}', re.MULTILINE | re.DOTALL)
_ROUTE = re.compile(r'^ +"(?P<method>[A-Z]+) (?P<path>/\S*)" += "(?P<function>[a-z-]+)"$', re.MULTILINE)


def _variables() -> Iterator[tuple[str, str]]:
    for file in sorted(ROOT.rglob("variables*.tf")):
        for match in _VARIABLE.finditer(file.read_text(encoding="utf-8")):
            yield f"{file.relative_to(ROOT)}:{match['name']}", match["body"]


def test_every_variable_has_a_type_a_description_and_a_validation() -> None:
    """A bool's type is its validation: it can hold nothing wrong."""
    needed = (r"^  type +=", r'^  description += ".{20,}"', r"^  validation \{|^  type += bool$")

    incomplete = {
        name
        for name, body in _variables()
        if not all(re.search(pattern, body, re.MULTILINE) for pattern in needed)
    }

    assert incomplete == set()


def test_no_account_and_no_secret_is_in_any_file() -> None:
    wrong = re.compile(r'\b\d{12}\b|AKIA[A-Z0-9]{16}|\b(?:password|secret|secret_string|token) *= *"[^"$]+"')
    files = [file for pattern in ("*.tf", "*.example", ".checkov.yaml") for file in ROOT.rglob(pattern)]

    found = {
        f"{file.name}: {match.group()}"
        for file in files
        if ".terraform" not in file.parts
        for match in wrong.finditer(file.read_text(encoding="utf-8"))
    }

    assert files
    assert found == set()


def test_git_ignores_state_and_settings() -> None:
    ignored = (ROOT.parent / ".gitignore").read_text(encoding="utf-8").splitlines()

    assert {".terraform/", "*.tfstate", "*.tfstate.*", "*.tfvars", "*.tfvars.json"} <= set(ignored)


def test_the_provider_that_the_tests_look_for_is_the_locked_one() -> None:
    assert f'version     = "{PROVIDER_VERSION}"' in (ROOT / ".terraform.lock.hcl").read_text(encoding="utf-8")


def test_the_functions_environment_is_what_the_settings_read() -> None:
    """A misspelt variable would silently leave a default in force."""
    text = (ROOT / "functions.tf").read_text(encoding="utf-8")
    set_there = set(re.findall(r"\bFACTOAUTO_[A-Z_]+", text))

    known = {f"FACTOAUTO_{name.upper()}" for name in Settings.model_fields}

    assert set_there - ONLY_ON_AWS <= known
    assert set_there >= ONLY_ON_AWS


def test_the_migration_waits_for_every_part_of_its_way_to_the_database() -> None:
    """The first apply with a proxy would otherwise find it without its password, or shut off from the database."""
    functions, proxy = (
        (ROOT / name).read_text(encoding="utf-8") for name in ("functions.tf", "database_proxy.tf")
    )
    parts = re.findall(r'^resource "(aws_(?:vpc_security_group|iam_role_policy)\w*)" "(\w+)"', proxy, re.MULTILINE)

    missing = [f"{kind}.{name}" for kind, name in parts if f"    {kind}.{name},\n" not in functions]

    assert len(parts) == 3
    assert missing == []


def test_the_queue_gives_up_after_as_many_receives_as_the_code_counts() -> None:
    text = (ROOT / "locals.tf").read_text(encoding="utf-8")

    assert re.findall(r"^  max_receive_count += (\d+)$", text, re.MULTILINE) == [str(MAX_RECEIVES)]


def test_the_shop_says_that_the_database_is_away_before_the_functions_time_is_up() -> None:
    text = (ROOT / "locals.tf").read_text(encoding="utf-8")
    [seconds] = re.findall(r"^  api_timeout_seconds = (\d+)$", text, re.MULTILINE)

    assert WAITS.answer is not None
    assert WAITS.lock < WAITS.answer  # or the answer that the lock is held never comes
    assert LAST_BEGINS_WITHIN_SECONDS + WAITS.connect + WAITS.answer + 2 < int(seconds) == API_SECONDS < 30


def test_the_gateway_has_a_route_for_every_call_of_the_app_and_no_other() -> None:
    app = create_app(Parts(Settings(callback_secrets=("a-secret-of-a-test",))))
    calls = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule not in NOT_ON_AWS
    }

    routes = {
        (match["method"], match["path"]): re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", _pattern(match["path"])))
        for match in _ROUTE.finditer((ROOT / "api.tf").read_text(encoding="utf-8"))
    }
    used = {
        (method, path): {
            route
            for route, pattern in routes.items()
            if route[0] == method and pattern.fullmatch(re.sub(r"<[^>]+>", "x", path))
        }
        for method, path in calls
    }

    assert {call for call, through in used.items() if not through} == set()
    assert set().union(*used.values()) == set(routes)


def _pattern(path: str) -> str:
    return re.escape(path).replace(re.escape("{proxy+}"), ".+")
