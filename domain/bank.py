"""The bank: one short method per command. The only one that writes.

A command answers with `Taken` or `Refused`, a bulk command with one of them per line, in the lines' order. A decision
is made on the register as of one log position; should the register move before it is written, or another writer be
quicker on a stream, it is made again.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, islice
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError
from eventsourcing.sqlite import SQLiteCursor

from domain import action, contract, organisation, relationship_manager
from domain.action import Action
from domain.events import ActionRecorded, DayClosed, Event, SchemePublished
from domain.log import Busy, LogRecorder, PlainJson, RegisterMoved, Text
from domain.refusal import Refusal, Refused, Taken
from domain.register import Register
from domain.relationship_manager import RM
from domain.scheme import Scheme, read_scheme

CHUNK = 5_000
"""Lines written under one hold of the store's lock: about 100 ms, so that a server beside an import stays quick."""
TRIES = 20

Line = Mapping[str, Any]
Outcome = Taken | Refused
Decided = Refused | tuple[str, list[Event]]
T = TypeVar("T")


class Bank(Application[str]):
    """Takes facts in and writes events; `clock` tells the moment, `salts` makes the digests of texts untellable."""

    name = "bank"
    env = {  # noqa: RUF012 - the library's way of naming its parts
        "MAPPER_TOPIC": "domain.log:PlainJson",
        "ORIGINATOR_ID_TYPE": "text",
        "PERSISTENCE_MODULE": "domain.log",
        "SQLITE_LOCK_TIMEOUT": "10",
    }

    def __init__(
        self,
        env: Mapping[str, str],
        timezone: str = "Asia/Shanghai",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        salts: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        super().__init__(env)
        self.timezone = ZoneInfo(timezone)
        self.clock = clock
        self.salts = salts
        self._register = Register()
        self._register_lock = Lock()

    @property
    def log(self) -> LogRecorder:  # type: ignore[override]
        """The recorder below, for whoever follows the log."""
        return cast(LogRecorder, self.recorder)

    @property
    def today(self) -> date:
        """The bank's day by its clock and time zone."""
        return self.clock().astimezone(self.timezone).date()

    @property
    def register(self) -> Register:
        """The register, caught up with the log."""
        with self._register_lock:
            self._register = self._register.caught_up(self.log, cast(PlainJson, self.mapper))
            return self._register

    def transaction(self) -> AbstractContextManager[SQLiteCursor]:
        """The store's write lock and a cursor, for the ordinary tables beside the log (users, sessions, tokens)."""
        return self.log.writing()

    def names(self, rms: Sequence[str]) -> dict[str, str]:
        """The names of RMs; those that were erased are missing."""
        return {key[3:]: text for key, text in self.log.select_texts("name", [f"rm:{rm}" for rm in rms]).items()}

    # The organisation and its people

    def open_units(self, lines: Sequence[Line], by: str) -> list[Outcome]:
        """Open or change units, parents first."""
        return self._decided(lambda register: self._write(self._open_units(lines, register, by), (), register.position))

    def _open_units(self, lines: Sequence[Line], register: Register, by: str) -> list[Decided]:
        units, decided, stamp = dict(register.units), list[Decided](), self._stamp(by)
        for raw in lines:
            line = organisation.read_line(raw)
            events = line if isinstance(line, Refused) else organisation.open_unit(line, units, stamp)
            if isinstance(line, Refused) or isinstance(events, Refused):
                decided.append(cast(Refused, events))
                continue
            if unit := organisation.fold(units.get(line.org), events):
                units[line.org] = unit
            decided.append((f"org:{line.org}", events))
        return decided

    def register_rms(self, lines: Sequence[Line], by: str) -> list[Outcome]:
        """Register RMs, or take in their transfers, certificates and departures."""
        return self._decided(lambda register: self._register_rms(lines, register, by))

    def _register_rms(self, lines: Sequence[Line], register: Register, by: str) -> list[Outcome]:
        rms, decided, texts, stamp = dict(register.rms), list[Decided](), list[Text](), self._stamp(by)
        names = self.names([str(line.get("rm", "")) for line in lines])
        for raw in lines:
            outcome = self._register_rm(raw, rms, names, register, stamp, texts)
            decided.append(outcome)
        return self._write(decided, texts, register.position)

    def _register_rm(
        self,
        raw: Line,
        rms: dict[str, RM],
        names: dict[str, str],
        register: Register,
        stamp: dict[str, Any],
        texts: list[Text],
    ) -> Decided:
        line = relationship_manager.read_line(raw)
        dated = line if isinstance(line, Refused) else relationship_manager.read_dates(line)
        if isinstance(dated, Refused):
            return dated
        rm = dated.line.rm
        state = rms.get(rm)
        name = Text(f"rm:{rm}", state.version + 1 if state else 1, "name", self.salts(), dated.line.name)
        same_name = names.get(rm) == dated.line.name
        events = relationship_manager.register(dated, state, name, same_name, register.units, stamp)
        if isinstance(events, Refused):
            return events
        if not same_name:
            texts.append(name)
            names[rm] = dated.line.name
        if folded := relationship_manager.fold(state, events):
            rms[rm] = folded
        return f"rm:{rm}", events

    def record_absence(self, rm: str, from_day: date, to_day: date, by: str) -> Outcome:
        """Record the days (both included) on which an RM is away."""

        def decide(register: Register) -> list[Outcome]:
            events = relationship_manager.be_absent(register.rms.get(rm), from_day, to_day, self._stamp(by))
            return self._write([_on(f"rm:{rm}", events)], (), register.position)

        return self._decided(decide)[0]

    def agree_targets(self, lines: Sequence[Line], by: str) -> list[Outcome]:
        """Agree targets of contracts, or amend them with a reason."""
        return self._decided(lambda register: self._agree_targets(lines, register, by))

    def _agree_targets(self, lines: Sequence[Line], register: Register, by: str) -> list[Outcome]:
        read = [contract.read_line(line, register) for line in lines]
        ids = [line.contract_id for line in read if not isinstance(line, Refused)]
        contracts = {key: contract.fold(None, self._events(rows)) for key, rows in self.log.select_streams(ids).items()}
        decided, texts, stamp = list[Decided](), list[Text](), self._stamp(by)
        for line in read:
            if isinstance(line, Refused):
                decided.append(line)
                continue
            state = contracts.get(line.contract_id)
            version = (state.version if state else 0) + 1
            reason = self._text(line.contract_id, version, "reason", line.line.reason)
            events = contract.agree(line, state, reason, stamp)
            if not isinstance(events, Refused):
                contracts[line.contract_id] = contract.fold(state, events)
                texts.extend([reason] if reason and events and hasattr(events[0], "reason_digest") else [])
            decided.append(_on(line.contract_id, events))
        return self._write(decided, texts, register.position)

    # The work

    def record_actions(self, lines: Sequence[Line], by: str, *, person: bool = False) -> list[Outcome]:
        """Record actions, one line or a million. `person` says that a person does so in the work log.

        The same reference with the same content is a duplicate, with other content a conflict. Lines that reverse an
        action are decided one by one.
        """
        outcomes: list[Outcome] = []
        for reversing, group in groupby(lines, key=lambda line: bool(line.get("reverses"))):
            for chunk in _chunks(group, 1 if reversing else CHUNK):
                decide = self._reverse_action if reversing else self._record_chunk
                outcomes.extend(self._decided(lambda register, c=chunk, d=decide: d(c, register, by, person)))
        return outcomes

    def _record_chunk(self, lines: list[Line], register: Register, by: str, person: bool) -> list[Outcome]:
        position, today, stamp = register.position, self.today, self._stamp(by)
        texts: list[Text] = []
        new: dict[str, ActionRecorded] = {}
        readings = [action.read_line(line, register, today, person) for line in lines]
        recorded = [
            reading if isinstance(reading, Refused) else self._draft(reading, stamp, new, texts)
            for reading in readings
        ]
        stored = [self.mapper.to_stored_event(event) for event in new.values()]
        positions, standing = self.log.insert_new(stored, texts, position)
        return [self._told(event, new, positions, standing) for event in recorded]

    def _draft(
        self, reading: action.Reading, stamp: dict[str, Any], new: dict[str, ActionRecorded], texts: list[Text]
    ) -> ActionRecorded:
        action_id = reading.line.action_id
        note = self._text(action_id, 1, "note", reading.line.note)
        event = action.record(reading, stamp, note.digest if note else None)
        if new.setdefault(action_id, event) is event and note:
            texts.append(note)
        return event

    def _told(
        self,
        event: ActionRecorded | Refused,
        new: dict[str, ActionRecorded],
        positions: dict[str, int],
        standing: dict[str, tuple[int, bytes]],
    ) -> Outcome:
        """What became of one line: accepted, a duplicate of what stood or of an earlier line, or a conflict."""
        if isinstance(event, Refused):
            return event
        key = event.originator_id
        first = new[key]
        if key in positions and first is event:
            return Taken(key, "accepted", positions[key])
        known = json.loads(standing[key][1]) if key in standing else _state(first)
        if action.same_content(known, _state(event)):
            return Taken(key, "duplicate", standing[key][0] if key in standing else positions[key])
        return _conflict()

    def _reverse_action(self, lines: list[Line], register: Register, by: str, person: bool) -> list[Outcome]:
        position = register.position
        reading = action.read_line(lines[0], register, self.today, person)
        if isinstance(reading, Refused):
            return [reading]
        action_id, original_id = reading.line.action_id, f"action:{reading.line.reverses}"
        note = self._text(action_id, 1, "note", reading.line.note)
        actions = self._actions([action_id, original_id])
        if standing := actions.get(action_id):
            event = action.record(reading, self._stamp(by), None).model_copy(update={"reverses": original_id})
            same = action.same_content(_state(standing.recorded), _state(event))
            return [Taken(action_id, "duplicate", position) if same else _conflict()]
        events = action.reverse(reading, actions.get(original_id), self._stamp(by), note.digest if note else None)
        return self._write([_on(action_id, events)], [note] if note else [], position)

    def action(self, action_id: str) -> Action | None:
        """One action as the log has it now; None where nobody recorded it."""
        return self._actions([action_id]).get(action_id)

    def verify_action(self, action_id: str, by: str) -> Outcome:
        """Confirm an action, so that it counts."""
        return self.verify_actions([action_id], by)[0]

    def verify_actions(self, ids: Sequence[str], by: str) -> list[Outcome]:
        """Confirm many actions at once."""
        return self._decide_on(ids, by, None, lambda each, _, stamp, __: action.verify(each, stamp))

    def reject_action(self, action_id: str, reason: str, by: str) -> Outcome:
        """Refuse to confirm an action, with a reason."""
        return self._decide_on([action_id], by, reason, action.reject)[0]

    def void_action(self, action_id: str, reason: str, by: str) -> Outcome:
        """Take back an action that was recorded in error, with a reason."""
        return self._decide_on([action_id], by, reason, action.void)[0]

    def _decide_on(
        self,
        ids: Sequence[str],
        by: str,
        reason: str | None,
        decide: Callable[[Action, Action | None, dict[str, Any], str], list[Event] | Refused],
    ) -> list[Outcome]:
        if reason is not None and (fault := action.check_reason(reason)):
            return [Refused([fault]) for _ in ids]
        return self._decided(lambda register: self._decide_on_actions(ids, by, reason, decide))

    def _decide_on_actions(
        self,
        ids: Sequence[str],
        by: str,
        reason: str | None,
        decide: Callable[[Action, Action | None, dict[str, Any], str], list[Event] | Refused],
    ) -> list[Outcome]:
        actions = self._actions(ids)
        reversed_ids = [str(each.recorded.reverses) for each in actions.values() if each.recorded.reverses]
        actions = self._actions(reversed_ids) | actions if reversed_ids else actions
        decided, texts, stamp = list[Decided](), list[Text](), self._stamp(by)
        for key in ids:
            if not (standing := actions.get(key)):
                decided.append(Refused([Refusal("not-found", "", "name an action that is recorded")]))
                continue
            text = self._text(key, standing.version + 1, "reason", reason)
            original = actions.get(standing.recorded.reverses or "")
            events = decide(standing, original, stamp, text.digest if text else "")
            if not isinstance(events, Refused):
                texts.extend([text] if text else [])
                for event in events:
                    actions[event.originator_id] = cast(Action, action.fold(actions[event.originator_id], [event]))
            decided.append(_on(key, events))
        return self._write(decided, texts, -1)

    # Schemes and days

    def publish_scheme(self, text: str, by: str) -> Outcome:
        """Publish a scheme's version: the whole text of its file. A version that stands is never overwritten."""
        scheme = read_scheme(text)
        if not isinstance(scheme, Scheme):
            return Refused(Refusal("malformed", "text", fault.message, fault.line) for fault in scheme)
        digest = hashlib.sha256(text.encode()).hexdigest()
        event = SchemePublished(
            originator_id=f"scheme:{scheme.scheme}:{scheme.effective}", originator_version=1, **self._stamp(by),
            scheme=scheme.scheme, effective=scheme.effective, digest=digest, text=text,
        )  # fmt: skip
        remedy = "give another date of effect: a published version is never overwritten"
        return self._insert_first(event, lambda known: known["digest"] == digest, remedy)

    def close_day(self, day: date, by: str) -> Outcome:
        """Close a day that is over; days are closed in their order, without gaps."""
        last = self.register.last_closed
        if day >= self.today:
            return Refused([Refusal("not-allowed", "day", "close a day that is over")])
        if last and day > last + timedelta(days=1):
            return Refused([Refusal("not-allowed", "day", f"close {last + timedelta(days=1)} first")])
        event = DayClosed(originator_id=f"day:{day}", originator_version=1, **self._stamp(by), day=day)
        return self._insert_first(event, lambda known: True, "")

    def _insert_first(self, event: Event, same: Callable[[dict[str, Any]], bool], remedy: str) -> Outcome:
        def decide(register: Register) -> Outcome:
            positions, standing = self.log.insert_new([self.mapper.to_stored_event(event)], (), register.position)
            key = event.originator_id
            if key in positions:
                return Taken(key, "accepted", positions[key])
            known = same(json.loads(standing[key][1]))
            return Taken(key, "duplicate", standing[key][0]) if known else Refused([Refusal("conflict", "", remedy)])

        return self._decided(decide)

    # How decisions are made and written

    def _stamp(self, by: str) -> dict[str, Any]:
        return {"recorded_at": self.clock(), "by": by}

    def _text(self, originator_id: str, version: int, field: str, text: str | None) -> Text | None:
        return Text(originator_id, version, field, self.salts(), text) if text else None

    def _events(self, rows: Sequence[Any]) -> Iterator[Any]:
        return (self.mapper.to_domain_event(row) for row in rows)

    def _actions(self, ids: Sequence[str]) -> dict[str, Action]:
        folded = {key: action.fold(None, self._events(rows)) for key, rows in self.log.select_streams(ids).items()}
        return {key: each for key, each in folded.items() if each}

    def _decided(self, decide: Callable[[Register], T]) -> T:
        for _ in range(TRIES):
            try:
                return decide(self.register)
            except (RegisterMoved, IntegrityError):
                continue
        raise Busy("other writers were quicker each time; try again")

    def _write(self, decided: Sequence[Decided], texts: Sequence[Text], register_at: int) -> list[Outcome]:
        """Save what was decided in one transaction; each line is told the position of its last event."""
        events = [event for outcome in decided if not isinstance(outcome, Refused) for event in outcome[1]]
        recordings = self.save(*events, texts=texts, register_at=register_at) if events else []
        positions = iter(recording.notification.id for recording in recordings)
        return [
            outcome if isinstance(outcome, Refused) else self._taken(*outcome, list(islice(positions, len(outcome[1]))))
            for outcome in decided
        ]

    def _taken(self, subject: str, events: list[Event], positions: list[int]) -> Taken:
        if not events:
            return Taken(subject, "duplicate", self._register.position)
        return Taken(subject, "accepted", positions[-1])


def open_bank(
    data_dir: Path,
    timezone: str = "Asia/Shanghai",
    clock: Callable[[], datetime] | None = None,
    salts: Callable[[], str] | None = None,
) -> Bank:
    """Open the bank's store in a data dir, made where it is missing."""
    data_dir.mkdir(parents=True, exist_ok=True)
    options: dict[str, Any] = {"clock": clock} if clock else {}
    options |= {"salts": salts} if salts else {}
    return Bank({"SQLITE_DBNAME": str(data_dir / "bank.sqlite")}, timezone, **options)


def _on(subject: str, events: list[Event] | Refused) -> Decided:
    return events if isinstance(events, Refused) else (subject, events)


def _state(event: Event) -> dict[str, Any]:
    return event.model_dump(mode="json", exclude_none=True)


def _conflict() -> Refused:
    remedy = "give another reference: this one stands already with other content"
    return Refused([Refusal("conflict", "external_ref", remedy)])


def _chunks(lines: Iterator[Line], size: int) -> Iterator[list[Line]]:
    while chunk := list(islice(lines, size)):
        yield chunk
