"""The calls of the client about reviews, one per route. `version` is that of the review which the form showed: where
it has moved on meanwhile, the answer is 412 and nothing is changed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal
from urllib.parse import quote

from api.receipts import Noted, ReviewReceipt, ReviewsReceipt
from api.wire import Wire
from projections.answers.reviews import (
    CardReading,
    Delegation,
    Distribution,
    Inbox,
    Preview,
    QuarterProgress,
    Relation,
    Requirements,
    Review,
    ReviewList,
    State,
    Timeline,
)


class ReviewCalls(Wire):
    """Reviews of a quarter, and who stands in for whom."""

    # Questions

    def list_reviews(
        self,
        quarter: str,
        status: State | None = None,
        scope: str | None = None,
        waiting: Literal["me"] | None = None,
        search: str | None = None,
        after: str | None = None,
        limit: int = 50,
        min_position: int | None = None,
    ) -> ReviewList:
        """The reviews of a quarter within reach, those overdue first; `waiting`: those that wait for the asker."""
        asked = {"quarter": quarter, "status": status, "scope": scope, "waiting": waiting, "search": search or None}
        return self._get(ReviewList, "/v1/reviews", asked | {"after": after, "limit": limit}, min_position)

    def read_review(self, rm: str, quarter: str, min_position: int | None = None) -> Review:
        """All of one review, with the steps that the asker may take now."""
        return self._get(Review, _review(rm, quarter), {}, min_position)

    def preview_review(self, rm: str, quarter: str, ratings: Mapping[str, Decimal]) -> Preview:
        """What ratings would come to; nothing is saved."""
        return self._post(Preview, f"{_review(rm, quarter)}/preview", {"ratings": _told(ratings)})

    def grade_notice(self, rm: str, quarter: str, language: Literal["zh", "en"] = "zh") -> bytes:
        """The grade notice, a PDF."""
        asked = {"language": language, "min_position": self.seen or None}
        return self._content(f"{_review(rm, quarter)}/notice", {k: v for k, v in asked.items() if v is not None})

    def review_timeline(self, rm: str, quarter: str, min_position: int | None = None) -> Timeline:
        """One review as the events that made it."""
        return self._get(Timeline, f"{_review(rm, quarter)}/timeline", {}, min_position)

    def inbox(self, limit: int = 50, min_position: int | None = None) -> Inbox:
        """What waits for the asker, the most urgent first."""
        return self._get(Inbox, "/v1/inbox", {"limit": limit}, min_position)

    def list_review_quarters(self) -> list[QuarterProgress]:
        """The quarters that may be reviewed and how far each is, the newest first."""
        return self._get(list[QuarterProgress], "/v1/review-quarters")

    def review_quarter(self, quarter: str, scope: str | None = None) -> QuarterProgress:
        """How far the reviews of a quarter are."""
        return self._get(QuarterProgress, _quarter(quarter), {"scope": scope})

    def review_distribution(self, quarter: str, scope: str | None = None) -> Distribution:
        """Tiers against the scheme's quotas, and how high each supervisor rates."""
        return self._get(Distribution, f"{_quarter(quarter)}/distribution", {"scope": scope})

    def review_requirements(self, quarter: str, scope: str | None = None) -> Requirements:
        """What is missing before the quarter's grades may be final: for whom, and who can mend it."""
        return self._get(Requirements, f"{_quarter(quarter)}/requirements", {"scope": scope})

    # Steps

    def open_review_quarter(self, quarter: str, cutoff_on: date, limit: int | None = None) -> ReviewsReceipt:
        """Open a review for each RM who served, so many at once; `remaining` is how many have none yet. Again: for
        those."""
        body = {"cutoff_on": cutoff_on.isoformat()} | ({"limit": limit} if limit else {})
        return self._post(ReviewsReceipt, f"{_quarter(quarter)}/open", body)

    def rate_review(
        self,
        rm: str,
        quarter: str,
        ratings: Mapping[str, Decimal],
        comment: str | None = None,
        version: int | None = None,
    ) -> ReviewReceipt:
        """Save ratings, or the comment, or both; the others stay as they are."""
        body = {"ratings": _told(ratings)} | ({"comment": comment} if comment is not None else {})
        return self._step(rm, quarter, "rate", body, version)

    def accept_late_facts(self, rm: str, quarter: str, until: int, version: int | None = None) -> ReviewReceipt:
        """Take in the facts up to a log position."""
        return self._step(rm, quarter, "accept-late-facts", {"facts_at": until}, version)

    def record_interview(
        self, rm: str, quarter: str, held_on: date, note: str, version: int | None = None
    ) -> ReviewReceipt:
        """Record a talk about the quarter."""
        return self._step(rm, quarter, "interview", {"held_on": held_on.isoformat(), "note": note}, version)

    def submit_review(self, rm: str, quarter: str, version: int | None = None) -> ReviewReceipt:
        """Hand it to another person for approval."""
        return self._step(rm, quarter, "submit", {}, version)

    def return_review(self, rm: str, quarter: str, reason: str, version: int | None = None) -> ReviewReceipt:
        """Give it back to the supervisor."""
        return self._step(rm, quarter, "return", {"reason": reason}, version)

    def approve_review(self, rm: str, quarter: str, version: int | None = None) -> ReviewReceipt:
        """Stand for the result as a second person."""
        return self._step(rm, quarter, "approve", {}, version)

    def acknowledge_review(self, rm: str, quarter: str, version: int | None = None) -> ReviewReceipt:
        """The RM has seen the result and does not contest it."""
        return self._step(rm, quarter, "acknowledge", {}, version)

    def appeal_review(self, rm: str, quarter: str, reason: str, version: int | None = None) -> ReviewReceipt:
        """The RM contests the result."""
        return self._step(rm, quarter, "appeal", {"reason": reason}, version)

    def decide_appeal(
        self,
        rm: str,
        quarter: str,
        outcome: Literal["granted", "dismissed"],
        reason: str,
        ratings: Mapping[str, Decimal] | None = None,
        version: int | None = None,
    ) -> ReviewReceipt:
        """Decide an appeal; where it is granted, by which ratings."""
        body = {"outcome": outcome, "reason": reason, "ratings": _told(ratings or {})}
        return self._step(rm, quarter, "decide", body, version)

    def finalise_review(self, rm: str, quarter: str, version: int | None = None) -> ReviewReceipt:
        """Make the grade final."""
        return self._step(rm, quarter, "finalise", {}, version)

    def propose_reopening(self, rm: str, quarter: str, reason: str, version: int | None = None) -> ReviewReceipt:
        """Ask for a final review to be opened again."""
        return self._step(rm, quarter, "propose-reopening", {"reason": reason}, version)

    def reopen_review(self, rm: str, quarter: str, cutoff_on: date, version: int | None = None) -> ReviewReceipt:
        """Open a final review again that somebody else proposed to reopen."""
        return self._step(rm, quarter, "reopen", {"cutoff_on": cutoff_on.isoformat()}, version)

    def refuse_reopening(self, rm: str, quarter: str, version: int | None = None) -> ReviewReceipt:
        """Leave a final review final, or take one's own proposal back."""
        return self._step(rm, quarter, "refuse-reopening", {}, version)

    def submit_reviews(self, quarter: str, versions: Mapping[str, int]) -> ReviewsReceipt:
        """Submit up to 1,000 reviews, each by its version; each gets its own result."""
        return self._steps("submit", quarter, versions)

    def approve_reviews(self, quarter: str, versions: Mapping[str, int]) -> ReviewsReceipt:
        """Approve up to 1,000 reviews, each by its version; each gets its own result."""
        return self._steps("approve", quarter, versions)

    def finalise_reviews(self, quarter: str, versions: Mapping[str, int]) -> ReviewsReceipt:
        """Make up to 1,000 grades final, each by the review's version; each gets its own result."""
        return self._steps("finalise", quarter, versions)

    # What others say, and who stands in for whom

    def cast_vote(self, rm: str, quarter: str, measure: str) -> Noted:
        """Give an RM one of the levels of the scheme's votes."""
        return self._post(Noted, f"/v1/rms/{_part(rm)}/votes/{_part(quarter)}", {"measure": measure})

    def record_inspection(
        self, rm: str, quarter: str, inspector: str, inspected_on: date, findings: int, note: str
    ) -> Noted:
        """Record what the branch's inspection of an RM's work found."""
        body = {"inspector": inspector, "inspected_on": inspected_on.isoformat(), "findings": findings, "note": note}
        return self._post(Noted, f"/v1/rms/{_part(rm)}/inspections/{_part(quarter)}", body)

    def list_relations(self) -> list[Relation]:
        """Who is declared to be close to whom, as far as the asker may know: for a person, their own."""
        return self._get(list[Relation], "/v1/relations")

    def declare_relation(self, relative: str, person: str | None = None) -> Noted:
        """Declare that somebody is a relative, or otherwise too close; by default of oneself."""
        return self._post(Noted, "/v1/relations", {"relative": relative} | ({"person": person} if person else {}))

    def end_relation(self, person: str, relative: str) -> Noted:
        """Note that what was declared holds no longer."""
        return self._post(Noted, "/v1/relations:end", {"person": person, "relative": relative})

    def list_delegations(self) -> list[Delegation]:
        """Who stands in for whom from today on, as far as the asker may know: for a person, by them and for them."""
        return self._get(list[Delegation], "/v1/delegations")

    def delegate_duties(self, delegate: str, from_day: date, to_day: date, person: str | None = None) -> Noted:
        """Let somebody do a person's duties in reviews, both days included; by default one's own."""
        body = {"delegate": delegate, "from_day": from_day.isoformat(), "to_day": to_day.isoformat()}
        return self._post(Noted, "/v1/delegations", body | ({"person": person} if person else {}))

    def end_delegation(self, delegate: str, person: str | None = None) -> Noted:
        """Let a person (by default oneself) do their duties again before the day that was named."""
        return self._post(Noted, "/v1/delegations:end", {"delegate": delegate} | ({"person": person} if person else {}))

    def list_card_readings(
        self,
        rm: str | None = None,
        quarter: str | None = None,
        reader: str | None = None,
        after: int | None = None,
        limit: int = 100,
    ) -> list[CardReading]:
        """What was read of RMs' quarters by others than themselves, newest first."""
        asked = {"rm": rm, "quarter": quarter, "reader": reader, "after": after, "limit": limit}
        return self._get(list[CardReading], "/v1/card-readings", asked)

    def _step(self, rm: str, quarter: str, step: str, body: object, version: int | None) -> ReviewReceipt:
        return self._post(ReviewReceipt, f"{_review(rm, quarter)}/{step}", body, version=version)

    def _steps(self, step: str, quarter: str, versions: Mapping[str, int]) -> ReviewsReceipt:
        reviews = [{"rm": rm, "version": version} for rm, version in versions.items()]
        return self._post(ReviewsReceipt, f"/v1/reviews:{step}", {"quarter": quarter, "reviews": reviews})


def _part(text: str) -> str:
    return quote(text, safe="")


def _review(rm: str, quarter: str) -> str:
    return f"/v1/reviews/{_part(rm)}/{_part(quarter)}"


def _quarter(quarter: str) -> str:
    return f"/v1/review-quarters/{_part(quarter)}"


def _told(ratings: Mapping[str, Decimal]) -> dict[str, str]:
    return {indicator: format(value, "f") for indicator, value in ratings.items()}
