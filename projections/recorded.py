"""What was recorded: actions with what became of them, a person's work log, and the raw history of the log."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from threading import Lock

from domain import scheme as rules
from domain.bank import Bank
from domain.calendar import Quarter
from domain.refusal import Refusal, Refused
from domain.seal import seal_over, sealed_until
from projections import answers, worklog
from projections.at_position import AtPosition, moment_of, named, utc, words
from projections.follower import Follower
from projections.history import ALL_EVENTS, Sought, end_of
from projections.questions import Row
from projections.questions import rows as rows_of


class Recorded(AtPosition):
    """The questions about what stands in the log."""

    def __init__(self, bank: Bank, follower: Follower) -> None:
        super().__init__(bank, follower)
        self._counting, self._counted = Lock(), (0, dict[str, int]())

    def events_by_type(self) -> dict[str, int]:
        """How many events of each type the read model has taken in; counted on from where it was asked last."""
        with self._counting, self._cursor() as con:
            con.begin()
            row = con.execute("SELECT p.position FROM progress AS p").fetchone()
            position = row[0] if row else 0
            after, counts = self._counted if self._counted[0] <= position else (0, {})
            rows = con.execute(
                "SELECT h.topic, count(*) FROM history AS h WHERE h.position > ? GROUP BY h.topic", [after]
            ).fetchall()
            con.rollback()
            counts = dict(counts)
            for topic, number in rows:
                counts[topic] = counts.get(topic, 0) + number
            self._counted = (position, counts)
        return counts

    def actions(
        self, scope: str | None = None, rm: str | None = None, state: str | None = None, source: str | None = None,
        after: str | None = None, limit: int = 50, as_of: int | None = None, kind: str | None = None,
        to_day: date | None = None,
    ) -> answers.Actions:  # fmt: skip
        """Recorded actions, newest first, with what became of them: of one kind, recorded up to the end of a day.
        `after` is the cursor of the page before."""
        cursor = None if after is None else int(after)
        until = end_of(to_day, self.bank.timezone) if to_day else None
        with self._at(as_of) as con:
            asked = {"action": None, "scope": scope, "rm": rm, "state": state, "source": source, "kind": kind}
            rows = rows_of(con, "actions", **asked, until=until, after=cursor, limit=limit + 1)
            moment = moment_of(con, as_of)
        total, rows, more = rows[0]["total"] if rows else 0, rows[:limit], len(rows) > limit
        return answers.Actions(
            moment=moment, actions=self._actions(rows), total=total, after=str(rows[-1]["position"]) if more else None,
            oldest=utc(rows[0]["oldest"]) if rows else None,
        )  # fmt: skip

    def waiting(self, scope: str | None = None, rm: str | None = None) -> int:
        """How many actions wait for verification now."""
        with self._at(None) as con:
            return int(rows_of(con, "waiting", scope=scope, rm=rm)[0]["waiting"])

    def rejected(self, rm: str, last_days: int, limit: int = 20) -> list[answers.Action]:
        """What was rejected of an RM in the last days up to today, whatever its day: the newest decision first."""
        since = end_of(self.bank.today - timedelta(days=last_days), self.bank.timezone)
        with self._at(None) as con:
            return self._actions(rows_of(con, "rejected", rm=rm, since=since, limit=limit))

    def action(self, action_id: str, as_of: int | None = None, rm: str | None = None) -> answers.Action | None:
        """One action as it stands, by its id `action:<source>:<external_ref>`; sooner where it is known whose it is."""
        with self._at(as_of) as con:
            rest = dict.fromkeys(("scope", "state", "source", "kind", "until", "after"))
            rows = rows_of(con, "actions", action=action_id, rm=rm, **rest, limit=1)
        return next(iter(self._actions(rows)), None)

    def worklog(
        self, rm: str, from_day: date, to_day: date, source: str | None = None, state: str | None = None,
        as_of: int | None = None, after: int | None = None, limit: int = 100,
    ) -> answers.Worklog:  # fmt: skip
        """An RM's diary of a period; `after` is the last position of the page before."""
        asked = {"rm": rm, "first_day": from_day, "last_day": to_day}
        with self._at(as_of) as con:
            if after is not None and not rows_of(con, "recorded", rm=rm, position=after):
                raise Refused([Refusal("unknown", "after", "take it from a page of this work log, or leave it out")])
            counts = rows_of(con, "worklog_days", **asked)
            rows = rows_of(con, "worklog", **asked, source=source, state=state, after=after, limit=limit + 1)
            moment = moment_of(con, as_of)
        found, page = self._register(as_of).rms.get(rm), rows[:limit]
        last = {row["kind"]: row["day"] for row in counts}  # day by day
        kinds = [(name, kind) for name, day in last.items() if (kind := self._kind(name, rm, day))]
        return answers.Worklog(
            moment=moment, rm=rm, name=self.bank.names([rm]).get(rm, rm), from_day=from_day, to_day=to_day,
            days=worklog.work_days(counts, found, from_day, to_day), sources=worklog.sources(counts),
            kinds=[action_kind(name, kind) for name, kind in kinds], actions=self._actions(page),
            total=rows[0]["total"] if rows else 0, after=page[-1]["position"] if len(rows) > limit else None,
        )  # fmt: skip

    def _actions(self, rows: list[Row]) -> list[answers.Action]:
        names = self.bank.names([row["rm"] for row in rows])
        places = {(row["action"], version) for row in rows for version in (1, row["version"])}
        texts = self.bank.log.select_texts_of(sorted(places))
        return [self._action(row, names, texts) for row in rows]

    def _action(self, row: Row, names: dict[str, str], texts: dict[tuple[str, int], dict[str, str]]) -> answers.Action:
        note = texts.get((row["action"], 1), {}).get("note")
        reason = texts.get((row["action"], row["version"]), {}).get("reason")
        kind = self._kind(row["kind"], row["rm"], row["occurred_on"])
        return answers.Action(
            action_id=row["action"], rm=row["rm"], name=names.get(row["rm"], row["rm"]), kind=row["kind"],
            kind_name=named(kind, row["kind"]), occurred_on=row["occurred_on"], quantity=row["quantity"],
            amount=row["amount"], customer=row["customer"], note=note, reverses=row["reverses"],
            state=row["state"], self_reported=bool(kind and kind.self_reported), recorded_at=utc(row["recorded_at"]),
            recorded_by=row["by"], decided_at=utc(row["decided_at"]) if row["decided_at"] else None,
            decided_by=row["decided_by"], reason=reason, position=row["position"],
            version=row["version"], replaced_by=row["replaced_by"],
            unit=words(kind.unit) if kind else None, counted=kind.counted if kind else None,
        )  # fmt: skip

    def logged_events(
        self, sought: Sought = ALL_EVENTS, after: int | None = None, before: int | None = None, limit: int = 100,
        newest: bool = False, as_of: int | None = None,
    ) -> answers.LoggedEvents:  # fmt: skip
        """A page of the raw history, oldest or newest first: beyond the event `after`, or just before `before`."""
        positions, more = self.positions_of(sought, after, before, limit, newest, as_of)
        with self._at(as_of) as con:
            moment = moment_of(con, as_of)
        back, on = (bool(after), more) if before is None else (more, True)
        sealed = sealed_until(self.bank.log)
        return answers.LoggedEvents(
            moment=moment, events=self.events_at(positions),
            after=positions[-1] if positions and on else None, before=positions[0] if positions and back else None,
            sealed=sealed.position, digest=sealed.digest,
        )  # fmt: skip

    def positions_of(
        self, sought: Sought, after: int | None, before: int | None, limit: int, newest: bool, as_of: int | None
    ) -> tuple[list[int], bool]:
        """Positions of events in the order asked for, and whether there are more of them that way."""
        backwards = before is not None  # the page before is the nearest one the other way
        down = newest != backwards
        asked = sought.bounds(self.bank.log, self.bank.timezone, before if backwards else after, down)
        question = "history_newest" if down else "history"
        if sought.rms is not None:
            question, asked = "history_of_unit", asked | {"rms": list(sought.rms), "way": -1 if down else 1}
        with self._at(as_of) as con:
            rows = rows_of(con, question, **asked, limit=limit + 1)
        found = [row["position"] for row in rows]
        page = found[:limit]
        return page[::-1] if backwards else page, len(found) > limit

    def rms_of_unit(self, scope: str, quarter: str | None = None, as_of: int | None = None) -> tuple[str, ...]:
        """The RMs of a unit's tree: those of a quarter's figures, else those who belong to it on the bank's day."""
        span = Quarter.parse(quarter) if quarter else None
        with self._at(as_of, span, reads=frozenset({"service"})) as con:
            return tuple(row["rm"] for row in rows_of(con, "of_unit", scope=scope, quarter=quarter))

    def events_at(self, positions: Sequence[int]) -> list[answers.LoggedEvent]:
        """The events at some positions, in that order."""
        rows = {row[0]: row for row in self.bank.log.select_positions(positions)}
        texts = self.bank.log.select_texts_of([(stream, version) for _, stream, version, _, _ in rows.values()])
        events = [_logged(*rows[at], texts.get((rows[at][1], rows[at][2]), {})) for at in positions if at in rows]
        names = self.bank.names(sorted({event.rm for event in events if event.rm}))
        return [
            event.model_copy(update={"rm_name": names.get(event.rm or ""), "kind": self._kind_of(event)})
            for event in events
        ]

    def _kind_of(self, event: answers.LoggedEvent) -> answers.ActionKind | None:
        """What the kind of an event's action is for whom it concerns on its day."""
        name, day = str(event.state.get("kind", "")), event.state.get("occurred_on")
        kind = self._kind(name, event.rm or "", date.fromisoformat(str(day))) if name and day else None
        return action_kind(name, kind) if kind else None

    def logged_event(self, position: int, as_of: int | None = None) -> answers.EventInFull | None:
        """One event with the seal over it; None where none stands there."""
        with self._at(as_of) as con:
            known = con.execute("SELECT 1 FROM history AS h WHERE h.position = ?", [position]).fetchone()
            moment = moment_of(con, as_of)
        events = self.events_at([position]) if known else []
        if not events:
            return None
        of_stream = [at for at in self.bank.log.select_stream_positions(events[0].stream) if at <= moment.position]
        return answers.EventInFull(
            moment=moment, event=events[0], seal=self._seal(position), of_stream=len(of_stream)
        )  # fmt: skip

    def _seal(self, position: int) -> answers.Seal | None:
        made = seal_over(self.bank.log, position)
        if made is None:
            return None
        (at,) = self.bank.log.select_version_position(made.originator_id, made.originator_version)
        return answers.Seal(
            number=made.originator_version, position=at, recorded_at=made.recorded_at, first=made.first, last=made.last,
            count=made.count, digest=made.digest, chained=made.chained,
        )  # fmt: skip


def action_kind(name: str, kind: rules.Kind) -> answers.ActionKind:
    """What is told of a kind of action."""
    return answers.ActionKind(
        kind=name, name=words(kind), unit=words(kind.unit), counted=kind.counted, self_reported=kind.self_reported,
        counts_at_once=kind.counts_at_once, daily_limit=kind.daily_limit, points=kind.points, clause=kind.clause,
    )  # fmt: skip


def _logged(
    position: int, stream: str, version: int, topic: str, state: bytes, texts: dict[str, str]
) -> answers.LoggedEvent:
    content = json.loads(state)
    return answers.LoggedEvent(
        position=position, stream=stream, version=version, type=topic, recorded_at=content.pop("recorded_at"),
        by=content.pop("by"), rm=content.get("rm"), rm_name=None, state=content, texts=texts,
    )  # fmt: skip
