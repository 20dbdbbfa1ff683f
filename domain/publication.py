"""The publication of a scheme's version: one person proposes it, another one approves it, and from then on it stands.

What was proposed can be replaced or taken back until it is approved; what is in force is only followed by another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from domain.events import SchemeProposed, SchemePublished, SchemeWithdrawn, Stamp
from domain.log import Decision
from domain.refusal import Refusal, Refused
from domain.scheme import Scheme, fresh_scheme

if TYPE_CHECKING:
    from domain.register import Register

NOTHING_WAITS = Refusal("not-found", "", "take scheme and date of what waits for approval from the list of schemes")
ANOTHER_PERSON = Refusal("not-allowed", "", "ask somebody else to approve it: nobody approves what they proposed")
INDEPENDENT = Refusal(
    "not-allowed", "", "ask somebody to approve it whom the proposer gave neither sign-in, role, password nor token"
)
CHANGED = Refusal("stale", "digest", "look at it again: what waits now is another text than the one that you name")
NEVER_OVERWRITTEN = Refusal("conflict", "", "give another date of effect: a published version is never overwritten")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A version's whole text that waits for approval, and who proposed it."""

    digest: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Publication:
    """What became of one version of a scheme: what waits for approval; the digest of what was published, by whom, and
    who had proposed it."""

    version: int
    proposal: Proposal | None = None
    published: str | None = None
    by: str | None = None
    proposed_by: str | None = None


def fold(state: Publication | None, events: Iterable[Any]) -> Publication | None:
    """What the events of a version add up to. Older logs have publications that nobody proposed."""
    for event in events:
        state = replace(state or Publication(0), version=event.originator_version)
        match event:
            case SchemeProposed():
                state = replace(state, proposal=Proposal(event.digest, event.text, event.by))
            case SchemeWithdrawn():
                state = replace(state, proposal=None)
            case SchemePublished():
                state = Publication(event.originator_version, None, event.digest, event.by, event.proposed_by)
    return state


def propose(text: str, register: Register, stamp: Stamp) -> Decision | Refused:
    """Propose a version: the whole text of its file. It takes the place of what waits under its scheme and date; no
    event where the same text waits or stands."""
    scheme = _sound(text)
    if isinstance(scheme, Refused):
        return scheme
    subject, digest = f"scheme:{scheme.scheme}:{scheme.effective}", digest_of(text)
    standing = register.publications.get((scheme.scheme, scheme.effective), Publication(0))
    waits = standing.proposal is not None and standing.proposal.digest == digest
    if waits or standing.published == digest:
        return Decision(subject, [])
    if faults := [NEVER_OVERWRITTEN] if standing.published else list(_faults(scheme, register)):
        return Refused(faults)
    event = SchemeProposed(
        originator_id=subject, originator_version=standing.version + 1, **stamp,
        scheme=scheme.scheme, effective=scheme.effective, digest=digest, text=text,
    )  # fmt: skip
    return Decision(subject, [event])


def approve(
    scheme: str, effective: date, digest: str, register: Register, stamp: Stamp, granted_by: Collection[str] = ()
) -> Decision | Refused:
    """Put the proposed text that has the digest in force; no event where that very text stands already. `granted_by`
    are those who could act as the one who approves: had one of them proposed it, there would be one person only."""
    subject = f"scheme:{scheme}:{effective}"
    standing = register.publications.get((scheme, effective), Publication(0))
    if standing.published == digest:
        return Decision(subject, [])
    found = _waiting(standing, digest)
    if isinstance(found, Refusal):
        return Refused([found])
    if found.by == stamp["by"]:
        return Refused([ANOTHER_PERSON])
    if found.by in granted_by:
        return Refused([INDEPENDENT])
    read = _sound(found.text)  # by today's rules, which may be stricter than when it was proposed
    if isinstance(read, Refused):
        return read
    if faults := list(_faults(read, register)):
        return Refused(faults)
    event = SchemePublished(
        originator_id=subject, originator_version=standing.version + 1, **stamp,
        scheme=scheme, effective=effective, digest=digest, text=found.text, proposed_by=found.by,
    )  # fmt: skip
    return Decision(subject, [event])


