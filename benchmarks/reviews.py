"""A quarter's reviews by the thousand: opened, submitted, approved, final and paid, beside appending ready events.

Ratings, comments and interviews are written straight to the log; results are those that the read model reckons. What is
measured is what the bank does: to decide on each review and to write. The limit appends the very events that came of it
to an empty store, in chunks as large, by what every command writes with.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median

from eventsourcing.persistence import StoredEvent

from benchmarks.bank import BY, HEAD, NOW, QUARTER, Size, checked, make_bank, rm_id, the_scheme
from benchmarks.figure import Figure, in_turn, ratio_of, seconds
from benchmarks.sizes import Sizes
from domain.bank import Bank, Outcome, open_bank
from domain.deciding import CHUNK
from domain.events import Event, IndicatorRated, InterviewHeld, ReviewCommented
from domain.rating import rated_indicators
from domain.refusal import Refused
from domain.result import Result
from domain.review import Actor, review_id
from domain.seal import seal, sealed_until
from projections.follower import Follower
from projections.read_model import ReadModel

ACTIONS = 10
"""Actions of each RM: what the quarter was like makes no difference to a review."""
CUTOFF, LATER = date(2025, 10, 20), datetime(2025, 10, 31, 1, tzinfo=UTC)
"""Until when late facts count, and when everybody has had their time to answer."""
RATER, APPROVER, MAKER, RELEASER = Actor("bench-rates"), Actor("bench-approves"), Actor("bench-ends"), "bench-releases"
UNIT = "s"
ROUNDS = 5
"""How often each question is asked."""


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """Each step of a quarter, in the order in which it is taken, with its limit right after it."""
    quarter = Reviewed(folder, sizes.rms)
    yield from quarter.opened()
    yield from quarter.taken_on()
    yield from quarter.looked_at()
    yield from quarter.made_final()
    yield from quarter.paid()
    quarter.close()


@dataclass(frozen=True, slots=True)
class Limit:
    """How long it takes to append the events of a topic once more."""

    events: int
    took: float


class Reviewed:
    """The bank whose quarter is reviewed, and its read model."""

    def __init__(self, folder: Path, rms: int) -> None:
        self.folder, self.rms = folder, rms
        self.bank: Bank = make_bank(folder / "bank", Size(rms, ACTIONS))
        self.follower = Follower(self.bank, folder / "read-model.duckdb")
        self.read_model = ReadModel(self.bank, self.follower)
        self._results: list[Result] = []
        self._limits = 0

    def close(self) -> None:
        self.follower.stop()
        self.bank.close()

    def opened(self) -> Iterator[Figure]:
        """The quarter opened for everybody, and opened again, which finds that nothing is left."""
        self.follower.catch_up()
        served, facts_at = self.read_model.unopened(QUARTER), self.bank.register.position

        def open_all() -> Sequence[Outcome]:
            opening = self.bank.open_quarter(QUARTER, CUTOFF, facts_at, served, BY)
            checked(opening.quarter)
            return opening.reviews

        yield self._step("open the reviews of a quarter", "ReviewOpened", open_all, 2.0)
        again = seconds(open_all)
        limit = self._ready("ReviewOpened")
        yield Figure(
            f"open a quarter again, {self.rms:,} RMs", "appending as many ready events", UNIT, again, limit.took,
            again / limit.took, note="told beside: who was interrupted goes on, and what stands is looked at alone",
        )  # fmt: skip

    def taken_on(self) -> Iterator[Figure]:
        """Submitted and approved, all at once."""
        self._rate()
        self.follower.catch_up()
        reckoning = seconds(lambda: self._results.extend(self.read_model.review_results(QUARTER)))
        bank, results = self.bank, self._results
        yield self._step(
            "submit", "ReviewSubmitted", lambda: bank.submit_reviews(QUARTER, results, RATER),
            note=f"before that, to reckon the results of all took {reckoning:.1f} s",
        )  # fmt: skip
        yield self._step("approve", "ReviewApproved", lambda: bank.approve_reviews(QUARTER, results, APPROVER))

    def looked_at(self) -> Iterator[Figure]:
        """What people look at while the whole quarter is under review, beside what an RM looks at all year."""
        self.follower.catch_up()
        model, rm = self.read_model, rm_id(self.rms // 2)
        questions: dict[str, Callable[[], object]] = {
            "one review's page": lambda: model.review(rm, QUARTER),
            "a page of 100 of the list, the most urgent of the bank": lambda: model.reviews(QUARTER, scope=HEAD),
            "the 100 most urgent of all that wait": lambda: model.waiting_reviews(("answer",), scope=HEAD),
            "what is missing in an outlet": lambda: model.review_missing(QUARTER, scope="O0001"),
            "how the results of the bank lie": lambda: model.distribution(QUARTER),
        }
        for what, ask in questions.items():
            card, asked = partial(model.scorecard, rm, QUARTER), partial(seconds, ask)
            ours, limit = in_turn(ROUNDS, asked, partial(seconds, card))
            yield Figure(
                f"{what}, {self.rms:,} RMs", "a scorecard in full", "ms", 1000 * median(ours), 1000 * median(limit),
                ratio_of(ours, limit), note="told beside: in-process, without page and wire",
            )  # fmt: skip

    def made_final(self) -> Iterator[Figure]:
        """Made final, all at once."""
        bank, results = self.bank, self._results
        bank.clock = lambda: LATER
        yield self._step(
            "make final", "GradeFinalised", lambda: bank.finalise_reviews(QUARTER, results, {}, MAKER), 4.0
        )

    def paid(self) -> Iterator[Figure]:
        """A run of all final grades, prepared and released."""
        self.follower.catch_up()
        limit, bank = self._ready("GradeFinalised"), self.bank

        def prepare() -> None:
            checked(bank.prepare_run(self.read_model.next_run(QUARTER), BY))

        def release() -> None:
            seal(bank)
            last, (run,) = sealed_until(bank.log), bank.payroll_runs(QUARTER)
            checked(bank.release_run(QUARTER, run.run, run.digest, (last.position, last.digest), RELEASER))

        for what, work in (("prepare", prepare), ("release", release)):
            took = seconds(work)
            yield Figure(
                f"{what} a payroll run of {limit.events:,} grades", "appending as many ready final grades", UNIT, took,
                limit.took, took / limit.took,
            )  # fmt: skip

    def _step(
        self, what: str, topic: str, work: Callable[[], Sequence[Outcome]], reach: float | None = None, note: str = ""
    ) -> Figure:
        told: list[Outcome] = []
        took = seconds(lambda: told.extend(work()))
        if refused := next((each for each in told if isinstance(each, Refused)), None):
            raise RuntimeError(f"{what}: {refused}")
        limit = self._ready(topic)
        if limit.events != self.rms:
            raise RuntimeError(f"{what}: {limit.events} of {self.rms} reviews")
        work_of = f"{what}, {self.rms:,} RMs"
        against = "appending as many ready events"
        return Figure(work_of, against, UNIT, took, limit.took, took / limit.took, reach, least=False, note=note)

    def _ready(self, topic: str) -> Limit:
        """The events of a topic, appended to an empty store of their own."""
        with self.bank.log.reading() as cursor:
            rows = self.bank.log.select_topics(cursor, [topic], 0)
        self._limits += 1
        beside = open_bank(self.folder / f"limit-{self._limits}")

        def append() -> None:
            for first in range(0, len(rows), CHUNK):
                beside.log.insert_events(rows[first : first + CHUNK])

        took = seconds(append)
        beside.close()
        return Limit(len(rows), took)

    def _rate(self) -> None:
        """Rate, comment and interview everybody as the rows of the log."""
        indicators = list(rated_indicators(the_scheme()))
        rms = [served.removeprefix("review:").rpartition(":")[0] for served in self._streams()]
        for first in range(0, len(rms), CHUNK):
            rows: list[StoredEvent] = []
            for rm in rms[first : first + CHUNK]:
                rows += map(self.bank.mapper.to_stored_event, _rated(rm, indicators))
            self.bank.log.insert_events(rows)

    def _streams(self) -> list[str]:
        with self.bank.log.reading() as cursor:
            return [str(row.originator_id) for row in self.bank.log.select_topics(cursor, ["ReviewOpened"], 0)]


def _rated(rm: str, indicators: Sequence[str]) -> list[Event]:
    place = {"originator_id": review_id(rm, QUARTER), "recorded_at": NOW, "by": RATER.by}
    said = place | {"rm": rm, "quarter": str(QUARTER)}
    rated: list[Event] = [
        IndicatorRated(**said, originator_version=version, indicator=name, value=Decimal(80))
        for version, name in enumerate(indicators, 2)
    ]
    last = len(indicators) + 2
    rated.append(ReviewCommented(**said, originator_version=last, comment_digest="0" * 64))
    held = InterviewHeld(**said, originator_version=last + 1, held_on=NOW.date(), note_digest="0" * 64)
    return [*rated, held]
