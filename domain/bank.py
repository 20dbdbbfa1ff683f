"""The bank: one short method per command. The only one that writes.

A command answers with `Taken` or `Refused`, a bulk command with one of them per line, in the lines' order. A decision
is made on the register as of one log position; should the register move before it is written, or another writer be
quicker on a stream, it is made again. Longer than 300 lines because it is the one list of commands.
"""

import json
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from domain import (
    action,
    agreement,
    contract,
    customer,
    imported_file,
    measure,
    organisation,
    payroll,
    plan,
    publication,
    relationship_manager,
)
from domain.action import Action, Decide, Verdict
from domain.board_commands import BoardCommands
from domain.bulk import verification
from domain.bulk.door import Registers, TableDoor, TableOutcome
from domain.bulk.subjects import ACTIONS, CONTRACTS, CUSTOMERS, MEASURES, Subject
from domain.calendar import Quarter
from domain.deciding import CHUNK, Line
from domain.deciding import TRIES as TRIES
from domain.deciding import Outcome as Outcome
from domain.events import ActionRecorded, DayClosed, Event, MeasureDelivered
from domain.imported_file import ImportedFile, Imports
from domain.log import Decision, ResultsMoved, Text
from domain.refusal import Refusal, Refused, Taken, reference_taken
from domain.register import Register
from domain.review_commands import ReviewCommands

PATIENCE = 10
"""Seconds that a writer waits for the store's lock, unless it was opened with less patience."""
STORE = "bank.sqlite"

E = TypeVar("E", bound=Event)


