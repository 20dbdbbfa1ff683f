"""Exact decimals: how they are written, and how they become the integers that SQL adds up."""

from decimal import Decimal
from typing import Annotated

from pydantic import PlainSerializer

MICRO = 1_000_000  # points, coefficients and ratios are kept in millionths
FEN = 100  # money is kept in fen
MILLI = 1_000  # quantities are kept in thousandths


def plain(value: Decimal) -> str:
    """Write a decimal without exponent and without trailing zeros: `1.00` and `1` are both `1`."""
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def canonical(value: Decimal) -> Decimal:
    """The same number in the one form that is stored."""
    return Decimal(plain(value))


def scaled(value: Decimal, unit: int) -> int:
    """A decimal as a whole number of 1/`unit`; ValueError where that would lose a digit."""
    exact = value * unit
    if exact != exact.to_integral_value():
        raise ValueError(f"{plain(value)} has more decimals than 1/{unit} can hold")
    return int(exact)


def unscaled(value: int, unit: int) -> Decimal:
    """The decimal that a whole number of 1/`unit` stands for; canonical, for an exact quotient of whole numbers is."""
    return Decimal(value) / unit


Exact = Annotated[Decimal, PlainSerializer(plain, return_type=str, when_used="json")]
"""A Decimal that is a string without trailing zeros in JSON."""
