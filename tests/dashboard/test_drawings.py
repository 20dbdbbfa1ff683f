"""The drawings of badges: one for each name that a scheme may give, all of one family, nothing from elsewhere."""

import re
import tomllib
from base64 import b64decode
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import pytest

import dashboard
from dashboard.screens.rule_book import article
from dashboard.words import Say
from domain.scheme_file.game_entries import Icon
from projections.answers import SchemeEntry, SchemeFact, Words

HOME = Path(dashboard.__file__).parent
DRAWINGS = sorted((HOME / "assets/badges").iterdir())
ACCENT = "#c9922e"
FAMILY = {
    "viewBox": "0 0 48 48", "fill": "none", "stroke": "currentColor", "stroke-width": "3", "stroke-linecap": "round",
    "stroke-linejoin": "round",
}  # fmt: skip


def test_every_name_that_a_scheme_may_give_has_a_drawing_and_no_other_is_there() -> None:
    assert [file.name for file in DRAWINGS] == sorted(f"{name}.svg" for name in get_args(Icon))


@pytest.mark.parametrize("file", DRAWINGS, ids=lambda file: file.stem)
def test_a_drawing_is_of_the_family_and_draws_shapes_alone(file: Path) -> None:
    root = ElementTree.fromstring(file.read_text(encoding="utf-8"))
    assert root.attrib == FAMILY
    assert {part.tag.rpartition("}")[2] for part in root} <= {"path", "circle", "ellipse", "rect"}
    colours = {part.get(key) for part in root for key in ("fill", "stroke")} - {None, "none"}
    assert colours == {ACCENT}


def test_the_drawings_ship_with_the_package() -> None:
    project = tomllib.loads((HOME.parent / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = project["tool"]["setuptools"]["package-data"]["dashboard"]
    assert {*DRAWINGS} <= {file for pattern in shipped for file in HOME.glob(pattern)}


def test_a_badge_in_the_rule_book_is_shown_with_its_drawing_and_not_with_the_name_of_it() -> None:
    named = {"label": Words(en="drawn as", zh="图案"), "words": Words(en="flame", zh="flame")}
    badge = SchemeEntry(
        sort="badge", sort_name=Words(en="Badge", zh="徽章"), id="steady", clause="46",
        name=Words(en="Steady", zh="持之以恒"), facts=[SchemeFact(key="icon", **named)],
        weight=None, indicator_class=None, curve=None,
    )  # fmt: skip
    shown = article(Say("en"), badge)
    [drawn] = re.findall('<img class="drawing" alt="" src="data:image/svg\\+xml;base64,([A-Za-z0-9+/=]+)">', shown)
    assert ElementTree.fromstring(b64decode(drawn).decode()).attrib == FAMILY
    assert "flame" not in shown
