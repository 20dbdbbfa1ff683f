"""What keeps a scheme from being published that can be read: too many entries, words that can't be seen, flows of which
nobody can tell which balance they move, and factors that nothing would be multiplied by."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from domain.calendar import FIRST_YEAR, LAST_YEAR
from domain.scheme_file.checks import MOST_MULTIPLIERS
from domain.scheme_file.faults import Document, Fault, Remark
from domain.scheme_file.reading import GAME_LISTS
from domain.shapes.bands import Curve

if TYPE_CHECKING:
    from domain.scheme import Scheme
    from domain.scheme_file.faults import Path

MOST = {
    "clauses": 1_000, "kinds": 500, "measures": 500, "sections": 50, "indicators": 200,
    "multipliers": MOST_MULTIPLIERS, "gates": 200, "tiers": 50, "quotas": 50, "positions": 1_000,
    "claw_backs": 50, "seasons": 100, "levels": 50, "streaks": 20, "badges": 100, "board": 50,
}  # fmt: skip
"""Entries of each list; whoever is graded is graded by all of them."""
LONGEST = 2_000
"""Characters of a text in one language."""
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode's categories of controls, marks of direction and of what is no character."""


MOST_STEPS = 50
"""Steps within a tier."""


def crowded(document: Document) -> list[Fault]:
    """Lists that are too long to be read, searched, compiled and shown."""
    for section, most in MOST.items():
        if isinstance(entries := document.data.get(section), dict | list) and len(entries) > most:
            document.fault((section,), f"write at most {most} {section}: no scheme needs more")
    tiers = document.data.get("tiers")
    for n, tier in enumerate(tiers if isinstance(tiers, list) else ()):
        if isinstance(tier, dict) and isinstance(steps := tier.get("steps"), list) and len(steps) > MOST_STEPS:
            document.fault(("tiers", n, "steps"), f"write at most {MOST_STEPS} steps: no tier needs more")
    return sorted(document.faults)


def text_findings(scheme: Scheme) -> Iterator[Remark]:
    """Words that show other than they are written, or that no page has room for."""
    for path, text in _texts(scheme):
        if len(text) > LONGEST:
            yield Remark(path, f"write at most {LONGEST} characters", "error")
        elif any(unicodedata.category(each) in UNSEEN and each != "\n" for each in text):
            yield Remark(
                path, f"write `{path[-1]}` without characters that can't be seen (controls, direction marks)", "error"
            )


def head_findings(scheme: Scheme) -> Iterator[Remark]:
    """A date of effect that no calendar of ours reaches, which nobody could take back once it is published; and a
    position that is named twice."""
    if not FIRST_YEAR <= scheme.effective.year <= LAST_YEAR:
        yield Remark(("effective",), f"write a year from {FIRST_YEAR} to {LAST_YEAR}, like 2026-01-01", "error")
    if twice := [one for one in dict.fromkeys(scheme.positions) if scheme.positions.count(one) > 1]:
        yield Remark(("positions",), f"name each position once: `{twice[0]}` stands there twice", "error")


UNWEIGHTED = ("last", "maximum", "distinct-customers")
"""The rules that multiply nothing: factors beside them, which older schemes may have, change no figure."""
FACTORS = "leave out `factors`: a last or greatest value and customers are taken as they are"


def balance_findings(scheme: Scheme) -> Iterator[Remark]:
    """Flows beside several kinds of balance: older schemes have them, and their flows count until the next of any."""
    for path, one in scheme.placed():
        if len(one.measure.sets) > 1 and (one.measure.plus or one.measure.minus):
            message = "leave out `plus` and `minus`, or name one kind in `sets`"
            yield Remark(
                (*path, "measure"), f"{message}: which of several balances a flow moves can't be told", "error"
            )


def factor_findings(scheme: Scheme) -> Iterator[Remark]:
    """Factors of a rule that multiplies nothing."""
    for path, one in scheme.placed():
        if one.measure.factors and one.measure.rule in UNWEIGHTED:
            yield Remark((*path, "measure", "factors"), FACTORS, "error")


def _texts(scheme: Scheme) -> Iterator[tuple[Path, str]]:
    places: list[tuple[Path, object]] = [((), scheme), (("appraisal",), scheme.appraisal)]
    for section in ("clauses", "kinds", "measures"):
        places += [((section, name), one) for name, one in getattr(scheme, section).items()]
    for section in ("sections", "indicators", "multipliers", "gates", "tiers", "quotas", *GAME_LISTS):
        places += [((section, n), one) for n, one in enumerate(getattr(scheme, section))]
    places += [((*path, "unit"), unit) for path, one in places if (unit := getattr(one, "unit", None)) is not None]
    places += [(("coefficient",), scheme.coefficient), (("quarterly_check",), scheme.quarterly_check)]
    places += [((table,), getattr(scheme, table)) for table in ("review", "game", "boards")]
    for n, line in enumerate(scheme.indicators):
        places += [(("indicators", n, "anchors", nth), one) for nth, one in enumerate(line.anchors)]
        if isinstance(line.shape, Curve):
            places += [(("indicators", n, "shape", "points", nth), one) for nth, one in enumerate(line.shape.points)]
    yield from ((("clauses", name), name) for name in scheme.clauses)
    for path, one in places:
        for key in ("en", "zh", "clause"):
            if isinstance(text := getattr(one, key, None), str):
                yield (*path, key), text
