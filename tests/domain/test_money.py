"""Exact decimals: one form to write a number, and integers that lose nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import FEN, MICRO, MILLI, canonical, plain, scaled, unscaled


@pytest.mark.parametrize(
    ("written", "stored"),
    [("1.00", "1"), ("1", "1"), ("0.50", "0.5"), ("100", "100"), ("1E+2", "100"), ("0.00", "0"), ("-0", "0"),
     ("1E-6", "0.000001"), ("-1.50", "-1.5"), ("1000000000000.01", "1000000000000.01")],
)  # fmt: skip
def test_a_number_has_one_form_without_exponent_and_trailing_zeros(written: str, stored: str) -> None:
    assert plain(Decimal(written)) == stored
    assert str(canonical(Decimal(written))) == stored


def test_an_integer_that_would_lose_a_digit_is_refused() -> None:
    with pytest.raises(ValueError, match="more decimals than 1/100 can hold"):
        scaled(Decimal("1.005"), FEN)


@given(st.integers(-(10**19), 10**19), st.sampled_from([FEN, MILLI, MICRO]))
def test_what_was_unscaled_is_canonical_and_scales_back_to_the_same_integer(number: int, unit: int) -> None:
    assert scaled(unscaled(number, unit), unit) == number
    assert str(unscaled(number, unit)) == str(canonical(unscaled(number, unit)))