class Bank(ReviewCommands, BoardCommands):
    """Takes facts in and writes events; `clock` tells the moment, `salts` makes the digests of texts untellable."""

    name = "bank"
    env = {  # noqa: RUF012 - the library's way of naming its parts
        "MAPPER_TOPIC": "domain.log:PlainJson",
        "ORIGINATOR_ID_TYPE": "text",
        "PERSISTENCE_MODULE": "domain.sqlite_log",
    }

    def __init__(
        self,
        env: Mapping[str, str],
        timezone: str = "Asia/Shanghai",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        salts: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        super().__init__(env, timezone, clock, salts)
        self._registers = Registers()

    def close(self) -> None:
        self._registers.close()
        super().close()

    def names(self, rms: Sequence[str]) -> dict[str, str]:
        """The names of RMs; those that were erased are missing."""
        return {key[3:]: text for key, text in self.log.select_texts("name", [f"rm:{rm}" for rm in rms]).items()}

    # The organisation, its people and their contracts

    def open_units(self, lines: Sequence[Line], by: str) -> list[Outcome]:
        """Open or change units, parents first."""

        def decide(chunk: Sequence[Line], register: Register) -> list[Outcome]:
            return self._write(organisation.open_units(chunk, register.units, self._stamp(by)), register.position)

        return self._in_chunks(lines, decide)

    def register_rms(self, lines: Sequence[Line], by: str) -> list[Outcome]:
        """Register RMs, or take in their transfers, certificates and departures; one line or thousands."""
        return self._in_chunks(lines, partial(self._register_chunk, by))

    def _register_chunk(self, by: str, lines: Sequence[Line], register: Register) -> list[Outcome]:
        names = self.names([str(line.get("rm", "")) for line in lines])
        people = (register.rms, names, register.units)
        decided = relationship_manager.register_rms(lines, *people, self._stamp(by), self.salts)
        return self._write(decided, register.position)

    def record_absence(self, rm: str, from_day: date, to_day: date, by: str) -> Outcome:
        """Record the days (both included) on which an RM is away."""

        def decide(register: Register) -> list[Outcome]:
            stamp = self._stamp(by)
            absent = relationship_manager.be_absent(rm, register.rms.get(rm), from_day, to_day, stamp)
            return self._write([absent], register.position)

        return self._decided(decide)[0]

    def agree_targets(self, lines: Sequence[Line], by: str) -> list[Outcome]:
        """Agree targets of contracts, or amend them with a reason."""

        def decide(chunk: Sequence[Line], register: Register) -> list[Outcome]:
            read = [contract.read_line(line, register) for line in chunk]
            ids = [line.contract_id for line in read if not isinstance(line, Refused)]
            standing = self._folded(ids, contract.fold)
            return self._write(contract.agree_targets(read, standing, self._stamp(by), self.salts), register.position)

        return self._in_chunks(lines, decide)

    def read_contracts(self, year: int, rms: Sequence[str]) -> dict[str, contract.Contract]:
        """Several RMs' contracts of a year as the log has them now; those that nobody began are missing."""
        found = self._folded([contract.contract_id(rm, year) for rm in rms], contract.fold)
        return {key.split(":")[1]: state for key, state in found.items()}

    def draft_contracts(self, rms: Sequence[str], year: int, by: str) -> list[Outcome]:
        """Draft contracts of a year from the schemes; one RM or thousands."""

        def decide(chunk: Sequence[str], register: Register) -> list[Outcome]:
            now, before = self.read_contracts(year, chunk), self.read_contracts(year - 1, chunk)
            today, stamp = self.today, self._stamp(by)
            sheets = [contract.Sheet(rm, year, now.get(rm)) for rm in chunk]
            decided = [agreement.draft(one, before.get(one.rm), register, today, stamp) for one in sheets]
            return self._write(decided, register.position)

        return self._once_each(rms, decide)

    def draft_contract(self, rm: str, year: int, by: str) -> Outcome:
        """Draft an RM's contract of a year from the scheme."""
        return self.draft_contracts([rm], year, by)[0]

    def propose_targets(self, rm: str, year: int, lines: Sequence[Line], by: str, reason: str = "") -> Outcome:
        """Ask for other targets in a contract's draft: all of the lines, or none where one is at fault."""

        def decide(register: Register) -> list[Outcome]:
            sheet = contract.Sheet(rm, year, self.read_contracts(year, [rm]).get(rm))
            known = register, self.today, self._stamp(by)
            return self._write([agreement.propose(sheet, lines, reason, *known, self._salts())], register.position)

        return self._decided(decide)[0]

    def sign_contracts(
        self, digests: Mapping[str, str], year: int, party: contract.Party, by: str, granted_by: Collection[str] = ()
    ) -> list[Outcome]:
        """Sign contracts of a year for one party, each by RM and the digest of the text that was looked at."""

        def decide(chunk: Sequence[str], register: Register) -> list[Outcome]:
            now = self.read_contracts(year, chunk)
            sheets = [contract.Sheet(rm, year, now.get(rm)) for rm in chunk]
            given = [(one.subject, at) for one in sheets if one.state for at, _ in one.state.reasons.values()]
            told, known = self._reasons(given), (register, self.today, self._stamp(by))

            def sign(one: contract.Sheet) -> Decision | Refused:
                reasons = told.get(one.subject, {})
                return agreement.sign(one, party, digests[one.rm], *known, reasons, self._salts(), granted_by)

            return self._write([sign(one) for one in sheets], register.position)

        return self._in_chunks(list(digests), decide)

    def sign_contract(
        self, rm: str, year: int, party: contract.Party, digest: str, by: str, granted_by: Collection[str] = ()
    ) -> Outcome:
        """Sign an RM's contract of a year for one of its three parties, by the digest of the text looked at."""
        return self.sign_contracts({rm: digest}, year, party, by, granted_by)[0]

    def set_plan(self, org: str, year: int, lines: Sequence[Line], by: str, reason: str = "") -> Outcome:
        """Set figures of a unit's plan of a year: all of the lines, or none where one is at fault."""

        def decide(register: Register) -> list[Outcome]:
            key = plan.plan_id(org, year)
            standing = self._folded([key], plan.fold).get(key)
            known = register, self.today, self._stamp(by)
            return self._write(
                [plan.set_plan(org, year, lines, reason, standing, *known, self._salts())], register.position
            )

        return self._decided(decide)[0]

    def set_plans(self, lines: Sequence[Line], by: str) -> list[Outcome]:
        """Set figures of many units' plans, one line each."""

        def decide(chunk: Sequence[Line], register: Register) -> list[Outcome]:
            read = [plan.read_line(line) for line in chunk]
            standing = self._folded([line.plan_id for line in read if not isinstance(line, Refused)], plan.fold)
            known = standing, register, self.today, self._stamp(by)
            return self._write(plan.set_plans(read, *known, self._salts()), register.position)

        return self._in_chunks(lines, decide)

    def _reasons(self, events: Sequence[tuple[str, int]]) -> dict[str, dict[int, str]]:
        """The reasons that some events gave, by stream and version; those that were erased are missing."""
        reasons: dict[str, dict[int, str]] = {}
        for (stream, version), texts in (self.log.select_texts_of(events) if events else {}).items():
            reasons.setdefault(stream, {}).update({version: texts["reason"]} if "reason" in texts else {})
        return reasons

    def _salts(self) -> Iterator[str]:
        return iter(self.salts, None)

    def _once_each(
        self, keys: Sequence[str], decide: Callable[[Sequence[str], Register], Sequence[Outcome]]
    ) -> list[Outcome]:
        """A decision per key, where one may be named twice: it is decided once, and answered at each place."""
        unique = list(dict.fromkeys(keys))
        told = dict(zip(unique, self._in_chunks(unique, decide), strict=True))
        return [told[key] for key in keys]

    def assign_customers(self, lines: Sequence[Line], by: str) -> list[Outcome]:
        """Put customers under the RMs of their A and B posts, one line or a million; a changed line assigns anew."""
        return self._in_chunks(lines, partial(self._assign_chunk, by))

    def _assign_chunk(self, by: str, lines: Sequence[Line], register: Register) -> list[Outcome]:
        read = [customer.read_line(line, register) for line in lines]
        standing = self._folded([line.customer_id for line in read if not isinstance(line, Refused)], customer.fold)
        return self._write(customer.assign_customers(read, standing, self._stamp(by)), register.position)

    def agree_target_tables(self, tables: Iterable[pa.Table], by: str) -> Iterator[TableOutcome]:
        """Agree tables of targets, as `record_action_tables` does actions; what amends one is decided by line."""
        return self._record_tables(CONTRACTS, tables, by, self.agree_targets)

    def assign_customer_tables(self, tables: Iterable[pa.Table], by: str) -> Iterator[TableOutcome]:
        """Assign tables of customers, as `record_action_tables` does actions; who stands already is decided by line."""
        return self._record_tables(CUSTOMERS, tables, by, self.assign_customers)

    # The work

    def record_actions(self, lines: Sequence[Line], by: str, *, person: bool = False) -> list[Outcome]:
        """Record actions, one line or a million. `person` says that a person does so in the work log.

        The same reference with the same content is a duplicate, with other content a conflict. Lines that reverse an
        action are decided one by one.
        """
        outcomes: list[Outcome] = []
        for reversing, group in groupby(lines, key=lambda line: bool(line.get("reverses"))):
            record = self._reverse_action if reversing else self._record_chunk
            outcomes += self._in_chunks(group, partial(record, by, person), 1 if reversing else CHUNK)
        return outcomes

    def record_action_tables(self, tables: Iterable[pa.Table], by: str) -> Iterator[TableOutcome]:
        """Record tables of actions one after the other: an outcome for each, in turn.

        Their columns are texts, named as the fields of a line; "" or null is missing. The verdicts and the stored bytes
        are those of `record_actions`, at many times its speed.
        The next table is read and checked in a thread while one is inserted, so `tables` is asked one ahead, from that
        thread; tables of some 20,000 lines or more use that best. Reversals come at the end of their own table. What
        was told of a table is stored for good, also when the caller stops asking.
        """
        return self._record_tables(ACTIONS, tables, by, self.record_actions)

    def _record_tables(
        self,
        subject: Subject,
        tables: Iterable[pa.Table],
        by: str,
        record: Callable[[Sequence[Line], str], list[Outcome]],
    ) -> Iterator[TableOutcome]:
        door = TableDoor(
            subject, self.log, self._registers, lambda: self.register, lambda: (self.today, self._stamp(by)),
            salts=self.salts, decided=self._decided, decide_lines=lambda lines: record(lines, by),
        )  # fmt: skip
        return door.record(tables)

    def _record_chunk(self, by: str, person: bool, lines: Sequence[Line], register: Register) -> list[Outcome]:
        today, stamp = self.today, self._stamp(by)
        new: dict[str, ActionRecorded] = {}
        texts: list[Text] = []
        recorded: list[ActionRecorded | Refused] = []
        for line in lines:
            reading = action.read_line(line, register, today, person)
            if isinstance(reading, Refused):
                recorded.append(reading)
                continue
            event, note = action.record(reading, stamp, self.salts() if reading.line.note else "")
            recorded.append(event)
            if new.setdefault(event.originator_id, event) is event and note:
                texts.append(note)
        stored = [self.mapper.to_stored_event(event) for event in new.values()]
        positions, standing = self.log.insert_new(stored, texts, register.position)
        return [_told(event, new, positions, standing, action.same_content) for event in recorded]

    def _reverse_action(self, by: str, person: bool, lines: Sequence[Line], register: Register) -> list[Outcome]:
        reading = action.read_line(lines[0], register, self.today, person)
        if isinstance(reading, Refused):
            return [reading]
        action_id, original_id, stamp = reading.line.action_id, f"action:{reading.line.reverses}", self._stamp(by)
        actions = self._folded([action_id, original_id], action.fold)
        if standing := actions.get(action_id):
            again = action.record(reading, stamp, "")[0].model_copy(update={"reverses": original_id})
            same = action.same_content(_state(standing.recorded), _state(again))
            return [Taken(action_id, "duplicate", register.position) if same else reference_taken()]
        original = actions.get(original_id)
        earlier = self._folded([each.by_action for each in original.reversals], action.fold) if original else {}
        waiting = any(each.state == "recorded" for each in earlier.values())
        decision = action.reverse(reading, original, waiting, stamp, self.salts())
        return self._write([decision], register.position)

    def record_measures(self, lines: Sequence[Line], by: str) -> list[Outcome]:
        """Record ready figures of the bank's warehouse, one line or a million.

        The same reference with the same content is a duplicate, with other content a conflict.
        """
        return self._in_chunks(lines, partial(self._deliver_chunk, by))

    def _deliver_chunk(self, by: str, lines: Sequence[Line], register: Register) -> list[Outcome]:
        today, stamp = self.today, self._stamp(by)
        read = [measure.read_line(line, register, today) for line in lines]
        delivered = [each if isinstance(each, Refused) else measure.record(each, stamp) for each in read]
        new: dict[str, MeasureDelivered] = {}
        for event in delivered:
            if not isinstance(event, Refused):
                new.setdefault(event.originator_id, event)
        stored = [self.mapper.to_stored_event(event) for event in new.values()]
        positions, standing = self.log.insert_new(stored, (), register.position)
        return [_told(event, new, positions, standing, measure.same_content) for event in delivered]

    def record_measure_tables(self, tables: Iterable[pa.Table], by: str) -> Iterator[TableOutcome]:
        """Record tables of ready figures, as `record_action_tables` does actions."""
        return self._record_tables(MEASURES, tables, by, self.record_measures)

    def read_action(self, action_id: str) -> Action | None:
        """One action as the log has it now; None where nobody recorded it."""
        return self.read_actions([action_id]).get(action_id)

    def read_actions(self, ids: Sequence[str]) -> dict[str, Action]:
        """Several actions as the log has them now, by one query; those that nobody recorded are missing."""
        return self._folded(ids, action.fold)

    def verify_action(self, action_id: str, by: str) -> Outcome:
        """Confirm an action, so that it counts."""
        return self.decide_actions([action_id], "verify", by)[0]

    def reject_action(self, action_id: str, reason: str, by: str) -> Outcome:
        """Refuse to confirm an action, with a reason."""
        return self.decide_actions([action_id], "reject", by, reason)[0]

    def decide_actions(self, ids: Sequence[str], decision: Verdict, by: str, reason: str = "") -> list[Outcome]:
        """Confirm actions, or refuse to with one reason; one action or thousands, each by itself.

        Of many that are confirmed those that plainly wait for it come first.
        """
        if decision == "reject":
            fault = action.check_reason(reason)
            return [Refused([fault])] * len(ids) if fault else self._decide_on(ids, action.reject, by, reason)
        many = len(ids) >= verification.MANY and len(set(ids)) == len(ids)
        confirmed = self._in_chunks(ids, partial(self._confirm, by)) if many else []
        taken = {one.subject: one for one in confirmed}
        others = iter(self._decide_on([key for key in ids if key not in taken], action.verify, by, None))
        return [taken.get(key) or next(others) for key in ids]

    def _confirm(self, by: str, ids: Sequence[str], register: Register) -> list[Taken]:
        """Confirm those of many actions that plainly wait for it."""
        with self._registers.tables_of(register).cursor() as cursor:
            events = verification.confirmed(self.log.select_streams(ids), self._stamp(by), cursor)
        positions = self.log.insert_events(events) or ()
        keys = [str(event.originator_id) for event in events]
        return [Taken(key, "accepted", position) for key, position in zip(keys, positions, strict=True)]

    def void_action(self, action_id: str, reason: str, by: str) -> Outcome:
        """Take back an action that was recorded in error, with a reason."""
        fault = action.check_reason(reason)
        return Refused([fault]) if fault else self._decide_on([action_id], action.void, by, reason)[0]

    def correct_action(self, action_id: str, line: Line, by: str) -> Outcome:
        """Void one's own entry that nobody has decided on and record what is right, in one save: both or neither. The
        same again is a duplicate."""
        return self._decided(partial(self._correct, action_id, line, by))

    def _correct(self, action_id: str, line: Line, by: str, register: Register) -> Outcome:
        reading = action.read_line(line, register, self.today, person=True)
        if isinstance(reading, Refused):
            return reading
        stamp, new_id = self._stamp(by), reading.line.action_id
        actions = self._folded([action_id, new_id], action.fold)
        corrected, standing = actions.get(action_id), actions.get(new_id)
        if corrected is None:
            return Refused([Refusal("not-found", "", "name an action that is recorded")])
        if standing:
            again = _state(action.record(reading, stamp, "")[0])
            is_same = corrected.replaced_by == new_id and action.same_content(_state(standing.recorded), again)
            return Taken(new_id, "duplicate", register.position) if is_same else reference_taken()
        return self._write([action.correct(corrected, reading, stamp, self.salts)], register.position)[0]

    def _decide_on(self, ids: Sequence[str], decide: Decide, by: str, reason: str | None) -> list[Outcome]:
        def text(key: str, version: int) -> Text | None:
            return Text(key, version, "reason", self.salts(), reason) if reason else None

        def decide_all(chunk: Sequence[str], _: Register) -> list[Outcome]:
            actions = self._folded(chunk, action.fold)
            reversed_ids = [str(each.recorded.reverses) for each in actions.values() if each.recorded.reverses]
            actions = self._folded(reversed_ids, action.fold) | actions if reversed_ids else actions
            return self._write(action.decide_on(chunk, actions, decide, self._stamp(by), text), -1)

        return self._in_chunks(ids, decide_all)

    # Imported files

    def note_import(self, file: ImportedFile, by: str) -> Outcome:
        """Note that a file was imported to its end; a duplicate where it stood already and brought nothing new."""

        def decide(register: Register) -> list[Outcome]:
            state = self._folded([file.import_id], imported_file.fold).get(file.import_id)
            return self._write([imported_file.note_import(file, state, self._stamp(by), self.salts)], -1)

        return self._decided(decide)[0]

    def earlier_import(self, file_kind: str, digest: str) -> tuple[Imports, int] | None:
        """The earlier imports of a file, and the log position of the first; None where it never came."""
        key = imported_file.import_id(file_kind, digest)
        state = self._folded([key], imported_file.fold).get(key)
        return (state, self.log.select_first_positions([key])[key]) if state else None

    # Payroll

    def payroll_runs(self, quarter: Quarter | None = None, until: int | None = None) -> list[payroll.Run]:
        """The payroll runs, of a quarter or of all, by quarter and number, as they stood at a position or stand now."""
        first = f"payroll:{quarter}:" if quarter else "payroll:"
        with self.log.reading() as cursor:
            last = self.log.last_position(cursor) if until is None else until
            rows = self.log.select_subject(cursor, first, last)
        runs: dict[str, payroll.Run] = {}
        for key, events in groupby(map(self.mapper.to_domain_event, rows), key=lambda event: str(event.originator_id)):
            if run := payroll.fold(None, events):
                runs[key] = run
        return sorted(runs.values(), key=lambda run: (run.quarter, run.run))

    def prepare_run(self, content: payroll.Content, by: str) -> Outcome:
        """Prepare what payroll is to be given of a quarter, for another person to release."""

        def decide(register: Register) -> list[Outcome]:
            runs = self.payroll_runs(content.quarter)
            last_at = max((at for run in runs for at in self.log.select_stream_positions(run.run_id)), default=0)
            return self._write([payroll.prepare(content, runs, last_at, self._stamp(by))], register.position)

        return self._decided(decide)[0]

    def discard_run(self, quarter: Quarter, run: int, reason: str, by: str) -> Outcome:
        """Give up a run that was prepared and not released, with the reason."""
        return self._of_run(
            quarter, run, lambda standing: payroll.discard(standing, reason, self._stamp(by), self.salts())
        )

    def release_run(
        self, quarter: Quarter, run: int, digest: str, seal: tuple[int, str], by: str, tied_to: Collection[str] = ()
    ) -> Outcome:
        """Hand a run to payroll that another person prepared, once: the very run that has the `digest`. `seal` is the
        last seal's position and digest; `tied_to` are those who could act as the one who releases, or reversely. A
        review that is reopened in the same moment is so before it, and the run is stale, or after it."""

        def decide(standing: payroll.Run | None) -> Decision | Refused:
            reopened = standing is not None and payroll.reopened_since(self.log, standing)
            return payroll.release(standing, digest, seal, reopened, self._stamp(by), tied_to)

        return self._of_run(quarter, run, decide)

    def _of_run(
        self, quarter: Quarter, run: int, decide: Callable[[payroll.Run | None], Decision | Refused]
    ) -> Outcome:
        def decide_anew(register: Register) -> list[Outcome]:
            key = payroll.run_id(quarter, run)
            standing = self._folded([key], payroll.fold).get(key)
            decided = decide(standing)
            return self._write([decided], register.position, payroll.guard_of(standing, decided))

        try:
            return self._decided(decide_anew)[0]
        except ResultsMoved:
            return Refused([payroll.REOPENED])

    # Schemes and days

    def propose_scheme(self, text: str, by: str) -> Outcome:
        """Propose a scheme's version, the whole text of its file, for another person to approve. It takes the place of
        what waits for approval under its scheme and date; a version that was published is never overwritten."""
        return self._published(lambda register: publication.propose(text, register, self._stamp(by)))

    def approve_scheme(
        self, scheme: str, effective: date, digest: str, by: str, granted_by: Collection[str] = ()
    ) -> Outcome:
        """Put a proposed version in force: the very text that has the `digest`, and that another person proposed, who
        is none of those who gave the approver their rights (`granted_by`)."""
        return self._published(
            lambda known: publication.approve(scheme, effective, digest, known, self._stamp(by), granted_by)
        )

    def withdraw_scheme(self, scheme: str, effective: date, digest: str, by: str) -> Outcome:
        """Take a proposed version back, or turn it down."""
        return self._published(lambda known: publication.withdraw(scheme, effective, digest, known, self._stamp(by)))

    def _published(self, decide: Callable[[Register], Decision | Refused]) -> Outcome:
        return self._decided(lambda register: self._write([decide(register)], register.position))[0]

    def close_day(self, day: date, by: str) -> Outcome:
        """Close a day that is over; days are closed in their order, without gaps."""
        event = DayClosed(originator_id=f"day:{day}", originator_version=1, **self._stamp(by), day=day)

        def decide(register: Register) -> Outcome:
            if refusal := self._day_fault(day, register):
                return Refused([refusal])
            positions, standing = self.log.insert_new([self.mapper.to_stored_event(event)], (), register.position)
            key = event.originator_id
            if key in positions:
                return Taken(key, "accepted", positions[key])
            return Taken(key, "duplicate", standing[key][0])

        return self._decided(decide)

    def _day_fault(self, day: date, register: Register) -> Refusal | None:
        last = register.last_closed
        if day >= self.today:
            return Refusal("not-allowed", "day", "close a day that is over")
        if last and day > last + timedelta(days=1):
            return Refusal("not-allowed", "day", f"close {last + timedelta(days=1)} first")
        if last and day < last and not self.log.select_streams([f"day:{day}"]):
            return Refusal("not-allowed", "day", f"close no day before {last}, which is closed")
        return None


def open_bank(
    data_dir: Path,
    timezone: str = "Asia/Shanghai",
    clock: Callable[[], datetime] | None = None,
    salts: Callable[[], str] | None = None,
    patience: int = PATIENCE,
    store: str | None = None,
) -> Bank:
    """Open the bank's store, made where it is missing: an SQLite file in the data dir, or where a `postgresql://` URL
    leads. `patience` is how many seconds a writer waits for another one before it is Busy."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    options: dict[str, Any] = {"clock": clock} if clock else {}
    options |= {"salts": salts} if salts else {}
    env = _on_postgres(store, patience) if store else _on_sqlite(data_dir / STORE, patience)
    return Bank(env, timezone, **options)


def _on_sqlite(path: Path, patience: int) -> dict[str, str]:
    path.touch(mode=0o600)  # names, notes and password hashes stand in it
    return {"SQLITE_DBNAME": str(path), "SQLITE_LOCK_TIMEOUT": str(patience)}


def _on_postgres(url: str, patience: int) -> dict[str, str]:
    module = "domain.postgres_log"
    return {"PERSISTENCE_MODULE": module, "POSTGRES_URL": url, "POSTGRES_LOCK_TIMEOUT": str(patience)}


def _told(
    event: E | Refused,
    new: Mapping[str, E],
    positions: Mapping[str, int],
    standing: Mapping[str, tuple[int, bytes]],
    same_content: Callable[[Mapping[str, Any], Mapping[str, Any]], bool],
) -> Outcome:
    """What became of one line: accepted, a duplicate of what stood or of an earlier line, or a conflict."""
    if isinstance(event, Refused):
        return event
    key = event.originator_id
    first = new[key]
    if key in positions and first is event:
        return Taken(key, "accepted", positions[key])
    known = json.loads(standing[key][1]) if key in standing else _state(first)
    if same_content(known, _state(event)):
        return Taken(key, "duplicate", standing[key][0] if key in standing else positions[key])
    return reference_taken()


def _state(event: Event) -> dict[str, Any]:
    return event.model_dump(mode="json", exclude_none=True)