def withdraw(scheme: str, effective: date, digest: str, register: Register, stamp: Stamp) -> Decision | Refused:
    """Take the proposed text that has the digest back, or turn it down."""
    subject = f"scheme:{scheme}:{effective}"
    standing = register.publications.get((scheme, effective), Publication(0))
    found = _waiting(standing, digest)
    if isinstance(found, Refusal):
        return Refused([found])
    event = SchemeWithdrawn(
        originator_id=subject, originator_version=standing.version + 1, **stamp,
        scheme=scheme, effective=effective, digest=digest,
    )  # fmt: skip
    return Decision(subject, [event])


def digest_of(text: str) -> str:
    """What names a version's text: SHA-256 of it in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def _sound(text: str) -> Scheme | Refused:
    """The scheme that a text states, or every error in it."""
    scheme = fresh_scheme(text)
    if not isinstance(scheme, Scheme):
        return Refused(
            Refusal("malformed", "text", f"{fault.key}: {fault.message}" if fault.key else fault.message, fault.line)
            for fault in scheme
        )
    return scheme


def _waiting(standing: Publication, digest: str) -> Proposal | Refusal:
    """What waits for approval, if it is what somebody looked at."""
    if standing.proposal is None:
        return CHANGED if standing.published else NOTHING_WAITS
    return standing.proposal if standing.proposal.digest == digest else CHANGED


def _faults(scheme: Scheme, register: Register) -> Iterator[Refusal]:
    """Why a version can't be put in force as the bank stands."""
    if unknown := [unit for unit in scheme.units if unit not in register.units]:
        yield Refusal("unknown", "units", f"name units of the organisation tree, unlike {', '.join(unknown)}")
    yield from _rivals(scheme, register)
    yield from _reviewed(scheme, register)
    yield from _left_without(scheme, register)


def _rivals(scheme: Scheme, register: Register) -> Iterator[Refusal]:
    """Two schemes that take effect on one day can't both appraise a position of a unit."""
    for other in register.schemes.values():
        posts = sorted(set(scheme.positions) & set(other.positions))
        units = sorted(set(scheme.units) & set(other.units))
        if other.scheme == scheme.scheme or other.effective != scheme.effective or not posts:
            continue
        if units or not (scheme.units or other.units):
            both = f"{posts[0]} in {units[0]}" if units else posts[0]
            yield Refusal(
                "conflict",
                "positions",
                f"name positions that {other.scheme} does not appraise from the same day on, unlike {both}",
            )


def _reviewed(scheme: Scheme, register: Register) -> Iterator[Refusal]:
    """The last quarter whose reviews were opened, and in which somebody would fall under another version."""
    after = register.with_scheme(scheme)
    for quarter in sorted((each for each in register.quarters if each.first_day >= scheme.effective), reverse=True):
        places = {
            (place.position, place.org)
            for rm in register.rms.values()
            for place, first, last in rm.spans()
            if first <= quarter.last_day and last >= quarter.first_day
        }
        if any(
            register.scheme_in_force(position, quarter.first_day, org)
            is not after.scheme_in_force(position, quarter.first_day, org)
            for position, org in places
        ):
            remedy = f"name a day of effect after {quarter}: the reviews of that quarter were opened"
            yield Refusal("not-allowed", "effective", remedy)
            return


def _left_without(scheme: Scheme, register: Register) -> Iterator[Refusal]:
    """Positions that had a scheme and would have none any more, with how many serving RMs each."""
    after = register.with_scheme(scheme)
    changes = sorted({scheme.effective, *(day for _, day in register.schemes if day > scheme.effective)})
    lost: dict[str, set[str]] = {}
    for rm in register.rms.values():
        for place, first, last in rm.spans():
            for begin, end in zip(changes, [*changes[1:], date.max], strict=True):
                if first >= end or last < begin:
                    continue
                had = register.scheme_in_force(place.position, begin, place.org)
                if had and after.scheme_in_force(place.position, begin, place.org) is None:
                    lost.setdefault(place.position, set()).add(rm.rm)
    if lost:
        told = ", ".join(f"{position} (RMs: {len(rms)})" for position, rms in sorted(lost.items()))
        yield Refusal(
            "conflict",
            "positions",
            f"keep a scheme for every position and unit: from {scheme.effective} on there would be none for {told}",
        )
