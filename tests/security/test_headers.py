"""What every program tells a browser with every answer: fetch nothing, frame nothing, guess nothing."""

import pytest
import urllib3

from tests.servers.shop import Shop

ANSWERS = [
    ("BACKEND", "/"),
    ("BACKEND", "/status"),
    ("BACKEND", "/api/products"),
    ("BACKEND", "/api/products/NONE"),
    ("BACKEND", "/nothing"),
    ("BACKEND", "/openapi.json"),
    ("BACKEND", "/docs"),
    ("BACKEND", "/docs/page.js"),
    ("BACKEND", "/metrics"),
    ("BACKEND", "/callbacks/replenishments/x"),
    ("FACTORY", "/"),
    ("FACTORY", "/status"),
    ("FACTORY", "/api/manufactures"),
    ("FACTORY", "/nothing"),
    ("FACTORY", "/openapi.json"),
    ("FACTORY", "/docs"),
    ("FACTORY", "/docs/redoc.standalone.js"),
    ("DASHBOARD", "/"),
    ("DASHBOARD", "/warehouse"),
    ("DASHBOARD", "/nothing"),
    ("DASHBOARD", "/_stcore/health"),
    ("DASHBOARD", "/assets/plotly.min.js"),
]
OURS_TO_SAY = [one for one in ANSWERS if one[0] != "DASHBOARD"]
WHO_MAY_FRAME = {"BACKEND": "'none'", "FACTORY": "'none'", "DASHBOARD": "'self'"}
FRAMED_BY_THE_DASHBOARD = {("BACKEND", "/docs"), ("FACTORY", "/docs")}


def get(shop: Shop, program: str, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
    """An answer, redirects not followed."""
    url = f"http://127.0.0.1:{shop.port(program)}{path}"
    return urllib3.request("GET", url, headers=headers, retries=False, redirect=False, timeout=20)


@pytest.mark.parametrize(("program", "path"), ANSWERS, ids=[" ".join(one) for one in ANSWERS])
def test_every_answer_keeps_the_browser_at_home(attacked_shop: Shop, program: str, path: str) -> None:
    headers = get(attacked_shop, program, path).headers

    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] in ("'none'", "'self'")
    assert "*" not in policy.get("script-src", "") + policy.get("connect-src", "")
    if (program, path) not in FRAMED_BY_THE_DASHBOARD:
        assert policy["frame-ancestors"] == WHO_MAY_FRAME[program]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize(("program", "path"), OURS_TO_SAY, ids=[" ".join(one) for one in OURS_TO_SAY])
def test_no_answer_names_the_software_that_gave_it(attacked_shop: Shop, program: str, path: str) -> None:
    """But the dashboard's, to which Streamlit's server adds its name, without a version."""
    headers = get(attacked_shop, program, path).headers

    assert headers["Server"] in ("factoauto", "factory")
    assert "X-Powered-By" not in headers


def test_the_documents_are_framed_by_pages_of_this_machine_only(attacked_shop: Shop) -> None:
    for program in ("BACKEND", "FACTORY"):
        policy = get(attacked_shop, program, "/docs").headers["Content-Security-Policy"]

        ancestors = policy.partition("frame-ancestors ")[2].split(";")[0].split()
        assert {"*", "http:", "https:"} & set(ancestors) == set()
