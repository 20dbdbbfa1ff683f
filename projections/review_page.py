"""What stands on a review's page beside its result: ratings with anchors, texts, evidence, and what people say."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from domain.log import Log
from domain.money import FEN, MICRO, MILLI, unscaled
from domain.result import Result
from domain.scheme import Scheme
from domain.scheme_file.conditions import names_of
from domain.scheme_file.entries import UNSTATED_REVIEW
from projections.answers import Words
from projections.answers import reviews as answers
from projections.at_position import named, utc, words
from projections.checks import Schemes
from projections.questions import Row
from projections.results import stated_card, told_of

BEST = Decimal(100)
"""The best rating of an indicator that states no target."""
WHAT: dict[str, Any] = {
    "ReviewSubmitted": "submitted", "ReviewApproved": "approved", "AppealDecided": "decided", "GradeFinalised": "final",
}  # fmt: skip
"""The events by which people stand for a result."""
FIELDS = {"ReviewCommented": "comment", "InterviewHeld": "note"}
"""The name of an event's text; of the others it is the reason."""
UNTOLD = {"recorded_at", "by", "on_behalf_of", "rm", "quarter", "lines"}
"""What a timeline tells otherwise, or where it leads to the final grade."""
STOOD_FOR = {"ReviewApproved", "AppealDecided"}
"""The events by which a second person stands for what was said before."""
DRAFTS = {"IndicatorRated", "ReviewCommented", "ReviewSubmitted", "ReviewReturned"}
"""The events that are none of the RM's business until then."""
Texts = Mapping[tuple[str, int], Mapping[str, str]]


def ratings(scheme: Scheme | None, given: Sequence[Row]) -> list[answers.RatingLine]:
    """The indicators to be rated in the scheme's order, with their anchors and the ratings that stand."""
    stands = {row["indicator"]: row["newest"] for row in given}
    return [
        _rating(scheme, one, stands.get(one.id))
        for one in (scheme.indicators if scheme else ())
        if scheme and one.measure.rule == "rating"
    ]


def _rating(scheme: Scheme, one: Any, newest: Any) -> answers.RatingLine:
    anchors = sorted(one.anchors, key=lambda anchor: anchor.at, reverse=True)
    value, by, on_behalf_of, at, position = newest or (None,) * 5
    return answers.RatingLine(
        indicator=one.id, name=words(one), clause=one.clause, clause_text=words(scheme.clauses[one.clause]),
        weight=one.weight, best=one.target or BEST, unrated=one.unrated,
        anchors=[answers.AnchorLine(at=anchor.at, text=words(anchor)) for anchor in anchors],
        value=None if value is None else unscaled(value, MILLI), by=by, on_behalf_of=on_behalf_of,
        at=utc(at) if at else None, position=position,
    )  # fmt: skip


def undrafted(steps: Sequence[Row], event: str) -> list[Row]:
    """The events of a review without those that no second person stands for yet; `event` names the type."""
    until = max((step["position"] for step in steps if step[event] in STOOD_FOR), default=0)
    return [step for step in steps if step[event] not in DRAFTS or step["position"] <= until]


def page_texts(log: Log, stream: str, steps: Sequence[Row]) -> dict[str, answers.Text]:
    """The newest text of each type of event."""
    texts = log.select_texts_of([(stream, step["version"]) for step in steps if step["text_digest"]])
    return {step["event"]: _text(texts, stream, step) for step in steps if step["text_digest"]}


def _text(texts: Texts, stream: str, step: Row) -> answers.Text:
    field = FIELDS.get(step["event"], "reason")
    return answers.Text(
        text=texts.get((stream, step["version"]), {}).get(field), digest=step["text_digest"], by=step["by"],
        on_behalf_of=step["on_behalf_of"], at=utc(step["recorded_at"]), position=step["position"],
    )  # fmt: skip


def stated(steps: Sequence[Row], scheme: Scheme | None) -> list[answers.Stated]:
    """The results that people stood for, newest first."""
    found, round_, facts_at = list[answers.Stated](), 1, 0
    for step in steps:
        round_ += step["event"] == "ReviewReopened"
        facts_at = facts_at if step["facts_at"] is None else step["facts_at"]
        card = stated_card(step | {"facts_at": facts_at}, scheme) if step["event"] in WHAT else None
        if card:
            found.append(answers.Stated(
                what=WHAT[step["event"]], round=round_, card=card, by=step["by"], on_behalf_of=step["on_behalf_of"],
                at=utc(step["recorded_at"]), position=step["position"], outcome=step["outcome"],
            ))  # fmt: skip
    return found[::-1]


