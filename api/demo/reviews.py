"""The reviews of the demo bank: its past quarters brought to final grades, the newest one with reviews in every state.

The head of an outlet rates, the branch's personal-finance department approves, the RM answers, the head of the branch
decides on appeals, human resources makes final. Each step is taken on a day of its own, by the bank's commands.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Literal

from api.demo.design import Design
from api.demo.stage import Stage
from domain import appeal, approval, rating
from domain.bank import Bank, Outcome
from domain.calendar import days, is_working_day
from domain.log import Decision
from domain.rating import Served
from domain.refusal import Refused
from domain.result import Result
from domain.review import Act, Actor, Review, review_id, scheme_of
from domain.review_commands import Decide, DecideOn
from projections.read_model import ReadModel
from projections.results import Ratings

LATE_AFTERNOON = time(17, 30)
HR = "hr-office"
DAYS_BACK = 11
"""Days before the demo's last one on which the newest quarter is opened: what waits then is not overdue."""
EARLY = 15
"""Working days before the demo's last one on which the reviews are opened that are overdue at its end: by so many that
they wait for the next one up as well."""
CUTOFF = timedelta(days=14)
INSPECTED = 200
"""RMs of a quarter whose work is inspected, at most."""
SOON = (0, 1, 2, 2, 3, 3, 4, 5, 6)
AT_LEISURE = (2, 5, 7, 9, 10, 12, 14, 17, 20)
"""How many working days pass before each step is taken: opened, rated, submitted, returned, mended, approved,
answered, decided, final."""
RAISE = Decimal(5)
Take = Callable[["Stage"], None]


class Reviews:
    """Takes the steps of all quarters on their days. `follow` gives a read model that has caught up with the bank."""

    def __init__(self, bank: Bank, design: Design, follow: Callable[[], ReadModel]) -> None:
        self.bank, self._follow = bank, follow
        span = design.span
        over = [quarter for quarter in span.quarters if quarter.last_day < span.last_day]
        stages = [Stage(design, quarter, quarter == over[-1]) for quarter in over]
        self._steps: defaultdict[date, list[tuple[Stage, Take]]] = defaultdict(list)
        for stage in stages:
            if stage.newest and (first := _early_day(stage, span.last_day)):
                self._steps[first].append((stage, self._open_early))
            for day, take in zip(_days_of(stage, span.last_day), self._way(), strict=True):
                self._steps[day].append((stage, take))
        self.refused: list[Refused] = []

    def _way(self) -> Iterator[Take]:
        """The steps in their order."""
        yield self._open
        yield self._rate
        yield self._submit
        yield self._return
        yield self._mend
        yield self._approve
        yield self._answer
        yield self._decide
        yield self._finalise

    def on(self, day: date) -> None:
        """Take the steps of a day; what was refused is kept."""
        for stage, take in self._steps.get(day, ()):
            now = datetime.combine(day, LATE_AFTERNOON, self.bank.timezone)
            self.bank.clock = partial(_moment, now)
            take(stage)

    def _note(self, outcomes: Iterable[Outcome]) -> None:
        self.refused += [each for each in outcomes if isinstance(each, Refused)]

    def _open_early(self, stage: Stage) -> None:
        served = [each for each in self._follow().unopened(stage.quarter) if each.rm in stage.early]
        if served:
            self._open_these(stage, served, self.bank.today + 2 * CUTOFF)

    def _open_these(self, stage: Stage, served: Sequence[Served], cutoff_on: date) -> None:
        standing, facts_at = self.bank.register.quarters.get(stage.quarter), self.bank.register.position
        opening = self.bank.open_quarter(
            stage.quarter, standing.cutoff_on if standing else cutoff_on, facts_at, served, HR
        )
        self._note([opening.quarter, *opening.reviews])

    def _open(self, stage: Stage) -> None:
        served = self._follow().unopened(stage.quarter)
        self._open_these(stage, served, self.bank.today + CUTOFF)
        for each in islice((each for each in served if stage.members[each.rm] % 7 == 3), INSPECTED):
            nth = stage.members[each.rm] % len(stage.said.inspections)
            by = stage.approver(each.rm).by
            told = (by, self.bank.today, stage.said.findings[nth], stage.said.inspections[nth], by)
            self._note([self.bank.record_inspection(each.rm, stage.quarter, *told)])

    def _standing(self, stage: Stage, state: str) -> dict[str, Review]:
        """The reviews that pass a state, by RM."""
        found = self.bank.read_reviews([review_id(rm, stage.quarter) for rm in stage.members])
        return {each.rm: each for each in found.values() if stage.comes_to(each.rm, state)}

    def _take(self, stage: Stage, steps: Iterable[tuple[str, Actor, Decide]]) -> None:
        self._note(self.bank.take_steps(stage.quarter, list(steps)))

    def _results(self, stage: Stage, reviews: Iterable[Review], ratings: Ratings | None = None) -> dict[str, Result]:
        """What reviews come to on their facts and the ratings that stand; what is known since nothing was rated is not
        reckoned again."""
        known = {each.rm: each for each in reviews}
        new = [each for each in known.values() if ratings or not _holds(stage.results.get(each.rm), each)]
        rated = self._standing(stage, "rated").values() if new else ()
        for raised in (False, True):  # whose ratings an appeal raises is reckoned apart, so that the log tells when
            facts_at = {each.rm: each.facts_at for each in new if stage.is_raised(each.rm) == raised}
            at = max((each.reckoned_at for each in rated if stage.is_raised(each.rm) == raised), default=0)
            if facts_at:
                found = self._follow().review_results(stage.quarter, list(facts_at), facts_at, at, ratings)
                stage.results |= {each.rm: each for each in found}
        return {rm: stage.results[rm] for rm in known if rm in stage.results}

    def _rate(self, stage: Stage) -> None:
        def rate(comment: str, review: Review, act: Act) -> Decision | Refused:
            known = rating.rated_indicators(scheme_of(review, act.register))
            given = stage.ratings(review.rm, [(name, rating.best_rating(one)) for name, one in known.items()])
            return rating.rate(review, given, comment, None, act)

        comments = stage.said.comments
        rms = self._standing(stage, "rated")
        said = {rm: comments[stage.members[rm] % len(comments)] for rm in rms}
        self._take(stage, [(rm, stage.rater(rm), partial(rate, said[rm])) for rm in rms])

    def _submit(self, stage: Stage) -> None:
        self._submit_all(stage, self._standing(stage, "submitted").values())

    def _submit_all(self, stage: Stage, reviews: Iterable[Review]) -> None:
        results = self._results(stage, reviews)
        self._take(
            stage, [(rm, stage.rater(rm), partial(_on, rating.submit, result)) for rm, result in results.items()]
        )
        talked = [
            (rm, stage.rater(rm), partial(_talk, self.bank.today, stage.said.interview))
            for rm, result in results.items()
            if result.tier in self._asks_for_talk(result)
        ]
        self._take(stage, talked)

    def _asks_for_talk(self, result: Result) -> Sequence[str]:
        """The tiers that the scheme asks an interview for."""
        scheme = result.effective and self.bank.register.schemes.get((result.scheme or "", result.effective))
        return scheme.review.interview if scheme else ()

    def _return(self, stage: Stage) -> None:
        def send_back(review: Review, act: Act) -> Decision | Refused:
            return approval.return_review(review, stage.said.returned, None, act)

        self._take(stage, [(rm, stage.approver(rm), send_back) for rm in self._standing(stage, "returned")])

    def _mend(self, stage: Stage) -> None:
        again = [each for rm, each in self._standing(stage, "returned").items() if stage.comes_to(rm, "approved")]
        self._submit_all(stage, again)

    def _approve(self, stage: Stage) -> None:
        results = self._results(stage, self._standing(stage, "approved").values())
        self._take(
            stage, [(rm, stage.approver(rm), partial(_on, approval.approve, result)) for rm, result in results.items()]
        )

    def _answer(self, stage: Stage) -> None:
        def contest(review: Review, act: Act) -> Decision | Refused:
            return appeal.appeal(review, stage.said.appealed, None, act)

        contested, seen = self._standing(stage, "appealed"), self._standing(stage, "acknowledged")
        self._take(stage, [(rm, Actor(rm), contest) for rm in contested])
        self._take(stage, [(rm, Actor(rm), approval.acknowledge) for rm in seen])

    def _decide(self, stage: Stage) -> None:
        reviews = self._standing(stage, "decided")
        raised = {rm: _raised(each, self.bank) for rm, each in reviews.items() if stage.is_raised(rm)}
        results = self._results(stage, reviews.values(), raised)
        for rm, result in results.items():
            outcome: Literal["granted", "dismissed"] = "granted" if rm in raised else "dismissed"
            reason = stage.said.granted if rm in raised else stage.said.dismissed
            told = (outcome, raised.get(rm, {}), reason, result, stage.decider(rm))
            self._note([self.bank.decide_appeal(rm, stage.quarter, *told)])

    def _finalise(self, stage: Stage) -> None:
        results = self._results(stage, self._standing(stage, "final").values())
        missing: dict[str, set[str]] = {}
        if any(each.review.quota_met or each.review.all_rated for each in self.bank.register.schemes.values()):
            for lack in self._follow().review_missing(stage.quarter, list(results)).missing:
                missing.setdefault(lack.rm, set()).add(lack.what)
        self._note(self.bank.finalise_reviews(stage.quarter, list(results.values()), missing, Actor(HR)))


