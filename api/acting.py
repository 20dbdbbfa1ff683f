"""Which review somebody acts on, and as whom: by their own right, or in the place of somebody absent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from fastapi import Depends

from api.asking import LONGEST_WAIT, Grant, Granted
from api.http.parameters import QuarterText, RMPath
from api.office import Office
from api.preconditions import looked_at, version_to_match
from api.problems import Forbidden, NotFound, Problem, TooLate, of_refusals
from api.receipts import ReviewReceipt
from domain.bank import Bank, Outcome
from domain.calendar import Quarter
from domain.organisation import ancestors
from domain.rating import missing_ratings, rating_faults
from domain.refusal import Refused, Taken
from domain.register import Register
from domain.result import Result
from domain.review import BEING_RATED, MOVED_ON, NO_REVIEW, Act, Actor, Review, check_actor
from projections.answers.reviews import State

NO_RESULT = "open a review for an RM who served in that quarter"
MOVED = "look at the review again: its result is another one by now"


def rights(granted: Grant) -> Iterator[Grant]:
    """Every right that an operation may be done by: the asker's own first."""
    yield granted
    yield from granted.duties


def reaches(granted: Grant, rm: str, org: str | None) -> bool:
    """Whether a right reaches an RM's review, which belongs to the unit that the RM served in last in its quarter."""
    if granted.reach == "own":
        return rm == granted.asker.rm
    if granted.reach == "any" or granted.asker.scope is None:
        return True
    return org is not None and granted.asker.scope in ancestors(org, granted.register.units)


def right_to(granted: Grant, rm: str, org: str | None) -> Grant | None:
    """The right by which the asker reaches a review; None where none does."""
    return next((each for each in rights(granted) if reaches(each, rm, org)), None)


def actor_of(right: Grant) -> Actor:
    """Who acts by a right, whose duty it is, and who could act as either."""
    identity, asker = right.office.identity, right.asker
    tied = identity.ties_of(asker.subject)
    if right.on_behalf_of:
        tied |= identity.ties_of(right.on_behalf_of) - {asker.person}
    return Actor(asker.person, right.on_behalf_of, tied)


def act_of(right: Grant) -> Act:
    """What a decision by a right stands on, to try one: its texts have no salt, and are kept nowhere."""
    bank, actor = right.office.bank, actor_of(right)
    return Act(actor, right.register, bank.today, {"recorded_at": bank.clock(), "by": actor.by}, str)


def checked_ratings(right: Grant, review: Review, ratings: Mapping[str, str]) -> dict[str, Decimal]:
    """Ratings as numbers, checked against the review's scheme; what is wrong with them is raised."""
    if faults := rating_faults(review, ratings, act_of(right)):
        raise of_refusals(faults)
    return {name: Decimal(value) for name, value in ratings.items()}


def reached(granted: Grant, rm: str, quarter: Quarter) -> tuple[Review, Grant]:
    """The review as the log has it now, and the right by which the asker reaches it. Who reaches only some isn't told
    which others there are."""
    review = granted.office.bank.read_review(rm, quarter)
    right = right_to(granted, rm, review.org if review else None)
    if right is None:
        raise Forbidden
    if review is None:
        raise NotFound(NO_REVIEW.remedy)
    return review, right


def listed_scope(granted: Grant, asked: str | None) -> str | None:
    """The unit that a listing covers, by the first right that reaches it; None for the whole bank."""
    listing = [each for each in rights(granted) if each.reach != "own"]
    for each in listing[:-1]:
        try:
            return each.scope(asked)
        except Forbidden:
            continue
    if not listing:
        raise Forbidden
    return listing[-1].scope(asked)


def fault_of(outcome: Refused, version: int | None) -> Problem:
    """What a refused step answers: 412 where the review moved on from the version that was looked at."""
    if version is not None and MOVED_ON in outcome.refusals:
        return Problem(412, MOVED_ON.remedy)
    return of_refusals(outcome.refusals)


def taken(outcome: Outcome, version: int | None = None) -> Taken:
    """What was taken in; a refusal is raised."""
    if isinstance(outcome, Refused):
        raise fault_of(outcome, version)
    return outcome


