"""The reference of the game: what each action earns, in plain Python fractions. The SQL models are held equal to it.

It is written from what the language says of points, and reads the log by itself: which facts stand at its end.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from domain.calendar import Quarter
from domain.log import FIELD, LINE, Log
from domain.scheme import Scheme
from tests.reference import rounded

MILLIONTH = Fraction(1, 1_000_000)


@dataclass(frozen=True)
class Fact:
    """An action that came to count: `order` is when it did, `left` what was not taken back of its quantity."""

    action: str
    order: int
    rm: str
    kind: str
    day: date
    recorded_on: date
    customer: str | None
    quantity: Fraction
    left: Fraction


@dataclass(frozen=True)
class Told:
    """What was told of a certificate: from when on it holds, until when."""

    order: int
    certificate: str
    from_day: date
    until: date | None


@dataclass(frozen=True)
class Known:
    """What stands at a log's end, by RM."""

    facts: dict[str, list[Fact]]
    certificates: dict[str, list[Told]]

    def holds(self, rm: str, day: date) -> bool:
        """Whether an RM holds a certificate on a day, by what was told of each last and holds by then or is over."""
        last: dict[str, Told] = {}
        for told in self.certificates.get(rm, []):
            if told.from_day <= day or (told.until and told.until < day):
                last[told.certificate] = told
        return any(told.until is None or told.until >= day for told in last.values())


def known(log: Log, zone: ZoneInfo) -> Known:
    """Read a log from its beginning."""
    events = list(_events(log))
    return Known(_by_rm(_facts(events, zone)), _certificates(events, zone))


def _events(log: Log) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
    """Position, stream, type and state of every event."""
    for block in log.select_blocks(0, 1_000_000):
        for line in block.split(LINE):
            position, stream, _, topic, state = line.split(FIELD)
            yield int(position), stream, topic, json.loads(state)


def _day(moment: str, zone: ZoneInfo) -> date:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(zone).date()


def _facts(events: Sequence[tuple[int, str, str, dict[str, Any]]], zone: ZoneInfo) -> list[Fact]:
    recorded: dict[str, dict[str, Any]] = {}
    counted: dict[str, int] = {}
    for position, stream, topic, state in events:
        if topic == "ActionRecorded":
            recorded[stream] = state
        if topic == "ActionVerified" or (topic == "ActionRecorded" and state["counts"]):
            counted[stream] = position
        if topic == "ActionVoided":
            counted.pop(stream, None)
    facts = {
        action: Fact(
            action, order, (said := recorded[action])["rm"], said["kind"], date.fromisoformat(said["occurred_on"]),
            _day(said["recorded_at"], zone), said.get("customer"), quantity := Fraction(said["quantity"]), quantity,
        )
        for action, order in counted.items() if not recorded[action].get("reverses")
    }  # fmt: skip
    for action in counted:
        if of := recorded[action].get("reverses"):
            facts[of] = replace(facts[of], left=facts[of].left - Fraction(recorded[action]["taken_quantity"]))
    return sorted(facts.values(), key=lambda fact: fact.order)


def _by_rm(facts: list[Fact]) -> dict[str, list[Fact]]:
    found = defaultdict[str, list[Fact]](list)
    for fact in facts:
        found[fact.rm].append(fact)
    return found


def _certificates(events: Sequence[tuple[int, str, str, dict[str, Any]]], zone: ZoneInfo) -> dict[str, list[Told]]:
    begins = defaultdict[tuple[str, str], list[str]](list)
    for _, _, topic, state in events:
        if topic in ("RMRegistered", "RMPosted"):
            begins[state["rm"], state["recorded_at"]].append(state.get("from_day") or state["joined_on"])
    found = defaultdict[str, list[Told]](list)
    for position, _, topic, state in events:
        if topic == "RMCertified":
            first = min(begins[state["rm"], state["recorded_at"]], default=None)
            from_day = date.fromisoformat(first) if first else _day(state["recorded_at"], zone)
            until = date.fromisoformat(state["until"]) if state.get("until") else None
            found[state["rm"]].append(Told(position, state["certificate"], from_day, until))
    return found


def earned(scheme: Scheme, known: Known, rm: str, quarter: Quarter) -> dict[str, Fraction]:
    """What each action of an RM's quarter earns of which something is left, under one version of a scheme."""
    facts = known.facts.get(rm, [])
    mine = [
        fact for fact in facts
        if fact.left and fact.kind in scheme.kinds and scheme.kinds[fact.kind].points
        and quarter.first_day <= fact.day <= quarter.last_day
    ]  # fmt: skip
    playing = [fact for fact in mine if not scheme.kinds[fact.kind].certificate or known.holds(rm, fact.day)]
    worth = dict.fromkeys((fact.action for fact in mine), Fraction(0)) | _worth(scheme, playing)
    return {fact.action: Fraction(0) if _is_clawed_back(scheme, fact, facts) else worth[fact.action] for fact in mine}


def _worth(scheme: Scheme, playing: list[Fact]) -> dict[str, Fraction]:
    """One after the other: the share of the n-th time with a customer, of what the day's limit leaves."""

    def day_of(fact: Fact) -> date:
        return fact.recorded_on if scheme.game.limit_by == "record" else fact.day

    filled = defaultdict[tuple[str, date], Fraction](Fraction)
    times = defaultdict[tuple[str, str, object], int](int)
    worth = {}
    for fact in sorted(playing, key=lambda fact: (day_of(fact), fact.order)):
        kind, day = scheme.kinds[fact.kind], day_of(fact)
        counted, share = fact.left, Fraction(1)
        if kind.daily_limit is not None:
            counted = min(counted, max(Fraction(kind.daily_limit) - filled[fact.kind, day], Fraction(0)))
            filled[fact.kind, day] += fact.left
        if scheme.game.repeats and kind.repeats:
            span = (fact.kind, _same(fact.customer), _span(scheme, day))
            share = Fraction(scheme.game.repeats[min(times[span], len(scheme.game.repeats) - 1)])
            times[span] += 1
        worth[fact.action] = rounded(counted * Fraction(kind.points) * share, MILLIONTH, "up")
    return worth


def _same(customer: str | None) -> str:
    """Who a customer is, however the letters are written; nobody named is one and the same."""
    return (customer or "").lower()


def _span(scheme: Scheme, day: date) -> object:
    match scheme.game.repeats_within:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.year, day.month
        case _:
            return None


def _is_clawed_back(scheme: Scheme, fact: Fact, facts: list[Fact]) -> bool:
    return any(
        event.kind in rule.on and event.left and event.action != fact.action
        and (not rule.takes or fact.kind in rule.takes)
        and (rule.of == "rm" or (event.customer is not None and _same(event.customer) == _same(fact.customer)))
        and event.day - timedelta(days=rule.days) <= fact.day <= event.day
        for rule in scheme.claw_backs for event in facts
    )  # fmt: skip