def finals(rows: Sequence[Row], schemes: Schemes) -> list[answers.FinalGrade]:
    """The final grades as they were frozen, newest first."""
    return [_final(row, schemes) for row in rows]


def _final(row: Row, schemes: Schemes) -> answers.FinalGrade:
    figures = {
        name: None if row[name] is None else unscaled(row[name], MICRO) for name in ("score", "coefficient")
    }  # fmt: skip
    same = ("rm", "org", "post", "scheme", "effective", "status", "tier", "lines", "facts_at", "rated_at")
    result = Result(**({name: row[name] for name in same} | figures))
    told = (
        "rm", "quarter", "round", "position", "by", "on_behalf_of", "org", "post", "scheme", "effective", "rated_by",
        "approved_by", "decided_by", "answer",
    )  # fmt: skip
    frozen = told_of(result, schemes)
    known = frozen.card.model_copy(update={"digest": row["result_digest"]})
    as_told = answers.ReviewResult(card=known, rated_at=frozen.rated_at, lines=frozen.lines, gates=frozen.gates)
    return answers.FinalGrade(**{name: row[name] for name in told}, at=utc(row["recorded_at"]), result=as_told)


def evidence(
    log: Log, stream: str, scheme: Scheme | None, counted: Sequence[Row], inspected: Sequence[Row],
    voted: Sequence[Row], steps: Sequence[Row],
) -> answers.Evidence:  # fmt: skip
    """The log's entries by kind, inspections, talks, and votes as sums: of fewer voters than the scheme says none."""
    talks = [step for step in steps if step["event"] == "InterviewHeld"]
    asked = [(stream, step["version"]) for step in talks] + [(row["stream"], row["version"]) for row in inspected]
    texts = log.select_texts_of(asked)
    least = (scheme.review if scheme else UNSTATED_REVIEW).least_votes
    voters = sum(row["votes"] or 0 for row in voted) // MILLI
    return answers.Evidence(
        kinds=[_kind_count(row, scheme) for row in counted],
        inspections=[_inspection(row, texts) for row in inspected],
        interviews=[answers.Interview(held_on=step["held_on"], note=_text(texts, stream, step)) for step in talks],
        votes=[_vote_sum(row, scheme, voters >= least) for row in voted],
        voters=voters if voters >= least else 0, least_votes=least,
    )  # fmt: skip


def timeline_entry(position: int, topic: str, state: bytes | str) -> answers.TimelineEntry:
    """One event with its fields as they stand in the log, but for those that every one has, and the score's lines."""
    said: dict[str, Any] = json.loads(state)
    facts = [
        answers.Fact(name=name, value=str(value))
        for name, value in said.items()
        if name not in UNTOLD and value is not None
    ]
    return answers.TimelineEntry(
        position=position, topic=topic, at=datetime.fromisoformat(said["recorded_at"]).replace(tzinfo=UTC),
        by=said["by"], on_behalf_of=said.get("on_behalf_of"), facts=facts,
    )  # fmt: skip


def _kind_count(row: Row, scheme: Scheme | None) -> answers.KindCount:
    kind = scheme.kinds.get(row["kind"]) if scheme else None
    gates = [gate.id for gate in scheme.gates if _looks_at(scheme, gate.when, row["kind"])] if scheme else []
    return answers.KindCount(
        kind=row["kind"], name=named(kind, row["kind"]), unit=words(kind.unit) if kind else Words(en="", zh=""),
        entries=row["entries"], quantity=unscaled(row["quantity"], MILLI), amount=unscaled(row["amount"], FEN),
        waiting=row["waiting"], in_gates=gates,
    )  # fmt: skip


def _looks_at(scheme: Scheme, condition: str, kind: str) -> bool:
    """Whether a condition looks at a kind, or at a figure that counts it."""
    measures = dict(scheme.measured())
    return any(name == kind or (name in measures and kind in measures[name].kinds) for name in names_of(condition))


def _inspection(row: Row, texts: Texts) -> answers.Inspection:
    note = answers.Text(
        text=texts.get((row["stream"], row["version"]), {}).get("note"), digest=row["note_digest"], by=row["by"],
        on_behalf_of=None, at=utc(row["recorded_at"]), position=row["position"],
    )  # fmt: skip
    return answers.Inspection(
        inspector=row["inspector"], inspected_on=row["inspected_on"], findings=row["findings"], note=note
    )


def _vote_sum(row: Row, scheme: Scheme | None, is_told: bool) -> answers.VoteSum:
    name = words(scheme.named(row["measure"])) if scheme else Words(en=row["measure"], zh=row["measure"])
    votes = unscaled(row["votes"] or 0, MILLI) if is_told else None
    return answers.VoteSum(measure=row["measure"], name=name, votes=votes)