def reckoned(
    office: Office,
    quarter: Quarter,
    reviews: Iterable[Review],
    ratings: Mapping[str, Mapping[str, Decimal]] | None = None,
) -> dict[str, Result]:
    """What reviews come to by RM, on the facts and ratings that stand, and on those that are supposed beside; TooLate
    where the read model does not come that far in time."""
    known = list(reviews)
    least = max((max(each.reckoned_at, each.facts_at) for each in known), default=0)
    office.follower.wake()
    if not office.read_model.wait_for(least, LONGEST_WAIT):
        raise TooLate(office.follower.barred)
    facts_at = {each.rm: each.facts_at for each in known}
    found = office.read_model.review_results(quarter, list(facts_at), facts_at, with_ratings=ratings)
    return {result.rm: result for result in found}


def catch_up(office: Office) -> None:
    """Wait until the read model holds all that the log does now: what makes a grade final, or is paid, must not be
    decided on what lags behind; TooLate where it does not come that far in time."""
    if not office.read_model.wait_for(office.read_model.progress().log_position, LONGEST_WAIT):
        raise TooLate(office.follower.barred)


def missing_of(office: Office, quarter: Quarter, rms: Sequence[str]) -> tuple[dict[str, set[str]], int | None]:
    """What is missing before grades may be final, by RM, as the log stands now: another review may have moved a quota,
    or have come to be rated, a moment ago. And the position at which that is so, where a scheme looks at others."""
    catch_up(office)
    told = office.read_model.review_missing(quarter, rms)
    missing: dict[str, set[str]] = {}
    for lack in told.missing:
        missing.setdefault(lack.rm, set()).add(lack.what)
    rules = [scheme.review for scheme in office.bank.register.schemes.values()]
    return missing, told.moment.position if any(each.quota_met or each.all_rated for each in rules) else None


def state_of(review: Review, register: Register) -> State:
    """How far a review has come; it is rated once nothing is missing of what the supervisor says."""
    if review.step in BEING_RATED and not missing_ratings(review, register):
        return "rated"
    return review.step


@dataclass(frozen=True, slots=True)
class InReview:
    """One review within reach, as the log has it: by which right, who acts, and which version of it they looked at."""

    right: Grant
    review: Review
    actor: Actor
    version: int | None

    @property
    def bank(self) -> Bank:
        """Where a step is taken."""
        return self.right.office.bank

    @property
    def which(self) -> tuple[str, Quarter]:
        """The review, as commands name it."""
        return self.review.rm, self.review.quarter

    @property
    def how(self) -> tuple[Actor, int | None]:
        """By whom, and on which version: the last two parameters of every step."""
        return self.actor, self.version

    def result(self, digest: str | None = None, ratings: Mapping[str, Decimal] | None = None) -> Result:
        """What it comes to, also with ratings that are supposed; 409 where it is not the result that was looked at. Who
        may not act in it is not told whether it is: a digest could be guessed."""
        if digest is not None and (fault := check_actor(self.review, act_of(self.right))):
            raise of_refusals([fault])
        supposed = {self.review.rm: ratings} if ratings is not None else None
        found = reckoned(self.right.office, self.review.quarter, [self.review], supposed).get(self.review.rm)
        if found is None:
            raise NotFound(NO_RESULT)
        if digest is not None and found.digest != digest:
            raise Problem(409, MOVED)
        return found

    def receipt(self, outcome: Outcome) -> ReviewReceipt:
        """What a step answers that was taken, with how the review stands then; a refusal is raised."""
        done, office = taken(outcome, self.version), self.right.office
        office.follower.wake()
        review = office.bank.read_reviews([done.subject])[done.subject]
        return ReviewReceipt(
            position=done.position, outcome=done.outcome, rm=review.rm, quarter=str(review.quarter),
            state=state_of(review, self.right.register), version=review.version,
        )  # fmt: skip


def in_review(
    granted: Granted, rm: RMPath, quarter: QuarterText, versions: Annotated[frozenset[int] | None, Depends(looked_at)]
) -> InReview:
    """The review that a path names; 403 where it lies beyond the asker's reach, 404 where there is none."""
    review, right = reached(granted, rm, Quarter.parse(quarter))
    return InReview(right, review, actor_of(right), version_to_match(versions, review.version))


Within = Annotated[InReview, Depends(in_review)]
