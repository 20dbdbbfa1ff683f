"""What compares people with each other: ranks and quotas, each with what it must not do."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from domain.scheme_file.faults import Remark
from domain.scheme_file.mistyped import nearest
from domain.scheme_file.reading import Entries, Findings
from domain.shapes.ranks import Rank

if TYPE_CHECKING:
    from domain.scheme import Scheme
    from domain.scheme_file.faults import Path


def deposits_are_not_ranked(entries: Entries) -> Findings:
    """No deposit measure is ranked between people (S25): none that is marked, and none that counts what those count."""
    everything = list(entries.measured())
    kinds = {kind for _, one in everything if one.deposit for kind in one.measure.kinds}
    kinds_of = {name: set(one.measure.kinds) for name, one in entries.measures.items()}
    for n, one in entries.indicators.items():
        if not isinstance(one.shape, Rank):
            continue
        counted = set(one.measure.kinds).union(*(kinds_of.get(part, set()) for part in one.measure.parts))
        if one.deposit:
            yield ("indicators", n, "shape"), "take another shape: no measure of deposits may be ranked between people"
        elif shared := sorted(counted & kinds):
            right = f"take another shape, or leave out `{shared[0]}`: deposits may not be ranked between people"
            yield ("indicators", n, "shape"), right


def quotas_fit(entries: Entries) -> Findings:
    """A quota says at most or at least, of a tier that has one to move down to or from."""
    order = entries.tier_ids()
    for n, one in entries.quotas.items():
        if (one.at_most is None) is (one.at_least is None):
            yield ("quotas", n), 'give one of `at_most` and `at_least`, like at_most = "0.2"'
        elif not order:
            continue
        elif one.tier not in order:
            yield ("quotas", n, "tier"), f"`{one.tier}` is no tier of this file; {nearest(one.tier, order)}"
        elif one.at_most is not None and one.tier == order[-1]:
            yield ("quotas", n, "tier"), "name a better tier: there is none below the last one to move down to"
        elif one.at_least is not None and one.tier == order[0]:
            yield ("quotas", n, "tier"), "name a worse tier: everybody stands in the first one or a worse one"
    yield from _quotas_agree(entries)


def _quotas_agree(entries: Entries) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """An entry of its own for each tier, side and group: of two the stricter one would be all that counts."""
    seen = set[tuple[object, ...]]()
    for n, one in entries.quotas.items():
        same = (one.tier, one.at_most is None, one.within)
        if same in seen:
            yield (
                ("quotas", n),
                f"leave one of the two out: a quota for `{one.tier}` in such a group stands above",
            )
        seen.add(same)


def quota_findings(scheme: Scheme) -> Iterator[Remark]:
    """Groups so small that a quota leaves nobody in the tier, which is seldom meant."""
    for n, one in enumerate(scheme.quotas):
        part = one.at_most if one.at_most is not None else Decimal(1) - (one.at_least or 0)
        who = f"in `{one.tier}` or a better tier" if one.at_most is not None else f"in a better tier than `{one.tier}`"
        path: Path = ("quotas", n, "at_least" if one.at_most is None else "at_most")
        rounds_down = one.heads == ("floor" if one.at_most is not None else "ceiling")
        if not part:
            yield Remark(path, f"mind that it leaves nobody {who}, however large the group", "note")
        elif rounds_down and (most := ceil(1 / Fraction(part)) - 1) >= one.smallest:
            yield Remark(
                path,
                f"mind that in a group of up to {most} graded people it leaves nobody {who}; "
                f"`smallest = {most + 1}` exempts such groups",
                "note",
            )
