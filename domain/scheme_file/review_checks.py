"""What a scheme says of its reviews: the interviews that it asks for, and the anchors of what is rated."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from domain.money import plain
from domain.scheme_file.faults import Remark
from domain.scheme_file.mistyped import nearest
from domain.scheme_file.reading import Entries, Findings

if TYPE_CHECKING:
    from domain.scheme import Scheme
    from domain.scheme_file.entries import Indicator


def interviews_fit(entries: Entries) -> Findings:
    """An interview is asked for before tiers of this file, each named once."""
    tiers = entries.review.interview if entries.review else ()
    known = entries.tier_ids()
    for tier in tiers:
        if known and tier not in known:
            yield ("review", "interview"), f"`{tier}` is no tier of this file; {nearest(tier, known)}"
    if len(set(tiers)) < len(tiers):
        yield ("review", "interview"), "name each tier once"


def anchors_fit(entries: Entries) -> Findings:
    """Anchors cover every rating that can be given: from the lowest one up, each above the one before."""
    for n, one in entries.indicators.items():
        if one.anchors and one.measure.rule != "rating":
            yield ("indicators", n, "anchors"), "leave out `anchors`: only what a review rates has them"
        elif one.anchors:
            yield from ((("indicators", n, "anchors", *key), right) for key, right in _anchor_faults(one))


def _anchor_faults(one: Indicator) -> Iterator[tuple[tuple[int, str], str]]:
    ats = [anchor.at for anchor in one.anchors]
    if ats[0] != 0:
        yield (0, "at"), 'let the first anchor begin at "0", the lowest rating, so that each rating has one'
    for nth, (below, at) in enumerate(pairwise(ats), 1):
        if at <= below:
            yield (nth, "at"), f"put it above {plain(below)}, where the anchor before it begins: lowest first"
    if one.target is not None:
        for nth, at in enumerate(ats):
            if at > one.target:
                yield (nth, "at"), f"put it at {plain(one.target)} or lower: no rating is better than the `target`"


def anchor_findings(scheme: Scheme) -> Iterator[Remark]:
    """What is rated says what a rating stands for: else each supervisor rates by a measure of the own."""
    for n, one in enumerate(scheme.indicators):
        if one.measure.rule == "rating" and not one.anchors:
            right = 'add `anchors`: the behaviour that a rating stands for, from "0" up, so that supervisors rate alike'
            yield Remark(("indicators", n), right)


def review_findings(scheme: Scheme) -> Iterator[Remark]:
    """What a review asks for and nothing can lack."""
    if scheme.review.quota_met and not scheme.quotas:
        yield Remark(("review", "quota_met"), "add [[quotas]], or leave `quota_met` out: there is no quota to be met")
