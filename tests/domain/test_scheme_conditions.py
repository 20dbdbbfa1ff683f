"""Conditions of gates: what is let through, and which alternatives it becomes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scheme_file.conditions import FORM, Term, read_condition

OPERATORS = ["<", "<=", "=", "<>", ">=", ">"]


def written(text: str) -> list[list[str]]:
    """A condition's alternatives, each term as text."""
    alternatives = read_condition(text)
    assert not isinstance(alternatives, str), alternatives
    return [[f"{term.measure} {term.op} {term.value}" for term in terms] for terms in alternatives]


@pytest.mark.parametrize(
    ("text", "alternatives"),
    [
        ("breach >= 1", [["breach >= 1"]]),
        ("breach >= 1 or complaint > 3", [["breach >= 1"], ["complaint > 3"]]),
        ("breach >= 1 and complaint > 3", [["breach >= 1", "complaint > 3"]]),
        ("a > 1 and (b > 2 or c > 3)", [["a > 1", "b > 2"], ["a > 1", "c > 3"]]),
        ("not (a > 1 and b = 2)", [["a <= 1"], ["b <> 2"]]),
        ("not (a > 1 or b <= 2)", [["a <= 1", "b > 2"]]),
        ("not not a < 1", [["a < 1"]]),
        ("3 < a", [["a > 3"]]),
        ("a != 2.5", [["a <> 2.5"]]),
        ("growth < -0.125", [["growth < -0.125"]]),
        ("call >= 1 AND order = 2 and case > 3", [["call >= 1", "order = 2", "case > 3"]]),
    ],
)
def test_a_condition_becomes_alternatives_of_terms(text: str, alternatives: list[list[str]]) -> None:
    assert written(text) == alternatives


@pytest.mark.parametrize(
    "text",
    [
        "", "breach", "1", "1 = 1", "a = b", "a + 1 > 2", "a > 1 + 1", "a between 1 and 2", "a in (1, 2)", "a is null",
        "a like 'x'", "a = 'x'", "true", "exists (select 1)", "(select 1) > 1", "s.t.points > 1", "a > 1; select 1",
        "a > 1 /* x */", "a > 1 union select 1", "drop table grades", "a >", "((a > 1)", "a > ?", "a > $1",
        "case when a > 1 then 1 end", "abs(a) > 1", "a::int > 1", "a[1] > 1", "a > 1 is not null", "a > 1 -- x",
        "(" * 400 + "a > 1" + ")" * 400,
        "a > 1 or " * 100 + "a >", "select a > 1", "not", "a <=> 1", "* > 1",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_the_form(text: str) -> None:
    assert read_condition(text) == FORM


def test_a_number_has_no_separators_and_a_name_may_end_in_digits() -> None:
    for text in ("a > 1_0", "1_000 < a", "a > 1.5_0"):
        assert read_condition(text) == "write a number without separators, like 1000"
    assert written("tier_1_0 > 10") == [["tier_1_0 > 10"]]


def test_a_number_has_three_decimals_at_most() -> None:
    for text in ("a > 1.2345", "a > 1e3", "a > 1234567890123"):
        assert read_condition(text) == "write a number below 10^12 with at most 3 decimals"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("br\u0435ach > 1", "`\u0435` is none of them"),
        ("breach ＞ 1", "`＞` is none of them, write `>`"),
        ("（breach > 1）", "`（` is none of them, write `(`"),
        ("breach > １", "`１` is none of them, write `1`"),
        ("breach ≥ 1", "`≥` is none of them, write `>=`"),
        ("breach\u2028> 1", "`U+2028` is none of them"),
    ],
)
def test_a_letter_or_sign_that_only_looks_like_one_is_named(text: str, told: str) -> None:
    assert read_condition(text) == f"write plain letters, digits and signs, as in English: {told}"


def test_a_condition_that_grows_too_large_is_refused() -> None:
    assert read_condition("a > 1 or " * 10_000 + "a > 1") == "write at most 1000 characters"
    text = " and ".join(f"(a{n} > 1 or b{n} > 1)" for n in range(7))
    assert "at most 64 alternatives" in str(read_condition(text))


Terms = st.builds(Term, st.sampled_from("abc"), st.sampled_from(OPERATORS), st.integers(0, 3).map(Decimal))
Conditions = st.recursive(
    Terms.map(lambda term: f"{term.measure} {term.op} {term.value}"),
    lambda inner: st.one_of(
        st.builds("not ({})".format, inner),
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("({}) or ({})".format, inner, inner),
    ),
    max_leaves=6,
)


def holds(term: Term, figures: dict[str, int]) -> bool:
    figure = figures[term.measure]
    return {
        "<": figure < term.value,
        "<=": figure <= term.value,
        "=": figure == term.value,
        "<>": figure != term.value,
        ">=": figure >= term.value,
        ">": figure > term.value,
    }[term.op]


@given(Conditions, st.fixed_dictionaries({name: st.integers(0, 3) for name in "abc"}))
def test_the_alternatives_hold_exactly_where_the_condition_does(text: str, figures: dict[str, int]) -> None:
    python = text.replace("<>", "!=").replace(" = ", " == ")
    alternatives = read_condition(text)
    assert not isinstance(alternatives, str)
    expected = eval(python, {}, figures)
    assert any(all(holds(term, figures) for term in terms) for terms in alternatives) is expected


@given(st.text(max_size=60) | st.text(alphabet="ab1 <>=()andornot.;'\"", max_size=40))
def test_whatever_is_written_the_answer_is_alternatives_or_one_line(text: str) -> None:
    answer = read_condition(text)
    assert isinstance(answer, tuple) or (answer and "\n" not in answer)


def test_a_condition_looks_at_points_and_completion_by_a_point() -> None:
    text = "a.points >= 3 and b.completion < 0.8"
    assert read_condition(text) == (
        (Term("a", ">=", Decimal(3), "points"), Term("b", "<", Decimal("0.8"), "completion")),
    )
    assert read_condition("a.measured > 1") == "after the point write one of points, completion"
