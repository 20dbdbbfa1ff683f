"""Builds the demo bank day by day through the bank's own commands, on a clock that never runs ahead of the real one.

Everything follows from the seed and the last day, so a build that was interrupted goes on at the day that was not
closed: what that day had recorded already is a duplicate.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import Random
from typing import Any

import pyarrow as pa

from api.demo.agreements import negotiate
from api.demo.contracts import Agreed, agreed_targets
from api.demo.design import LOT, Design
from api.demo.diary import PERSONAL_SOURCE, Diary, Entry, Line
from api.demo.habits import Habits
from api.demo.posts import first_posts, handed_over
from api.demo.reviews import Reviews
from api.demo.staff import rm_line
from api.demo.tree import Node
from api.demo.warehouse import deliveries
from domain.bank import Bank, Outcome
from domain.bulk.door import TableOutcome
from domain.calendar import Quarter, days, is_working_day
from domain.fields import CLOCK
from domain.publication import digest_of
from domain.refusal import Refused
from domain.scheme import Scheme

MORNING, AFTERNOON, EVENING, NIGHT = time(8, 0), time(17, 0), time(18, 30), time(20, 0)
VERIFIED_EVERY = 5
"""Working days between two times at which a supervisor verifies."""
FEW = 1_000
"""Lines up to which one after the other is as quick."""
HR, FINANCE = "hr-office", "finance-office"
"""The departments: what human resources proposes, finance approves."""


class DemoFault(Exception):
    """The bank refused what the demo does: a fault of the demo."""


class Build:
    """One build: the bank it fills, the design it follows, and what is still to be recorded, verified or taken back.

    `lived` is the last day that an earlier build of the same went through, and `finish` is told each further one.
    """

    def __init__(
        self, bank: Bank, design: Design, lived: date | None, finish: Callable[[date], None], reviews: Reviews
    ) -> None:
        self.bank, self.design = bank, design
        self.staff, self.span = design.staff, design.span
        self.actions = 0
        self._lived, self._finish, self._reviews = lived, finish, reviews
        self._live = True
        self._tolerant = False
        self._diaries: list[Diary] = []
        self._contracts: defaultdict[date, list[Line]] = defaultdict(list)
        self._orphaned: defaultdict[date, list[Line]] = defaultdict(list)
        self._ready: defaultdict[date, list[Line]] = defaultdict(list)
        self._waiting: defaultdict[str, list[str]] = defaultdict(list)
        self._rejecting: defaultdict[str, list[Entry]] = defaultdict(list)
        self._undoing: defaultdict[date, list[Entry]] = defaultdict(list)

    def run(self, progress: Callable[[int, int], None]) -> None:
        """Live through every day of the demo."""
        every = list(days(self.span.first_day, self.span.last_day))
        working = 0
        for number, day in enumerate(every):
            self._begin(day)
            if day == self.span.first_day:
                self._found(day)
            if day == Quarter.of(day).first_day:
                self._plan(Quarter.of(day))
            working += is_working_day(day)
            self._live_through(day, working)
            progress(number + 1, len(every))

    def _begin(self, day: date) -> None:
        """Whether the bank has lived through this day already, or through a part of it."""
        self._live = self._lived is None or day > self._lived
        self._tolerant = day == (self._lived + timedelta(days=1) if self._lived else self.span.first_day)
        salts = Random(
            f"{self.design.seed} {day}"
        )  # a demo's salts are no secret, and the same seed gives the same log
        self.bank.salts = lambda: f"{salts.getrandbits(128):032x}"

    def _at(self, day: date, moment: time) -> None:
        """Set the bank's clock."""
        now = datetime.combine(day, moment, self.bank.timezone)
        self.bank.clock = lambda: now

    def _do(self, command: Callable[..., Sequence[Outcome] | Outcome], *given: Any, **named: Any) -> None:
        """Give the bank a command, unless it stands from an earlier build; what was done already may be refused."""
        outcomes = command(*given, **named) if self._live else ()
        for outcome in outcomes if isinstance(outcomes, Sequence) else [outcomes]:
            if isinstance(outcome, Refused):
                stale = all(refusal.code == "stale" for refusal in outcome.refusals)
                if not (stale and self._tolerant):
                    raise DemoFault(str(outcome))

    def _found(self, day: date) -> None:
        """Open the units, publish the schemes, register who serves from the first day on."""
        self._at(day, MORNING)
        self._do(self.bank.open_units, [node.line() for node in self.design.tree], HR)
        for trade in self.design.trades:
            for scheme in trade.versions:
                self._publish(scheme)
        # posted from this day on: an earlier posting would be a service in quarters that the demo does not cover
        lines = [rm_line(member, day) for member in self.staff.members if member.joined_on < day]
        self._do(self.bank.register_rms, lines, HR)
        for trade in self.design.trades:
            self._give_posts(trade.habits, day)

    def _give_posts(self, habits: Habits, day: date) -> None:
        """Give those of a trade who serve their customers, and what becomes of them when one leaves."""
        members = enumerate(self.staff.members)
        serving = [n for n, each in members if each.joined_on < day and each.position in habits.positions]
        for first in range(0, len(serving), LOT):
            lot = first_posts(self.staff, serving[first : first + LOT], habits, self.design.seed)
            self._take(self.bank.assign_customer_tables, lot, HR)
            for left_on, lines in handed_over(lot, self.staff):
                self._orphaned[left_on] += lines

    def _publish(self, scheme: Scheme) -> None:
        """Put a scheme's version in force, as two offices do."""
        self._do(self.bank.propose_scheme, scheme.text, HR)
        self._do(self.bank.approve_scheme, scheme.scheme, scheme.effective, digest_of(scheme.text), FINANCE)

    def _plan(self, quarter: Quarter) -> None:
        """Put a quarter's work into diaries, and its targets on the days on which they are agreed."""
        # entries of the quarter before come late
        self._diaries = [diary for diary in self._diaries if diary.quarter == quarter.previous]
        for desk, work in self.design.work(quarter):
            self._diaries.append(Diary(work, desk, self.staff))
            middle = desk.plan.days[len(desk.plan.days) // 2]
            for day, lines in deliveries(desk, self.staff, self.design.seed).items():
                self._ready[day] += lines
            for agreed in agreed_targets(desk, self.staff):
                self._put(agreed, quarter, middle)

    def _put(self, agreed: Agreed, quarter: Quarter, middle: date) -> None:
        joined_on = self.staff.members[agreed.member].joined_on
        self._contracts[max(quarter.first_day, joined_on)].append(agreed.line)
        if agreed.amended:
            self._contracts[max(middle, joined_on + timedelta(days=1))].append(agreed.amended)

    def _live_through(self, day: date, working: int) -> None:
        self._at(day, MORNING)
        self._staff_changes(day)
        self._agree(self._contracts.pop(day, []))
        if is_working_day(day):
            self._at(day, AFTERNOON)
            self._verify(
                [node for n, node in enumerate(self.design.tree) if n % VERIFIED_EVERY == working % VERIFIED_EVERY]
            )
        self._review(day)
        self._at(day, EVENING)
        self._record(day)
        self._undo(day)
        self._deliver_ready(self._ready.pop(day, []))
        self._do(self.bank.assign_customers, self._orphaned.pop(day, []), HR)
        if day == self.span.last_day:
            self._at(day, NIGHT)
            self._verify(self.design.tree)
            self._negotiate(day)
        self._at(day + timedelta(days=1), time(0, 0, 1))
        self._do(self.bank.close_day, day, CLOCK)
        if self._live:
            self._finish(day)

    def _negotiate(self, day: date) -> None:
        """Let next year's contracts of the outlet that the stories are about be drafted, negotiated and signed."""
        members = self.staff.members
        known = {each.rm: n for n, each in enumerate(members)}
        first = next((known[each.rm] for each in self.design.stories.sign_ins if each.rm in known), 0)
        outlet = self.staff.outlet_on(first, day)
        here = [members[n].rm for n in self.staff.serving(day, day) if self.staff.outlet_on(n, day) == outlet]
        if self._live and here:
            negotiate(self.bank, self._do, outlet, here, FINANCE)

    def _review(self, day: date) -> None:
        """Take the steps of reviews that fall on a day, unless they stand from an earlier build."""
        if self._live:
            self._reviews.on(day)
        refused, self._reviews.refused = self._reviews.refused, []
        if refused and not self._tolerant:
            raise DemoFault(str(refused[0]))

    def _agree(self, lines: list[Line]) -> None:
        """Agree targets, or amend them; the table's door is for those that stand for the first time."""
        for amending, group in groupby(lines, key=lambda line: "reason" in line):
            some = list(group)
            if amending or len(some) < FEW:
                self._do(self.bank.agree_targets, some, HR)
            else:
                self._take(self.bank.agree_target_tables, pa.Table.from_pylist(some), HR)

    def _take(self, command: Callable[[list[pa.Table], str], Iterator[TableOutcome]], table: pa.Table, by: str) -> None:
        """Give the bank a table, unless it stands from an earlier build."""
        for outcome in command([table], by) if self._live else ():
            if outcome.refused:
                raise DemoFault(str(outcome.refused[0][1]))

    def _staff_changes(self, day: date) -> None:
        """Who joins, leaves, moves or goes on leave from this day on."""
        members = self.staff.members
        first = self.span.first_day
        lines = [rm_line(each, day) for each in members if each.joined_on == day >= first]
        leaving = (each for each in members if each.left_on == day)
        lines += [rm_line(each, max(first, each.joined_on)) | {"left_on": day.isoformat()} for each in leaving]
        moves = (move for move in self.staff.moves if move.day == day)
        lines += [rm_line(members[move.member], day, move.outlet) for move in moves]
        if lines:
            self._do(self.bank.register_rms, lines, HR)
        for leave in self.staff.leaves:
            if leave.first == day:
                self._do(self.bank.record_absence, members[leave.member].rm, leave.first, leave.last, HR)

    def _record(self, day: date) -> None:
        """Record a day's entries: systems deliver theirs by source, RMs write what still waits themselves."""
        written = 0
        for diary in self._diaries:
            page = diary.on(day, written)
            for source, lines in page.by_source():
                if source == PERSONAL_SOURCE:
                    self._write(lines)
                else:
                    self._deliver(lines, source)
            for verifier, ids in page.to_verify().items():
                self._waiting[verifier] += ids
            for entry in page.to_undo():
                self._undoing[entry.undone_on].append(entry)
                if entry.undone == "rejected":
                    self._rejecting[entry.verifier].append(entry)
            written += len(page.work)
        self.actions += written

    def _deliver(self, lines: pa.Table, source: str) -> None:
        """Record what a system delivers; a table's door is worth its while for many lines."""
        if lines.num_rows < FEW:
            self._do(self.bank.record_actions, lines.to_pylist(), source)
        else:
            self._take(self.bank.record_action_tables, lines, source)

    def _deliver_ready(self, lines: list[Line]) -> None:
        """Record the warehouse's figures."""
        source = self.design.habits.warehouse.source
        if len(lines) < FEW:
            self._do(self.bank.record_measures, lines, source)
        else:
            self._take(self.bank.record_measure_tables, pa.Table.from_pylist(lines), source)

    def _write(self, lines: pa.Table) -> None:
        """Let RMs record their own work."""
        by_writer: defaultdict[str, list[Line]] = defaultdict(list)
        for line in lines.to_pylist():
            by_writer[line["rm"]].append(line)
        for writer, own in by_writer.items():
            self._do(self.bank.record_actions, own, writer, person=True)

    def _verify(self, outlets: list[Node]) -> None:
        """Let the heads of some outlets decide on what waits for them."""
        for outlet in outlets:
            if ids := self._waiting.pop(outlet.supervisor, []):
                self._do(self.bank.decide_actions, ids, "verify", outlet.supervisor)
            for entry in self._rejecting.pop(outlet.supervisor, []):
                self._reject(entry)

    def _reject(self, entry: Entry) -> None:
        habits = self.design.trade_of(self.staff.members[entry.member]).habits
        reasons = habits.kinds[entry.line["kind"]].reasons or self.design.habits.paperwork.reasons["rejected"]
        self._do(self.bank.reject_action, entry.action_id, reasons[entry.member % len(reasons)], entry.verifier)

    def _undo(self, day: date) -> None:
        """Take back what was recorded in error."""
        for entry in self._undoing.pop(day, []):
            if entry.undone == "voided":
                self._void(entry, day)
            elif entry.undone == "reversed":
                original = f"{entry.line['source']}:{entry.line['external_ref']}"
                reference = f"{entry.line['external_ref']}-back"
                served = min(day, self.staff.members[entry.member].left_on or day)  # some have left by then
                back = {"external_ref": reference, "occurred_on": served.isoformat(), "reverses": original}
                line = entry.line | back
                self._do(self.bank.record_actions, [line], line["source"])

    def _void(self, entry: Entry, day: date) -> None:
        reasons = self.design.habits.paperwork.reasons["voided"]
        by = self.staff.outlet_on(entry.member, day).supervisor
        self._do(self.bank.void_action, entry.action_id, reasons[entry.member % len(reasons)], by)
