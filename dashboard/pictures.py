"""The pictures of the products and of the shop, drawn here: SVG as ``data:`` URLs."""

import base64
import zlib
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import pairwise
from math import cos, pi, sin, sqrt

GOLDEN_ANGLE = pi * (3 - sqrt(5))


@dataclass(frozen=True, slots=True)
class Look:
    """How a donut looks: its shape and the colours of dough, glaze and sprinkles."""

    shape: str
    dough: str
    glaze: str
    sprinkle: str


LOOKS = {
    "CP-502101": Look("ring", "#E7B56C", "#FBE3B8", "#FFFFFF"),
    "CP-502102": Look("ring", "#8A5A34", "#4E2A1B", "#F3D9C4"),
    "CP-502103": Look("ring", "#E8BE7E", "#F487B0", "#FFFFFF"),
    "CP-502104": Look("filled", "#C98745", "#7C2D2D", "#F6E4C8"),
    "CP-502105": Look("twist", "#DFA556", "#F0CB8B", "#FFFFFF"),
}
OTHER_LOOKS = (
    Look("ring", "#E8BE7E", "#A7D7A8", "#FFFFFF"),
    Look("ring", "#E8BE7E", "#B197FC", "#FFFFFF"),
    Look("filled", "#E0A458", "#F9C74F", "#FFFFFF"),
    Look("ring", "#8A5A34", "#F8F1E7", "#C2255C"),
    Look("ring", "#E8BE7E", "#74C0FC", "#FFFFFF"),
    Look("twist", "#B9733A", "#D89A5B", "#FFF3DC"),
)


@cache
def product_picture(sku: str) -> str:
    """The picture of this product; the same SKU always looks the same."""
    look = LOOKS.get(sku) or OTHER_LOOKS[zlib.crc32(sku.encode()) % len(OTHER_LOOKS)]
    parts = {"ring": _ring, "filled": _filled, "twist": _twist}[look.shape](look)
    return _data_url(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{parts}</svg>')


@cache
def logo() -> str:
    """The shop's sign, for the browser's tab too."""
    dots = "".join(_sprinkle(x, y, angle, "#FFFFFF") for x, y, angle in _scatter(9, 22, 40))
    return _data_url(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<circle cx="50" cy="50" r="48" fill="#C2255C"/>{dots}'
        '<circle cx="50" cy="50" r="17" fill="#FFF5F8"/></svg>'
    )


@cache
def wordmark(name: str) -> str:
    """The shop's sign with its name beside it, readable on light and on dark."""
    width = 58 + sum(30 if ord(letter) > 0x1100 else 17 for letter in name)
    return _data_url(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 44">'
        f'<image href="{logo()}" x="0" y="0" width="44" height="44"/>'
        '<text x="56" y="32" font-size="29" font-weight="700" fill="#D6336C" '
        "font-family=\"Pretendard,'Noto Sans KR','Noto Sans CJK KR','Apple SD Gothic Neo',"
        f"'Malgun Gothic',system-ui,sans-serif\">{escape(name)}</text></svg>"
    )


def _ring(look: Look) -> str:
    sprinkles = "".join(_sprinkle(x, y, angle, look.sprinkle) for x, y, angle in _scatter(14, 21, 36))
    return (
        '<mask id="hole"><rect width="100" height="100" fill="#fff"/><circle cx="50" cy="51" r="12"/></mask>'
        '<g mask="url(#hole)"><ellipse cx="50" cy="57" rx="43" ry="41" fill="#000" opacity=".08"/>'
        f'<circle cx="50" cy="52" r="45" fill="{look.dough}"/>'
        f'<path d="{_wavy(41, 2.2, 9, 0.6)}" fill="{look.glaze}"/>'
        '<path d="M20 34 A35 35 0 0 1 50 14" fill="none" stroke="#fff" stroke-width="4" '
        'stroke-linecap="round" opacity=".35"/>'
        f'<circle cx="50" cy="50" r="16" fill="{look.dough}"/>{sprinkles}</g>'
    )


def _filled(look: Look) -> str:
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.5" fill="{look.sprinkle}"/>' for x, y, _ in _scatter(46, 15, 42)
    )
    return (
        '<ellipse cx="50" cy="58" rx="43" ry="40" fill="#000" opacity=".08"/>'
        f'<ellipse cx="50" cy="52" rx="45" ry="43" fill="{look.dough}"/>'
        '<path d="M17 40 A37 36 0 0 1 50 13" fill="none" stroke="#fff" stroke-width="5" '
        f'stroke-linecap="round" opacity=".3"/>{dots}'
        f'<path d="{_wavy(12, 1.4, 6, 0.2)}" fill="{look.glaze}"/>'
        '<ellipse cx="46" cy="46" rx="4" ry="2.4" fill="#fff" opacity=".35"/>'
    )


def _twist(look: Look) -> str:
    knots = "".join(
        f'<ellipse cx="{x}" cy="{y}" rx="23" ry="14" transform="rotate({turn} {x} {y})" '
        f'fill="{look.glaze}" stroke="{look.dough}" stroke-width="3.5"/>'
        for x, y, turn in (
            (25, 74, -12),
            (35, 63, -76),
            (46, 54, -14),
            (56, 43, -76),
            (67, 35, -14),
            (76, 25, -62),
        )
    )
    dots = "".join(
        f'<circle cx="{18 + step * 4:.1f}" cy="{80 - step * 3.9 + (step * 7) % 9 - 4:.1f}" r="1.5" '
        f'fill="{look.sprinkle}"/>'
        for step in range(17)
    )
    return knots + dots


def _scatter(count: int, inner: float, outer: float) -> list[tuple[float, float, float]]:
    """Points of a ring around the middle, evenly spread, with an angle each."""
    points = []
    for step in range(count):
        radius = sqrt(inner**2 + (outer**2 - inner**2) * (step + 0.5) / count)
        angle = step * GOLDEN_ANGLE + 0.5
        points.append((50 + radius * cos(angle), 50 + radius * sin(angle), (step * 67.0) % 180))
    return points


def _sprinkle(x: float, y: float, angle: float, color: str) -> str:
    return (
        f'<rect x="{x - 3.6:.1f}" y="{y - 1.3:.1f}" width="7.2" height="2.6" rx="1.3" fill="{color}" '
        f'opacity=".92" transform="rotate({angle:.0f} {x:.1f} {y:.1f})"/>'
    )


def _wavy(radius: float, depth: float, waves: int, phase: float) -> str:
    """A closed, smooth outline around the middle."""
    steps = waves * 4
    turns = [2 * pi * step / steps for step in range(steps + 1)]
    points = [
        (50 + reach * cos(turn), 50 + reach * sin(turn))
        for turn, reach in ((turn, radius + depth * sin(waves * turn + phase)) for turn in turns)
    ]
    middles = [((ax + bx) / 2, (ay + by) / 2) for (ax, ay), (bx, by) in pairwise(points)]
    curves = "".join(
        f"Q{x:.1f} {y:.1f} {mx:.1f} {my:.1f}"
        for (x, y), (mx, my) in zip([*points[1:-1], points[-1]], [*middles[1:], middles[0]], strict=True)
    )
    return f"M{middles[0][0]:.1f} {middles[0][1]:.1f}{curves}Z"


def _data_url(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
