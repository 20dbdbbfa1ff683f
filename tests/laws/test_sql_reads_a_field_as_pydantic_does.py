"""Law: whatever a text is, the SQL made from a field's rule takes it exactly where pydantic does."""

from collections.abc import Iterator
from typing import Annotated, Any

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain import fields
from domain.bulk.register_tables import RegisterTables
from domain.bulk.rules import fields_clear, read_values
from domain.fields import DAY, EXISTING, FieldRule, Line, check, within
from domain.refusal import Refused
from domain.register import Register
from tests.domain.test_fields import LEFT, SURELY_WRONG, TAKEN

RULES = {name: rule for name, rule in vars(fields).items() if isinstance(rule, FieldRule)}
BOUNDS = {str(bound) for rule in RULES.values() for bound in (rule.lowest, rule.highest) if bound is not None}
EDGES = [text for bound in sorted(BOUNDS) for text in (bound, f"{bound}.0", f"{bound}.01", f"{bound}.001", f"0{bound}")]
EDGES += ["0.0", "00", "-0", "0000-01-01", "0001-01-01", "9999-12-31", "2026-02-29", "2024-02-29", "9" * 13, "x" * 501]
EDGES += [letter * length for letter in "é客\U0001f600" for length in (32, 33, 64, 65, 500, 501)]
NAMES = st.sampled_from(sorted(RULES))
TEXTS = st.one_of(
    st.sampled_from([text for texts in (*TAKEN.values(), *LEFT.values(), SURELY_WRONG) for text in texts]),
    st.sampled_from(EDGES),
    st.text(max_size=70),
    st.text("0123456789.-+eE_, \n", max_size=18),
    st.dates().map(str),
    st.from_regex(r"[0-3][0-9]{3}-[01][0-9]-[0-3][0-9]", fullmatch=True),
)


def line_of(rule: FieldRule) -> type[Line]:
    """A line of one field of this rule, checked in every way that a rule asks for."""
    checks: list[Any] = [fields.given(rule)]
    checks += [within(rule)] if rule.lowest is not None or rule.highest is not None else []
    checks += [EXISTING] if rule is DAY else []

    class OneField(Line):
        value: Annotated[str, *checks]

    return OneField


LINES = {name: line_of(rule) for name, rule in RULES.items()}


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    tables = RegisterTables(Register())
    yield tables.cursor()
    tables.close()


@settings(max_examples=150)
@example(name="NOTE", texts=["x" * 500, "x" * 501])
@given(name=NAMES, texts=st.lists(TEXTS.filter(bool), min_size=8, max_size=20))
def test_a_text_is_clear_in_sql_where_pydantic_takes_it(
    con: duckdb.DuckDBPyConnection, name: str, texts: list[str]
) -> None:
    line, rules = LINES[name], {"value": RULES[name]}
    reads = ", ".join(filter(None, ["value", read_values(line, rules)]))
    read = f"SELECT {reads} FROM (SELECT unnest($texts) AS value)"
    query = f"SELECT coalesce({fields_clear(line, rules)}, false) FROM ({read})"
    clear = [row[0] for row in con.execute(query, {"texts": texts}).fetchall()]
    assert clear == [not isinstance(check(line, rules, {"value": text}), Refused) for text in texts]
