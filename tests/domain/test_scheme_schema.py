"""The rule language as a JSON schema: it takes what the reader takes, and tells what a schema can tell."""

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import pytest
from jsonschema_rs import Draft7Validator, meta
from pydantic import TypeAdapter

import domain
from domain.scheme import json_schema
from domain.scheme_file.faults import decimal_text

SCHEMA = json_schema()
VALIDATOR = Draft7Validator(SCHEMA)
SCHEMES = Path(domain.__file__).parent / "schemes"
SMALL = Path(__file__).parents[1] / "schemes/small.toml"
FILES = [SMALL, *SCHEMES.glob("*/[12]*.toml"), *SCHEMES.glob("examples/[!c]*.toml")]


def faults(text: str) -> dict[str, str]:
    """What an editor marks, by key; it sees dates as texts."""
    document = json.loads(json.dumps(tomllib.loads(text), default=date.isoformat))
    found: dict[str, str] = {}
    for one in VALIDATOR.iter_errors(document):
        key = ".".join(map(str, one.instance_path))
        found[key] = f"{found.get(key, '')} {one.message}"
    return found


def test_the_schema_itself_is_a_schema() -> None:
    assert meta.is_valid(SCHEMA)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_whatever_is_shipped_fits_the_schema(file: Path) -> None:
    assert faults(file.read_text(encoding="utf-8")) == {}


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ('weight = "20"', "weight = 20", "indicators.3.weight", 'is not of type "string"'),
        ('weight = "20"', 'weight = "20.1234567"', "indicators.3.weight", "does not match"),
        ('weight = "20"', 'weight = "100.5"', "indicators.3.weight", "does not match"),
        ('floor = "90"', 'floor = "1001"', "tiers.0.floor", "does not match"),
        ('coefficient = "1.2"', 'coefficient = "-1.2"', "tiers.0.coefficient", "does not match"),
        ('weight = "20"', 'weight = "twenty"', "indicators.3.weight", "does not match"),
        ('half = "up"', 'half = "down"', "rounding.half", 'is not one of "up" or "even"'),
        ('counts = "verified"', "", "kinds.visit", '"counts" is a required property'),
        ('counts = "verified"', 'count = "verified"', "kinds.visit", "'count' was unexpected"),
        ("effective = 2026-01-01", "effective = 2026-01-02", "effective", "does not match"),
        ('scheme = "small"', 'scheme = "Small"', "scheme", "does not match"),
        ("[kinds.visit]", '[kinds."Visit now"]', "kinds", "does not match"),
        ('kind = "deduction"', 'kind = "deduct"', "indicators.2.shape", "is not valid under any"),
        ("[[gates]]", "[[gaits]]", "", "'gaits' was unexpected"),
        ('nature = "qualitative"', 'nature = "soft"', "indicators.3.nature", "is not one of"),
        ('en = "Visit"', 'en = " "', "kinds.visit.en", "does not match"),
        ('plus = ["visit"]', 'plus = "visit"', "indicators.1.measure.plus", 'is not of type "array"'),
    ],
)
def test_an_editor_marks_the_key_at_fault(old: str, new: str, key: str, says: str) -> None:
    text = SMALL.read_text(encoding="utf-8").replace(old, new, 1)
    assert says in faults(text).get(key, ""), faults(text)


@pytest.mark.parametrize(
    ("least", "most"), [("0", "1"), ("0.01", "2"), ("0", "200"), ("-1000", "0"), ("-1000000", "1000000"), ("0.5", "10")]
)
def test_an_editor_marks_the_decimals_beyond_a_bound_and_no_other(least: str, most: str) -> None:
    field = decimal_text(least, most, 3, most)
    pattern = re.compile(TypeAdapter(Annotated[Decimal, field]).json_schema()["pattern"])
    edges = {Decimal(edge) + Decimal(by) for edge in (least, most, "0") for by in ("-1", "-0.001", "0", "0.001", "1")}
    for number in edges:
        for text in {f"{number}", f"{number:.3f}00"}:
            above = Decimal(0) if Decimal(0) < Decimal(least) else Decimal(least)
            assert bool(pattern.search(text)) is (above <= number <= Decimal(most)), text


def properties() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, one in {"the file": SCHEMA, **SCHEMA["$defs"]}.items():
        yield from ((f"{name}.{key}", each) for key, each in one["properties"].items())


def test_every_key_says_in_words_what_it_means() -> None:
    silent = [key for key, one in properties() if not one.get("description") and "const" not in one]
    assert silent == []


def test_the_schema_knows_no_null_which_toml_does_not_have() -> None:
    assert '"null"' not in json.dumps(SCHEMA)
