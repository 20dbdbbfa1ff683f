"""Law: what the check calls impossible never happens, whatever the scheme and the figures.

Nobody is in a tier or step that it calls out of reach, no gate fires that it says never can, each fires that it says
always does, and no score or line lies beyond its bounds.
"""

from collections import Counter
from fractions import Fraction

from hypothesis import given, settings

from domain.scheme import Scheme
from domain.scheme_file import reach
from domain.scheme_file.faults import Fault
from tests.laws.schemes import Bank, banks
from tests.reference import Graded, grade


def test_what_the_check_calls_impossible_never_happens() -> None:
    told = Counter[str]()

    def holds(bank: Bank) -> None:
        ladder = [one for one in bank.scheme.findings() if one.rule == "ladder"]
        told.update(one.key.split(".")[0] for one in ladder)
        for tried in bank.tried.values():
            figures = (tried.figures[kind].measured for kind in bank.scheme.kinds if kind in tried.figures)
            if all(figure is None or figure >= 0 for figure in figures):  # more can't be taken back than there was
                _check(bank.scheme, ladder, grade(bank.scheme, tried))

    settings(max_examples=60)(given(banks())(holds))()
    assert {"tiers", "gates"} <= told.keys()


def _check(scheme: Scheme, ladder: list[Fault], graded: Graded) -> None:
    for one in ladder:
        section, name, *rest = one.key.split(".")
        if section == "gates":
            assert (name in graded.gates) is ("can fail" in one.message)
        elif section == "tiers" and rest[:1] == ["steps"]:
            assert graded.tier != name or (graded.step or 0) < int(rest[1])
        elif section == "tiers":
            assert graded.tier != name or _is_capped(scheme, graded)
    if graded.score is not None:
        assert _within(scheme, graded.score)
    for line in scheme.indicators:
        if (points := graded.points[line.id]) is not None:
            _check_line(scheme, line.id, points)


def _is_capped(scheme: Scheme, graded: Graded) -> bool:
    """A gate or a section brings people down into tiers that nobody reaches by the score."""
    return bool(graded.gates) or any(one.minimum is not None for one in scheme.sections)


def _within(scheme: Scheme, score: Fraction) -> bool:
    least, most = reach.of_score(scheme)
    unit = Fraction(scheme.rounding.score or 0) / 2
    return least - unit <= score <= most + unit


def _check_line(scheme: Scheme, name: str, points: Fraction) -> None:
    one = next(each for each in scheme.indicators if each.id == name)
    shares = (Fraction(one.weight), reach.largest_share(scheme, one))
    ends = [reach.of_line(scheme, one, share) for share in shares]
    unit = Fraction(scheme.rounding.points) / 2
    assert min(end.least for end in ends) - unit <= points <= max(end.most for end in ends) + unit
