"""The commands of the review: one short method each. `Bank` has them beside those of `bank.py`.

Longer than 300 lines because it is the one list of these commands.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Literal, NamedTuple, cast

from domain import (
    appeal,
    approval,
    colleague_vote,
    inspection,
    people,
    rating,
    reopening,
    review,
    review_quarter,
)
from domain.bulk import opening, review_steps
from domain.bulk.review_steps import Step
from domain.calendar import Quarter
from domain.deciding import Deciding, Outcome
from domain.log import Decision, Placed, PlainJson, ResultsMoved, ToldAt
from domain.rating import Served
from domain.refusal import Refused, Taken
from domain.register import Register
from domain.result import Result
from domain.review import MOVED_ON, NO_REVIEW, OTHERS_MOVED, Act, Actor, Review, review_id

Ratings = Mapping[str, Decimal | str]
Decide = Callable[[Review, Act], Decision | Refused]
DecideOn = Callable[[Review, Result, Act], Decision | Refused]


class Opening(NamedTuple):
    """What became of opening a quarter: of the quarter itself, and of each review in the order of the lines."""

    quarter: Outcome
    reviews: list[Outcome]


class ReviewCommands(Deciding):
    """Decides on reviews, and on what stands beside them: votes, inspections, relations and delegations."""

    def read_review(self, rm: str, quarter: Quarter) -> Review | None:
        """One review as the log has it now; None where it was never opened."""
        key = review_id(rm, quarter)
        return self.read_reviews([key]).get(key)

    def read_reviews(self, ids: Sequence[str]) -> dict[str, Review]:
        """Several reviews as the log has them now, by one query; those that were never opened are missing."""
        states = {key: review.fold(None, rows) for key, rows in self.log.select_placed(ids).items()}
        return {key: state for key, state in states.items() if state is not None}

    # Opening

    def open_quarter(
        self, quarter: Quarter, cutoff_on: date, facts_at: int, lines: Sequence[Served], by: str
    ) -> Opening:
        """Open a quarter, and the reviews of those who served in it. Again it opens those that are missing: who was
        interrupted goes on, and whoever shows progress gives the lines piece by piece."""

        def decide(register: Register) -> Outcome:
            stamp = self._stamp(by)
            opened = review_quarter.open_quarter(quarter, cutoff_on, facts_at, register, self.today, stamp)
            return self._write([opened], register.position)[0]

        opened = self._decided(decide)
        if isinstance(opened, Refused):
            return Opening(opened, [opened] * len(lines))
        return Opening(opened, self._in_chunks(lines, partial(self._open_chunk, quarter, cutoff_on, facts_at, by)))

    def _open_chunk(
        self, quarter: Quarter, cutoff_on: date, facts_at: int, by: str, lines: Sequence[Served], register: Register
    ) -> list[Outcome]:
        today, stamp = self.today, self._stamp(by)
        mapper = cast("PlainJson", self.mapper)
        decided = opening.opened(lines, quarter, facts_at, cutoff_on, register, today, stamp, mapper)
        new = {str(event.originator_id): event for event in decided if not isinstance(event, Refused)}
        positions, standing = self.log.insert_new(list(new.values()), (), register.position)
        outcomes: list[Outcome] = []
        for event in decided:
            if isinstance(event, Refused):
                outcomes.append(event)
            elif (key := str(event.originator_id)) in standing:
                outcomes.append(Taken(key, "duplicate", standing[key][0]))
            else:
                outcomes.append(Taken(key, "accepted" if new[key] is event else "duplicate", positions[key]))
        return outcomes

    # The supervisor

    def rate_review(
        self, rm: str, quarter: Quarter, ratings: Ratings, comment: str | None, actor: Actor,
        version: int | None = None,
    ) -> Outcome:  # fmt: skip
        """Rate some indicators and comment; only what differs is written."""
        return self._on_review(
            rm, quarter, actor, version,
            lambda standing, act: rating.rate(standing, ratings, comment, self._said(standing, "comment"), act),
        )  # fmt: skip

    def accept_late_facts(
        self, rm: str, quarter: Quarter, facts_at: int, actor: Actor, version: int | None = None
    ) -> Outcome:
        """Take facts into a review that were recorded since, up to a position of its cut-off day or before."""
        return self._on_review(
            rm, quarter, actor, version,
            lambda standing, act: rating.accept_late_facts(standing, facts_at, self._recorded_on(facts_at), act),
        )  # fmt: skip

    def record_interview(
        self, rm: str, quarter: Quarter, held_on: date, note: str, actor: Actor, version: int | None = None
    ) -> Outcome:
        """Record that the quarter was talked over with the RM."""
        return self._on_review(
            rm, quarter, actor, version,
            lambda standing, act: rating.record_interview(standing, held_on, note, self._said(standing, "note"), act),
        )  # fmt: skip

    def submit_review(
        self, rm: str, quarter: Quarter, result: Result, actor: Actor, version: int | None = None
    ) -> Outcome:
        """Hand a rated review on for approval."""
        return self._on_review(rm, quarter, actor, version, lambda standing, act: rating.submit(standing, result, act))

    def submit_reviews(
        self, quarter: Quarter, results: Sequence[Result], actor: Actor, versions: Mapping[str, int] | None = None
    ) -> list[Outcome]:
        """Submit many reviews, each by itself; `versions` are those that the form showed, by RM."""
        return self._on_reviews(quarter, results, actor, versions, rating.submit, review_steps.SUBMIT)

    # The second person

    def return_review(
        self, rm: str, quarter: Quarter, reason: str, actor: Actor, version: int | None = None
    ) -> Outcome:
        """Give a review back to its supervisor, with the reason."""
        return self._on_review(
            rm, quarter, actor, version,
            lambda standing, act: approval.return_review(standing, reason, self._said(standing, "reason"), act),
        )  # fmt: skip

    def approve_review(
        self, rm: str, quarter: Quarter, result: Result, actor: Actor, version: int | None = None
    ) -> Outcome:
        """Stand for a submitted result as a second person, or again for one that moved."""
        return self._on_review(
            rm, quarter, actor, version, lambda standing, act: approval.approve(standing, result, act)
        )

    def approve_reviews(
        self, quarter: Quarter, results: Sequence[Result], actor: Actor, versions: Mapping[str, int] | None = None
    ) -> list[Outcome]:
        """Approve many reviews, each by itself."""
        return self._on_reviews(quarter, results, actor, versions, approval.approve, review_steps.APPROVE)

    # The RM's answer

    def acknowledge_review(self, rm: str, quarter: Quarter, actor: Actor, version: int | None = None) -> Outcome:
        """Say as the RM that one has seen the result and does not contest it."""
        return self._on_review(rm, quarter, actor, version, approval.acknowledge)

    def appeal_review(
        self, rm: str, quarter: Quarter, reason: str, actor: Actor, version: int | None = None
    ) -> Outcome:
        """Contest an approved result as the RM, with the reason."""
        return self._on_review(
            rm, quarter, actor, version,
            lambda standing, act: appeal.appeal(standing, reason, self._said(standing, "reason"), act),
        )  # fmt: skip

    def decide_appeal(
        self, rm: str, quarter: Quarter, outcome: Literal["dismissed", "granted"], ratings: Ratings, reason: str,
        result: Result, actor: Actor, version: int | None = None,
    ) -> Outcome:  # fmt: skip
        """Decide an appeal as somebody who took no part; `result` is reckoned with the new ratings, if any."""

        def decide(standing: Review, act: Act) -> Decision | Refused:
            inspectors = frozenset(each for one, _ in self._inspections(rm, quarter) for each in one.people)
            return appeal.decide(standing, outcome, ratings, reason, result, inspectors, act)

        return self._on_review(rm, quarter, actor, version, decide)

    # The final grade

    def finalise_review(
        self, rm: str, quarter: Quarter, result: Result, missing: Collection[str], actor: Actor,
        version: int | None = None, told_at: int | None = None,
    ) -> Outcome:  # fmt: skip
        """Make the result final that people stand for; `missing` names what the scheme asks and still lacks. With the
        position `told_at` at which that was so, only if no review of the quarter has come to another result since."""
        return self._on_review(
            rm, quarter, actor, version, lambda standing, act: approval.finalise(standing, result, missing, act),
            told_at,
        )  # fmt: skip

    def finalise_reviews(
        self, quarter: Quarter, results: Sequence[Result], missing: Mapping[str, Collection[str]], actor: Actor,
        versions: Mapping[str, int] | None = None, told_at: int | None = None,
    ) -> list[Outcome]:  # fmt: skip
        """Make many results final, each by itself; `missing` by RM, as it was `told_at` a position."""

        def decide(standing: Review, result: Result, act: Act) -> Decision | Refused:
            return approval.finalise(standing, result, missing.get(standing.rm, ()), act)

        lacking = [rm for rm, lacks in missing.items() if lacks]
        return self._on_reviews(quarter, results, actor, versions, decide, review_steps.FINALISE, lacking, told_at)

    def propose_reopening(
        self, rm: str, quarter: Quarter, reason: str, actor: Actor, version: int | None = None
    ) -> Outcome:
        """Ask for a final review to be opened again, with the reason."""
        return self._on_review(
            rm, quarter, actor, version,
            lambda standing, act: reopening.propose(standing, reason, self._said(standing, "reason"), act),
        )  # fmt: skip

    def reopen_review(
        self, rm: str, quarter: Quarter, facts_at: int, cutoff_on: date, actor: Actor, version: int | None = None
    ) -> Outcome:
        """Open a final review again as the second person, on the facts up to a position."""
        return self._on_review(
            rm, quarter, actor, version,
            lambda standing, act: reopening.reopen(standing, facts_at, cutoff_on, self._recorded_on(facts_at), act),
        )  # fmt: skip

    def refuse_reopening(self, rm: str, quarter: Quarter, actor: Actor, version: int | None = None) -> Outcome:
        """Leave a final review as it is, or take one's own proposal back."""
        return self._on_review(rm, quarter, actor, version, reopening.refuse_reopening)

    def take_steps(self, quarter: Quarter, steps: Sequence[tuple[str, Actor, Decide]]) -> list[Outcome]:
        """Take a step in each of many reviews: of which RM, by whom, and what is decided. Each review once; what makes
        final has a command of its own."""

        def take(chunk: Sequence[tuple[str, Actor, Decide]], register: Register) -> list[Outcome]:
            standing = self.read_reviews([review_id(rm, quarter) for rm, _, _ in chunk])
            decided = [
                _on_version(
                    standing.get(review_id(rm, quarter)), None, partial(_acted, decide, self._act(by, register))
                )
                for rm, by, decide in chunk
            ]
            return self._write(decided, register.position)

        return self._in_chunks(steps, take)

    # What others say of the quarter

    def cast_vote(self, rm: str, quarter: Quarter, measure: str, by: str) -> Outcome:
        """Give an RM one of the levels that the scheme counts."""

        def decide(register: Register) -> Outcome:
            key, standing = colleague_vote.vote_id(rm, quarter, by), self.read_review(rm, quarter)
            state, stamp = self._folded([key], colleague_vote.fold).get(key), self._stamp(by)
            cast = colleague_vote.cast_vote(rm, quarter, measure, state, standing, register, self.today, stamp)
            return self._write([cast], register.position)[0]

        return self._decided(decide)

    def record_inspection(
        self, rm: str, quarter: Quarter, inspector: str, inspected_on: date, findings: int, note: str, by: str
    ) -> Outcome:
        """Record that the branch inspected an RM's work."""

        def decide(register: Register) -> Outcome:
            recorded = inspection.record_inspection(
                rm, quarter, inspector, inspected_on, findings, note, self._inspections(rm, quarter),
                self.read_review(rm, quarter), register, self.today, self._stamp(by), self.salts(),
            )  # fmt: skip
            return self._write([recorded], register.position)[0]

        return self._decided(decide)

    def _inspections(self, rm: str, quarter: Quarter) -> list[tuple[inspection.Inspection, str | None]]:
        """The inspections of an RM's quarter, each with its note."""
        with self.log.reading() as cursor:
            last = self.log.last_position(cursor)
            rows = self.log.select_subject(cursor, inspection.inspections_of(rm, quarter), last)
        found = [inspection.fold(None, [self.mapper.to_domain_event(row)]) for row in rows]
        notes = self.log.select_texts("note", [str(row.originator_id) for row in rows])
        return [(one, notes.get(one.inspection_id)) for one in found if one]

    # People

    def declare_relation(self, person: str, relative: str, by: str) -> Outcome:
        """Note that two people are relatives, or too close to decide on each other."""
        return self._on_person(person, lambda state: people.declare_relation(person, relative, state, self._stamp(by)))

    def end_relation(self, person: str, relative: str, by: str) -> Outcome:
        """Note, as neither of the two, that what was declared holds no longer."""
        return self._on_person(person, lambda state: people.end_relation(person, relative, state, self._stamp(by)))

    def delegate_duties(self, person: str, delegate: str, from_day: date, to_day: date, by: str) -> Outcome:
        """Have somebody do what waits for a person while they are absent."""
        return self._on_person(
            person,
            lambda state: people.delegate_duties(
                person, delegate, from_day, to_day, state, self.today, self._stamp(by)
            ),
        )

    def end_delegation(self, person: str, delegate: str, by: str) -> Outcome:
        """End a delegation before its last day."""
        return self._on_person(
            person, lambda state: people.end_delegation(person, delegate, state, self.today, self._stamp(by))
        )

    def _on_person(self, person: str, decide: Callable[[people.Person | None], Decision | Refused]) -> Outcome:
        def decided(register: Register) -> Outcome:
            return self._write([decide(register.people.get(person))], register.position)[0]

        return self._decided(decided)

    # How reviews are decided on

    def _act(self, actor: Actor, register: Register) -> Act:
        return Act(actor, register, self.today, self._stamp(actor.by), self.salts)

    def _on_review(
        self, rm: str, quarter: Quarter, actor: Actor, version: int | None, decide: Decide, told_at: int | None = None
    ) -> Outcome:
        def decided(register: Register) -> Outcome:
            standing = self.read_review(rm, quarter)
            outcome = _on_version(standing, version, lambda each: decide(each, self._act(actor, register)))
            return self._write([outcome], register.position, _since(quarter, told_at))[0]

        try:
            return self._decided(decided)
        except ResultsMoved:
            return Refused([OTHERS_MOVED])

    def _on_reviews(
        self, quarter: Quarter, results: Sequence[Result], actor: Actor, versions: Mapping[str, int] | None,
        decide: DecideOn, step: Step, lacking: Collection[str] = (), told_at: int | None = None,
    ) -> list[Outcome]:  # fmt: skip
        """Of many reviews those that plainly take the step come first; those of `lacking` RMs don't."""
        since = _since(quarter, told_at)
        looked_at, lacking, taken = versions or {}, frozenset(lacking), dict[str, Taken]()
        if len(results) >= review_steps.MANY and len({result.rm for result in results}) == len(results):
            plain = [result for result in results if result.rm not in lacking]
            take = partial(self._take_step, step, quarter, actor, looked_at, since)
            taken = {one.subject: one for one in self._in_chunks(plain, take, review_steps.PIECE)}
        found = [taken.get(review_id(result.rm, quarter)) for result in results]
        left = [result for result, outcome in zip(results, found, strict=True) if outcome is None]
        others = iter(self._in_chunks(left, partial(self._decide_chunk, quarter, actor, looked_at, decide, since)))
        return [outcome or next(others) for outcome in found]

    def _take_step(
        self, step: Step, quarter: Quarter, actor: Actor, versions: Mapping[str, int], since: ToldAt | None,
        results: Sequence[Result], register: Register,
    ) -> list[Taken]:  # fmt: skip
        act = self._act(actor, register)
        events = review_steps.taken(step, quarter, results, versions, act, self.log)
        if not events:
            return []
        try:
            positions = self.log.insert_events(events, register_at=register.position, told_at=since)
        except ResultsMoved:
            return []  # each of them is refused one by one
        keys = [str(event.originator_id) for event in events]
        return [Taken(key, "accepted", position) for key, position in zip(keys, positions, strict=True)]

    def _decide_chunk(
        self, quarter: Quarter, actor: Actor, versions: Mapping[str, int], decide: DecideOn, since: ToldAt | None,
        results: Sequence[Result], register: Register,
    ) -> list[Outcome]:  # fmt: skip
        named = Counter(review_id(result.rm, quarter) for result in results)
        standing = self.read_reviews(list(named))
        act, outcomes = self._act(actor, register), list[Decision | Refused]()
        for result in results:
            key = review_id(result.rm, quarter)
            on_result = partial(_swapped, decide, result, act)
            outcome = _on_version(standing.get(key), versions.get(result.rm), on_result)
            if isinstance(outcome, Decision) and outcome.events and named[key] > 1:
                standing[key] = self._after(standing[key], outcome, register.position)
            outcomes.append(outcome)
        try:
            return self._write_many(outcomes, register.position, since)
        except ResultsMoved:
            return [one if isinstance(one, Refused) else Refused([OTHERS_MOVED]) for one in outcomes]

    def _after(self, standing: Review, decision: Decision, position: int) -> Review:
        """A review as a decision leaves it, for a later one on the same."""
        rows = [
            Placed(position, event.originator_version, event.TOPIC, self.mapper.to_stored_event(event).state)
            for event in decision.events
        ]
        return review.fold(standing, rows) or standing

    def _said(self, standing: Review, name: str) -> str | None:
        """The newest text of a review of one name, while it stands."""
        return self.log.select_texts(name, [standing.review_id]).get(standing.review_id)

    def _recorded_on(self, position: int) -> date:
        """The bank's day on which the last event up to a position was recorded."""
        with self.log.reading() as cursor:
            cursor.execute(
                f"SELECT {self.log.STATE} FROM stored_events WHERE {self.log.POSITION} <= ? "
                f"ORDER BY {self.log.POSITION} DESC LIMIT 1",
                (position,),
            )
            row = cursor.fetchone()
        if row is None:
            return date.min
        return datetime.fromisoformat(json.loads(row[0])["recorded_at"]).astimezone(self.timezone).date()


def _since(quarter: Quarter, told_at: int | None) -> ToldAt | None:
    """Since when no review of a quarter may have come to another result."""
    return None if told_at is None else ToldAt(str(quarter), told_at)


def _on_version(
    standing: Review | None, version: int | None, decide: Callable[[Review], Decision | Refused]
) -> Decision | Refused:
    """What is decided on a review, unless there is none or it is not the one that was looked at."""
    if standing is None:
        return Refused([NO_REVIEW])
    if version is not None and version != standing.version:
        return Refused([MOVED_ON])
    return decide(standing)


def _acted(decide: Decide, act: Act, standing: Review) -> Decision | Refused:
    return decide(standing, act)


def _swapped(decide: DecideOn, result: Result, act: Act, standing: Review) -> Decision | Refused:
    return decide(standing, result, act)