def _holds(result: Result | None, review: Review) -> bool:
    """Whether a result was reckoned since the review last moved."""
    return result is not None and result.facts_at == review.facts_at and result.rated_at >= review.reckoned_at


def _moment(now: datetime) -> datetime:
    return now


def _on(decide: DecideOn, result: Result, review: Review, act: Act) -> Decision | Refused:
    return decide(review, result, act)


def _talk(held_on: date, note: str, review: Review, act: Act) -> Decision | Refused:
    return rating.record_interview(review, held_on, note, None, act)


def _raised(review: Review, bank: Bank) -> dict[str, Decimal]:
    """The ratings of a review, each a little higher where it can be."""
    known = rating.rated_indicators(scheme_of(review, bank.register))
    return {
        name: min(rating.best_rating(known[name]), value + RAISE)
        for name, value in review.ratings.items()
        if name in known
    }


def _early_day(stage: Stage, last_day: date) -> date | None:
    """The working day on which those are opened that are overdue in the end; None where the quarter is hardly over."""
    after = [day for day in days(stage.quarter.last_day + timedelta(days=1), last_day) if is_working_day(day)]
    return after[-EARLY] if len(after) > EARLY else None


def _days_of(stage: Stage, last_day: date) -> list[date]:
    """The working days on which a quarter's steps are taken, in their order: soon after its end, or of the newest one
    shortly before the demo ends."""
    end = stage.quarter.last_day
    first = max(end, last_day - timedelta(days=DAYS_BACK)) if stage.newest else end
    after = [day for day in days(first + timedelta(days=1), last_day) if is_working_day(day)]
    spread = SOON if stage.newest else AT_LEISURE
    return [after[min(nth, len(after) - 1)] if after else last_day for nth in spread]
