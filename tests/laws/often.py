"""A law that is held until everything it is about was drawn often enough."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

OFTEN, ROUNDS = 50, 6
"""How often each clause of the language has to be drawn, and after how many rounds at most."""


def hold(
    law: Callable[..., None], *drawing: st.SearchStrategy[Any], drawn: Counter[Any], wanted: Collection[Hashable],
    examples: int, often: int = OFTEN,
) -> None:  # fmt: skip
    """Hold a law, which counts what was drawn for it, in rounds of so many examples."""
    rules = settings(
        max_examples=examples, phases=[Phase.explicit, Phase.generate], database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip
    for number in range(ROUNDS):  # what a seed draws depends on what else was imported: one number is not enough
        seed(number)(rules(given(*drawing)(law)))()
        if min(drawn[one] for one in wanted) >= often:
            break
    assert {one: drawn[one] for one in wanted if drawn[one] < often} == {}
