"""Histories as Hypothesis draws them: what people, systems and time may do to a bank, in any order.

An act that the bank refuses is part of a history too. Acts on actions name them by a number, counted among those to
which it can be done at that point; every fourth number is counted among all of them, whatever comes of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from domain.action import Action
from domain.refusal import Taken
from tests import reviewed
from tests.bank import HOMES, TestBank

FIRST = date(2026, 1, 1)
RMS = st.sampled_from(sorted(HOMES))
DAYS = st.integers(0, 110).map(lambda n: str(FIRST + timedelta(days=n)))
QUANTITIES = st.sampled_from(["1", "2", "5", "0.5"])
AMOUNTS = st.sampled_from(["0", "100", "2500", "40.05"])
VALUES = st.sampled_from(["0", "800", "1234.567", "-50"])
CUSTOMERS = st.sampled_from(["", "C1", "C2"])
SELF_REPORTED, FED = ["visit", "call", "fund"], ["deposit", "withdrawal", "balance", "card", "satisfaction", "breach"]


@dataclass(frozen=True)
class Act:
    """Something that happens: a method of `History` by name, and what it is told."""

    name: str
    told: tuple[Any, ...] = ()


class History:
    """A bank to which acts happen one after the other."""

    def __init__(self, story: TestBank) -> None:
        self.story = story
        self.bank = story.bank
        self.actions: list[str] = []
        self.lines: list[dict[str, str]] = []
        self.deliveries = 0
        self.votes = 0

    def play(self, act: Act) -> None:
        getattr(self, act.name)(*act.told)

    def _action(self, number: int, fits: Callable[[Action], bool]) -> str:
        fit = [key for key in self.actions if (action := self.bank.read_action(key)) and fits(action)]
        among = fit if fit and number % 4 else self.actions
        return among[number % len(among)] if among else "action:crm:none"

    def _recorded(self, line: dict[str, str], person: bool = False) -> None:
        outcome = self.bank.record_actions([line], line["rm"] if person else "crm", person=person)[0]
        if isinstance(outcome, Taken):
            self.actions.append(outcome.subject)
            self.lines.append(line)

    def record(self, rm: str, kind: str, day: str, quantity: str, amount: str, customer: str) -> None:
        person = kind in SELF_REPORTED
        line = {"source": "log" if person else "crm", "external_ref": f"n{len(self.actions)}", "rm": rm, "kind": kind}
        what = {"occurred_on": day, "quantity": quantity, "amount": amount, "customer": customer}
        self._recorded(line | what, person)

    def reverse(self, number: int, quantity: str, amount: str, later: int) -> None:
        if self.actions:
            self._reverse(self._action(number, _counts), later, {"quantity": quantity, "amount": amount})

    def reverse_whole(self, number: int, later: int) -> None:
        if self.actions:
            self._reverse(self._action(number, _counts), later, {})

    def _reverse(self, action: str, later: int, less: dict[str, str]) -> None:
        """All of an action, or less of it, some days later but not in the future."""
        line = self.lines[self.actions.index(action)]
        day = min(date.fromisoformat(line["occurred_on"]) + timedelta(days=later), self.bank.today)
        what = {"external_ref": f"n{len(self.actions)}", "source": "crm", "occurred_on": str(day)}
        self._recorded(line | what | {"reverses": action.removeprefix("action:")} | less)

    def verify(self, number: int) -> None:
        self.bank.verify_action(self._action(number, _waits), "boss")

    def verify_all(self) -> None:
        self.bank.decide_actions(self.actions, "verify", "boss")

    def reject(self, number: int) -> None:
        self.bank.reject_action(self._action(number, _waits), "not seen", "boss")

    def void(self, number: int) -> None:
        self.bank.void_action(self._action(number, _stands), "by mistake", "boss")

    def deliver(self, rm: str, quarter: str, value: str, day: str) -> None:
        self.story.deliver(f"n{self.deliveries}", value, rm=rm, quarter=quarter, as_of=day)
        self.deliveries += 1

    def rate(self, rm: str, quarter: str, value: str) -> None:
        reviewed.rated(self.story, rm, "service", value, quarter=quarter)

    def vote(self, rm: str, quarter: str, measure: str) -> None:
        reviewed.voted(self.story, measure, rm, f"p{self.votes % 3}", quarter=quarter)
        self.votes += 1

    def assign(self, customer: str, a_rm: str, b_rm: str, assets: str) -> None:
        self.story.assign(customer, a_rm=a_rm, b_rm=b_rm, assets=assets)

    def agree(self, rm: str, quarter: str, indicator: str, target: str) -> None:
        self.story.agree(rm, quarter, **{indicator: target, "reason": "talked over"})

    def transfer(self, rm: str, org: str, position: str, day: str) -> None:
        self.story.register(rm, org, **{"from": day, "position": position})

    def be_absent(self, rm: str, day: str, length: int) -> None:
        first = date.fromisoformat(day)
        self.bank.record_absence(rm, first, first + timedelta(days=length), "hr")

    def leave(self, rm: str, day: str) -> None:
        latest = self.bank.register.rms[rm].postings[-1]
        self.story.register(rm, latest.org, **{"from": str(latest.from_day), "left_on": day})

    def certify(self, rm: str, until: str) -> None:
        latest = self.bank.register.rms[rm].postings[-1]
        more = {"from": str(latest.from_day), "certificate": "CFP", "certified_until": until}
        self.story.register(rm, latest.org, **more)

    def join(self, rm: str, day: str) -> None:
        self.story.register(rm, "south", joined_on=day)

    def leave_boards(self, rm: str) -> None:
        self.bank.leave_boards(rm, rm)

    def join_boards(self, rm: str) -> None:
        self.bank.join_boards(rm, rm)

    def choose_alias(self, rm: str, alias: str) -> None:
        self.bank.choose_alias(rm, alias, rm)

    def drop_alias(self, rm: str) -> None:
        self.bank.drop_alias(rm, rm)

    def move_unit(self, org: str, parent: str) -> None:
        self.bank.open_units([{"org": org, "parent": parent, "level": "outlet", "name": org}], "lead")

    def publish(self, positions: str, effective: str, weight: str) -> None:
        text = self.story.scheme.replace('["personal"]', positions).replace("2026-01-01", effective)
        self.story.publish(text.replace('scheme = "tests"', f'scheme = "tests-{weight}"'))

    def advance(self, hours: int) -> None:
        now = self.story.clock.now + timedelta(hours=hours)
        self.story.clock.now = min(now, datetime(2026, 5, 20, tzinfo=UTC))

    def close_day(self, back: int) -> None:
        last = self.bank.register.last_closed
        self.bank.close_day(last + timedelta(days=1) if last else self.bank.today - timedelta(days=back), "clock")

    def step(self) -> None:
        """For whoever follows."""

    restart = step


def _waits(action: Action) -> bool:
    return action.state == "recorded"


def _counts(action: Action) -> bool:
    return action.state == "counted" and not action.recorded.reverses


def _stands(action: Action) -> bool:
    return action.state in ("recorded", "counted") and not action.reversals


IN_EAST = '["personal"]\nunits = ["east"]'
"""Whom a scheme appraises: a position of one unit alone."""
EVERY_ACT = [
    Act("record", ("r1", "visit", "2026-02-02", "2", "0", "C1")),
    Act("record", ("r1", "deposit", "2026-02-03", "1", "2500", "C1")),
    Act("record", ("r2", "card", "2026-02-04", "1", "0", "C2")),
    Act("record", ("r3", "fund", "2026-02-05", "1", "100", "")),
    Act("verify", (1,)),
    Act("step"),
    Act("reject", (1,)),
    Act("verify_all"),
    Act("deliver", ("r1", "2026Q1", "1234.567", "2026-02-27")),
    Act("rate", ("r1", "2026Q1", "85.5")),
    Act("vote", ("r1", "2026Q1", "profit")),
    Act("assign", ("C1", "r1", "r2", "40.05")),
    Act("agree", ("r2", "1", "funds", "5")),
    Act("restart"),
    Act("reverse", (1, "1", "100", 9)),
    Act("void", (2,)),
    Act("reverse_whole", (1, 9)),
    Act("transfer", ("r2", "east", "trainee", "2026-03-02")),
    Act("be_absent", ("r1", "2026-02-09", 4)),
    Act("step"),
    Act("leave", ("r3", "2026-03-10")),
    Act("certify", ("r1", "2026-03-31")),
    Act("join", ("r4", "2026-02-02")),
    Act("publish", (IN_EAST, "2026-01-01", "b")),
    Act("leave_boards", ("r2",)),
    Act("choose_alias", ("r2", "晨星")),
    Act("drop_alias", ("r2",)),
    Act("join_boards", ("r2",)),
    Act("leave_boards", ("r3",)),
    Act("move_unit", ("west", "branch")),
    Act("publish", ('["trainee"]', "2026-01-01", "a")),
    Act("record", ("r2", "visit", "2026-03-03", "5", "0", "C2")),
    Act("verify_all"),
    Act("advance", (24 * 9,)),
    Act("close_day", (1,)),
]
"""A history of acts that each change the log, but for the time that passes; all there are (a test says so)."""


def act(name: str, *told: st.SearchStrategy[Any]) -> st.SearchStrategy[Act]:
    return st.tuples(*told).map(lambda given: Act(name, given))


NUMBERS = st.integers(0, 30)
WORK = st.one_of(
    act("record", RMS, st.sampled_from(SELF_REPORTED + FED), DAYS, QUANTITIES, AMOUNTS, CUSTOMERS),
    act("record", RMS, st.sampled_from(SELF_REPORTED + FED), DAYS, QUANTITIES, AMOUNTS, CUSTOMERS),
    act("reverse", NUMBERS, QUANTITIES, AMOUNTS, st.integers(0, 40)),
    act("reverse_whole", NUMBERS, st.integers(0, 40)),
    act("verify", NUMBERS),
    act("verify_all"),
    act("reject", NUMBERS),
    act("void", NUMBERS),
    act("deliver", RMS, st.sampled_from(["2026Q1", "2026Q2"]), VALUES, DAYS),
    act("assign", st.sampled_from(["C1", "C2"]), RMS, RMS, AMOUNTS),
)
REGISTER = st.one_of(
    act("rate", RMS, st.sampled_from(["2026Q1", "2026Q2"]), st.sampled_from(["0", "60", "99.5"])),
    act("vote", RMS, st.sampled_from(["2026Q1", "2026Q2"]), st.sampled_from(["profit", "nothing"])),
    act("agree", RMS, st.sampled_from("123"), st.sampled_from(["funds", "savings", "calls"]), st.sampled_from("359")),
    act("transfer", RMS, st.sampled_from(["east", "south", "branch"]), st.sampled_from(["personal", "trainee"]), DAYS),
    act("be_absent", RMS, DAYS, st.integers(0, 40)),
    act("leave", RMS, DAYS),
    act("certify", RMS, DAYS),
    act("join", st.sampled_from(["r4", "r5"]), DAYS),
    act("leave_boards", RMS),
    act("join_boards", RMS),
    act("choose_alias", RMS, st.sampled_from(["晨星", "Otter", "person r1"])),
    act("drop_alias", RMS),
    act("move_unit", st.sampled_from(["east", "west"]), st.sampled_from(["head", "branch", "south"])),
    act("publish", st.sampled_from(['["*"]', '["trainee"]', '["personal"]', IN_EAST]),
        st.sampled_from(["2026-01-01", "2026-04-01"]), st.sampled_from("ab")),
)  # fmt: skip
TIME = st.one_of(
    act("advance", st.sampled_from([1, 30, 24 * 9])),
    act("close_day", st.integers(1, 90)),
    act("close_day", st.just(1)),
)


def histories(length: int) -> st.SearchStrategy[list[Act]]:
    """Acts in any order, with the steps and restarts of whoever follows among them."""
    followers = st.sampled_from([Act("step"), Act("step"), Act("restart")])
    usual = st.one_of(WORK, WORK, WORK, REGISTER, TIME, followers)
    return st.lists(usual, min_size=length // 2, max_size=length)
