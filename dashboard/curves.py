"""The curve of an indicator as a small picture: numbers in, markup out, no Streamlit.

It stands beside the rule in words, for the eye; what is read is in the words and at the picture's edges.
"""

from base64 import b64encode
from collections.abc import Sequence
from decimal import Decimal
from html import escape

from dashboard.words import Say, msg
from projections.answers import Curve, CurveCorner, Words

WIDE, HIGH, EDGE = Decimal(240), Decimal(64), Decimal(3)
LINE, GROUND, RULE = "#2a9d8f", "#2a9d8f2e", "#8d99ae66"
MOST_LABELS = 4
CLOSE = Decimal("0.17")
"""Labels nearer to each other than this part of the width would run into one another."""
AXES = {
    "completion": msg("part of the target reached"),
    "above-target": msg("beyond the target"),
    "below-target": msg("short of the target"),
    "rank": msg("place as a part of the peers"),
}


def curve(say: Say, drawn: Curve, name: Words) -> str:
    """The picture with its lowest and highest points beside it and the places where it bends below."""
    corners = drawn.corners
    low, high = _span([corner.points for corner in corners])
    label = say("Points of {name} by {axis}", name=say.of(name), axis=axis_words(say, drawn))
    picture = f'<img alt="{escape(label)}" src="data:image/svg+xml;base64,{_svg(corners, low, high)}">'
    heights = f'<div class="heights"><span>{say.number(high)}</span><span>{say.number(low)}</span></div>'
    places = "".join(_place(say, drawn, at) for at in _labelled(corners))
    axis = f'<div class="axis">{escape(axis_words(say, drawn))}</div>'
    return (
        f'<div class="curve">{heights}<div class="drawn">{picture}<div class="places">{places}</div>{axis}</div></div>'
    )


def axis_words(say: Say, drawn: Curve) -> str:
    """What lies along the axis."""
    unit = say.of(drawn.unit)
    if drawn.axis == "measured":
        return unit
    axis = say.code(AXES, drawn.axis)
    return axis if drawn.axis in ("completion", "rank") else say("{unit} {axis}", unit=unit, axis=axis)


def _span(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """From the lowest points to the highest, with 0 within."""
    low, high = min([Decimal(0), *values]), max([Decimal(0), *values])
    return low, high if high > low else low + 1


def _labelled(corners: Sequence[CurveCorner]) -> list[Decimal]:
    """The places that are named: the beginning and where the curve bends, as many as have room."""
    first, last = corners[0].at, corners[-1].at
    bends = sorted({corner.at for corner in corners[:-1]})
    kept: list[Decimal] = []
    for at in bends:
        if not kept or (at - kept[-1]) / (last - first) >= CLOSE:
            kept.append(at)
    if bends and kept[-1] != bends[-1]:  # the last bend is where most is reached
        kept[-1:] = [bends[-1]] if len(kept) > 1 else [kept[0], bends[-1]]
    return kept if len(kept) <= MOST_LABELS else [kept[0], kept[len(kept) // 2], kept[-1]]


def _place(say: Say, drawn: Curve, at: Decimal) -> str:
    corners = drawn.corners
    left = (at - corners[0].at) / (corners[-1].at - corners[0].at) * 100
    text = say.percent(at) if drawn.axis in ("completion", "rank") else say.rounded(at)
    side = "first" if left < 5 else ""
    return f'<span class="{side}" style="left:{left:.1f}%">{escape(text)}</span>'


def _svg(corners: Sequence[CurveCorner], low: Decimal, high: Decimal) -> str:
    """The picture itself: a line over a quiet ground, and the line of no points."""
    first, wide = corners[0].at, corners[-1].at - corners[0].at

    def x(at: Decimal) -> str:
        return f"{(at - first) / wide * WIDE:.1f}"

    def y(points: Decimal) -> str:
        return f"{EDGE + (high - points) / (high - low) * (HIGH - 2 * EDGE):.1f}"

    line = " ".join(f"{x(corner.at)},{y(corner.points)}" for corner in corners)
    nothing = y(Decimal(0))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" preserveAspectRatio="none">'
        f'<polygon points="0,{nothing} {line} {WIDE},{nothing}" fill="{GROUND}"/>'
        f'<path d="M0 {nothing}H{WIDE}" stroke="{RULE}" vector-effect="non-scaling-stroke"/>'
        f'<polyline points="{line}" fill="none" stroke="{LINE}" stroke-width="2" stroke-linejoin="round" '
        'vector-effect="non-scaling-stroke"/></svg>'
    )
    return b64encode(svg.encode()).decode()
