"""A scheme in words as an answer: its clauses, its entries, and what changed between two versions."""

from domain.scheme import Indicator, Scheme, Section
from domain.shapes.drawn import drawn
from domain.wording.differences import Change, differences, sentence
from domain.wording.entries import SORTS, Passage, passages
from projections.answers import (
    Curve,
    CurveCorner,
    SchemeChange,
    SchemeClause,
    SchemeEntry,
    SchemeFact,
)
from projections.at_position import both, words


def clauses(scheme: Scheme) -> list[SchemeClause]:
    """The clauses of the rule book, in the order of the file."""
    return [SchemeClause(clause=clause, words=words(one)) for clause, one in scheme.clauses.items()]


def entries(scheme: Scheme) -> list[SchemeEntry]:
    """Everything else that the scheme says; its name and its clauses stand elsewhere."""
    return [_entry(scheme, one) for one in passages(scheme) if one.sort != "clause"]


def changes(old: Scheme, new: Scheme) -> list[SchemeChange]:
    """What the newer one changes, in the order of its clauses."""
    return [_change(one) for one in differences(old, new)]


def _entry(scheme: Scheme, one: Passage) -> SchemeEntry:
    entry = one.entry
    return SchemeEntry(
        sort=one.sort, sort_name=both(SORTS[one.sort]), id=one.id, clause=one.clause, name=both(one.name),
        facts=[
            SchemeFact(key=fact.key, label=both(fact.label), words=both(fact.words))
            for fact in one.facts if fact.key not in ("en", "clause")
        ],
        weight=entry.weight if isinstance(entry, Indicator | Section) else None,
        indicator_class=entry.indicator_class if isinstance(entry, Indicator) else None,
        curve=_curve(scheme, entry) if isinstance(entry, Indicator) else None,
    )  # fmt: skip


def _curve(scheme: Scheme, indicator: Indicator) -> Curve:
    axis, corners = drawn(indicator.shape, indicator.weight)
    unit = scheme.unit_of(indicator)
    return Curve(
        axis=axis, unit=words(unit),
        corners=[CurveCorner(at=corner.at, points=corner.points) for corner in corners],
    )  # fmt: skip


def _change(change: Change) -> SchemeChange:
    return SchemeChange(
        what=change.what, sort=change.sort, id=change.id, clause=change.clause, name=both(change.name),
        key=change.key, old=both(change.old) if change.old else None, new=both(change.new) if change.new else None,
        says=both(sentence(change)),
    )  # fmt: skip
