"""What is said of a scheme that can be read: errors that keep it from being published, warnings and notes, by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from domain.scheme_file.checks import untold
from domain.scheme_file.exactness import exactness_findings
from domain.scheme_file.faults import Fault, Remark, read_toml
from domain.scheme_file.game_findings import game_findings
from domain.scheme_file.ladder import ladder_findings
from domain.scheme_file.limits import band_findings, effect_findings, limit_findings, section_findings, step_findings
from domain.scheme_file.peer_checks import quota_findings
from domain.scheme_file.regulation import RULE_SETS
from domain.scheme_file.review_checks import anchor_findings, review_findings
from domain.scheme_file.roundings import rounding_findings
from domain.scheme_file.sizes import balance_findings, factor_findings, head_findings, text_findings
from domain.scheme_file.unused import points_findings, target_findings, unused_findings

if TYPE_CHECKING:
    from domain.scheme import Scheme

Check = Callable[["Scheme"], Iterator[Remark]]


def clause_findings(scheme: Scheme) -> Iterator[Remark]:
    """Who is graded stands on a clause that is told, as every entry does; this was let through for long."""
    clause = scheme.appraisal.clause
    if clause not in scheme.clauses:
        yield Remark(("appraisal", "clause"), untold(clause))


REFUSING: tuple[Check, ...] = (head_findings, text_findings, balance_findings, factor_findings, exactness_findings)
"""The checks that can keep a scheme from being published; they come first, and where one does, it is told alone."""
TELLING: tuple[Check, ...] = (
    clause_findings,
    ladder_findings,
    band_findings,
    limit_findings,
    section_findings,
    effect_findings,
    step_findings,
    points_findings,
    rounding_findings,
    unused_findings,
    target_findings,
    quota_findings,
    anchor_findings,
    review_findings,
    game_findings,
)


def refused(scheme: Scheme) -> list[Fault]:
    """What keeps a scheme that can be read from being published."""
    return [one for one in _found(scheme, REFUSING) if one.severity == "error"]


def review(scheme: Scheme) -> list[Fault]:
    """Every finding, in the order of the lines; `rule` is the check's name."""
    return refused(scheme) or _found(scheme, (*REFUSING, *TELLING, *RULE_SETS[scheme.regulation]))


def located(scheme: Scheme, rule: str, remarks: Iterable[Remark]) -> list[Fault]:
    """Remarks at their lines of the scheme's text."""
    return _located(scheme, [(rule, remark) for remark in remarks])


def _found(scheme: Scheme, checks: tuple[Check, ...]) -> list[Fault]:
    named = [(check.__name__.removesuffix("_findings").replace("_", "-"), check) for check in checks]
    return _located(scheme, [(name, remark) for name, check in named for remark in check(scheme)])


def _located(scheme: Scheme, remarks: Sequence[tuple[str, Remark]]) -> list[Fault]:
    if not remarks:
        return []
    document = read_toml(scheme.text, scheme.file)
    if isinstance(document, Fault):
        return [document]
    for rule, (path, message, severity) in remarks:
        document.fault(path, message, severity, rule)
    return sorted(document.faults)
