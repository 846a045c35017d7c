"""The pictures that are drawn here."""

import base64
from xml.etree import ElementTree as Xml

import pytest

from dashboard.pictures import LOOKS, logo, product_picture, wordmark


def _drawn(url: str) -> Xml.Element:
    kind, _, data = url.partition(";base64,")
    assert kind == "data:image/svg+xml"
    return Xml.fromstring(base64.b64decode(data))  # noqa: S314 - our own picture


@pytest.mark.parametrize("sku", [*LOOKS, "X-1", "한글"])
def test_every_product_has_a_picture(sku: str) -> None:
    assert len(list(_drawn(product_picture(sku)).iter())) > 8


def test_the_demo_products_look_different() -> None:
    assert len({product_picture(sku) for sku in LOOKS}) == len(LOOKS)


@pytest.mark.parametrize("url", [logo(), wordmark("부산도너츠"), wordmark("A & <b>")])
def test_the_shops_sign_is_drawn_and_fetches_nothing(url: str) -> None:
    text = Xml.tostring(_drawn(url), encoding="unicode")

    assert "http://" not in text.replace("http://www.w3.org/", "")
