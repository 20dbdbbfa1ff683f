"""Law: whatever the scheme and the figures, the SQL models give the reference scorer's points, tier and coefficient."""

from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings

from projections.trial import score
from tests.laws.schemes import Bank, banks
from tests.reference import as_fractions
from tests.reference_of_peers import grades

CLAUSES = {*range(1, 16), 17, 18, *range(25, 42)}
"""The clauses of the language's list, by their numbers in `domain/schemes/README.md`; the others are
counted from actions before anything is scored (`test_sql_measures_actions_as_fractions_do.py`)."""
OFTEN, ROUNDS = 50, 6
"""How often each clause is drawn at least, and after how many rounds of a hundred schemes it has to have been."""


def test_every_line_score_tier_and_coefficient_is_the_reference_scorers() -> None:
    drawn = Counter[int]()

    def agrees(bank: Bank) -> None:
        drawn.update(bank.clauses)
        wanted = grades(bank.scheme, bank.tried)
        assert {trial.rm: as_fractions(trial) for trial in score(bank.scheme, bank.tried)} == wanted

    rules = settings(
        max_examples=100, phases=[Phase.explicit, Phase.generate], database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip
    for number in range(
        ROUNDS
    ):  # what a seed draws depends on what else was imported, so that one number is not enough
        seed(number)(rules(given(banks())(agrees)))()
        if min(drawn[clause] for clause in CLAUSES) >= OFTEN:
            break
    assert {clause: drawn[clause] for clause in sorted(CLAUSES) if drawn[clause] < OFTEN} == {}
    assert drawn.keys() == CLAUSES
