"""What a grade notice says of a review: the result that people stand for, line by line, who did what, how to appeal.

Nothing here depends on when or by whom it is asked: the same review says the same for ever.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel import dates, numbers

from api.problems import NotFound
from domain.calendar import Quarter
from domain.money import plain
from domain.scheme import Scheme
from domain.scheme_file.entries import AMOUNT_UNIT, UNSTATED_REVIEW
from domain.shapes.words import one_of
from projections.answers import Words
from projections.answers.reviews import FinalGrade, ResultGate, ResultLine, Review, ReviewResult, Stated, Text

Language = Literal["en", "zh"]
WORDS: dict[str, dict[Language, str]] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
)
LONGEST_TEXT = 700
"""Signs of a comment or decision that the page has room for; the review has all of it."""
STANDING = ("approved", "acknowledged", "appealed", "decided")
"""The states in which two people stand for a result that is not final. In any other one a former final grade stands."""
STOOD: dict[Literal["submitted", "approved", "decided", "final"], str] = {
    "submitted": "submitted", "approved": "approver", "decided": "decided", "final": "finalised",
}  # fmt: skip
"""What people do with a result, in the order of the way through a review, and the word for who did."""
PENDING = "approve the review first: a notice tells a result that two people stand for"
MOVED = "approve the review again: its result has changed since it was approved"


@dataclass(frozen=True, slots=True)
class Told:
    """A review in the language of its notice; `scheme` is the version that it fell under."""

    review: Review
    scheme: Scheme | None
    bank: str
    zone: ZoneInfo
    language: Language

    def say(self, key: str, **gaps: object) -> str:
        """A word of the notice; what a gap is filled with is never looked at for gaps."""
        return WORDS[key][self.language].format(**gaps)

    def of(self, words: Words | None) -> str:
        return getattr(words, self.language) if words else ""

    def day(self, day: date) -> str:
        return dates.format_date(day, "long", locale=self.language)

    def at(self, moment: datetime) -> str:
        local = moment.astimezone(self.zone)
        return f"{self.day(local.date())} {local:%H:%M}"

    def number(self, value: Decimal | None) -> str:
        return "–" if value is None else numbers.format_decimal(value, locale="en", decimal_quantization=False)

    def amount(self, value: Decimal | None, unit: Words) -> str:
        if value is None:
            return "–"
        one = self.language == "en" and value == 1 and unit.en != AMOUNT_UNIT[0]
        return f"{self.number(value)} {one_of(unit.en) if one else self.of(unit)}"


def result_of(review: Review) -> tuple[ReviewResult, Stated, FinalGrade | None]:
    """The result that the notice tells: the final one, else the one that was approved or decided on; a Problem where
    there is none, or where the review has moved since."""
    if review.finals and review.row.state not in STANDING:
        final = max(review.finals, key=lambda one: one.round)
        card = final.result.card
        stated = next((one for one in review.stated if one.what == "final"), None) or Stated(
            what="final", round=final.round, card=card, by=final.by, on_behalf_of=final.on_behalf_of, at=final.at,
            position=final.position,
        )  # fmt: skip
        return final.result, stated, final
    if review.row.state not in STANDING:
        raise NotFound(PENDING)
    stood = [one for one in review.stated if one.what in ("approved", "decided") and one.round == review.row.round]
    newest = max(stood, key=lambda one: one.position)
    if newest.card.digest != review.result.card.digest:
        raise NotFound(MOVED)
    return review.result, newest, None


def contents(told: Told) -> dict[str, Any]:
    """The notice as the page takes it: texts alone, in their order."""
    row = told.review.row
    result, stated, final = result_of(told.review)
    card = result.card
    graded = card.status == "graded"
    tier = told.of(card.tier_name) if graded else told.say(card.status) if card.status in WORDS else card.status
    rules = told.scheme.review if told.scheme else UNSTATED_REVIEW
    quarter = Quarter.parse(row.quarter)
    paid = quarter.next if rules.pays == "next-quarter" else quarter
    return {
        "language": told.language, "region": "CN" if told.language == "zh" else "GB",
        "title": told.say("title"), "bank": told.bank, "footer": told.say("footer"),
        "number": told.say("number", quarter=row.quarter, rm=row.rm, round=stated.round),
        "final": final is not None, "state": told.say("final" if final else "approved"),
        "words": {key: told.say(key) for key in ("grade", "lines", "comment", "decision", "people", "appeal", "digest")}
        | {"columns": [told.say(key) for key in ("indicator", "measured", "target", "points", "reason")]},
        "about": list(_about(told, quarter)),
        "graded": graded, "tier": tier,
        "figures": [[told.say(key), told.number(getattr(card, key))] for key in ("score", "coefficient")],
        "pays": told.say(rules.pays, quarter=paid) if graded else "",
        "lines": [_line(told, line) for line in result.lines],
        "gates": [_gate(told, one) for one in result.gates if one.fired],
        "comment": _shortened(told.review.comment), "decision": _shortened(told.review.decision),
        "people": [list(one) for one in _people(told, final)],
        "appeal": list(_appeal(told, final, rules.decide_days)),
        "proof": told.say("proof", facts=card.facts_at, position=stated.position), "digest": card.digest,
    }  # fmt: skip


def _about(told: Told, quarter: Quarter) -> Iterator[list[str]]:
    row = told.review.row
    yield [told.say("rm"), told.say("named", name=row.name, rm=row.rm)]
    yield [told.say("org"), row.org_name]
    yield [told.say("post"), row.post]
    days = {"first": told.day(quarter.first_day), "last": told.day(quarter.last_day)}
    yield [told.say("quarter"), told.say("period", quarter=quarter, **days)]
    if told.scheme:
        name = told.scheme.en if told.language == "en" else told.scheme.zh
        yield [told.say("scheme"), told.say("version", name=name, effective=told.scheme.effective)]


def _line(told: Told, line: ResultLine) -> dict[str, Any]:
    return {
        "name": told.of(line.name), "clause": told.say("clause", clause=line.clause),
        "measured": told.amount(line.measured, line.unit), "target": told.amount(line.target, line.unit),
        "points": told.number(line.points) if line.scored else told.say("unscored"),
        "share": f" / {plain(line.share.quantize(Decimal('0.01')))}" if line.scored and line.weight else "",
        "scored": line.scored, "sentence": told.of(line.sentence),
    }  # fmt: skip


def _gate(told: Told, gate: ResultGate) -> str:
    """A condition that held, and what it did to tier and coefficient."""
    tiers = told.scheme.tiers if told.scheme else ()
    capped = next((one for one in tiers if one.id == gate.cap_tier), None)
    effects = told.say("capped", tier=told.of(Words(en=capped.en, zh=capped.zh))) if capped else ""
    if gate.coefficient is not None:
        effects += told.say("limited", coefficient=plain(gate.coefficient))
    return told.say("gate", name=told.of(gate.name), clause=gate.clause, effects=effects)


def _shortened(text: Text | None) -> str:
    """As much of a text as the page has room for; nothing of one that was erased."""
    said = text.text if text and text.text else ""
    return said if len(said) <= LONGEST_TEXT else f"{said[:LONGEST_TEXT]}…"


def _people(told: Told, final: FinalGrade | None) -> Iterator[tuple[str, str]]:
    """Who stands for the result; a person is told by the opaque id under which the log knows them."""
    row = told.review.row
    rated_by = final.rated_by if final else row.rated_by
    if rated_by:
        yield told.say("rated"), rated_by
    newest = {one.what: one for one in sorted(told.review.stated, key=lambda one: one.position)}
    for what, key in STOOD.items():
        if one := newest.get(what):
            who = told.say("behalf", who=one.by, whom=one.on_behalf_of) if one.on_behalf_of else one.by
            yield told.say(key), told.say("at", who=who, at=told.at(one.at))
    answer = final.answer if final else row.answer
    if answer:
        yield told.say("answer"), told.say(answer)


def _appeal(told: Told, final: FinalGrade | None, decide_days: int) -> Iterator[str]:
    row = told.review.row
    if final:
        yield told.say("standing")
        yield told.say("reopening" if row.state == "final" else "reopened")
    elif row.state == "approved" and row.due_on:
        yield told.say("until", due=told.day(row.due_on))
        yield told.say("deciding", days=decide_days)
        yield told.say("silence")
    else:
        yield told.say("answered", answer=told.say(row.answer or "unanswered"))


def moment(review: Review) -> int:
    """The second in which the result came to stand: the notice bears this time, whenever it is made."""
    _, stated, _ = result_of(review)
    return int(stated.at.timestamp())


def mapped(value: Any, change: Any) -> Any:
    """Every text within a value, changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: mapped(each, change) for key, each in value.items()}
    return [mapped(each, change) for each in value] if isinstance(value, list) else value
