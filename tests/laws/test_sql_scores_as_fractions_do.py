"""Law: whatever the scheme and the figures, the SQL models give the reference scorer's points, tier and coefficient."""

from collections import Counter

from projections.trial import score
from tests.laws.often import hold
from tests.laws.schemes import Bank, banks
from tests.reference import as_fractions
from tests.reference_of_peers import grades

CLAUSES = {*range(1, 16), 17, 18, *range(25, 42)}
"""The clauses of the language's list, by their numbers in `domain/schemes/README.md`; the others are
counted from actions before anything is scored (`test_sql_measures_actions_as_fractions_do.py`)."""


def test_every_line_score_tier_and_coefficient_is_the_reference_scorers() -> None:
    drawn = Counter[int]()

    def agrees(bank: Bank) -> None:
        drawn.update(bank.clauses)
        wanted = grades(bank.scheme, bank.tried)
        assert {trial.rm: as_fractions(trial) for trial in score(bank.scheme, bank.tried)} == wanted

    hold(agrees, banks(), drawn=drawn, wanted=CLAUSES, examples=100)
    assert drawn.keys() == CLAUSES
