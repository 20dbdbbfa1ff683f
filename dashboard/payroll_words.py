"""What payroll's pages say of codes: why somebody has no final grade, what became of a run, what changed and why."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape

from dashboard import meters, review_words
from dashboard.words import NOT_GRADED, STATUSES, Say, msg
from projections.answers import Words
from projections.answers.payroll import PaidResult, StateTotal, TierTotal

WITHOUT = (
    {"not-opened": msg("Not opened")}
    | {state: word for state, word in review_words.STATES.items() if state != "final"}
    | {"not-in-service": msg("Not in service")}
    | NOT_GRADED
)
"""The state of who has no final grade, in a word; those of a review first, in the order of its way."""
WHY = {
    "not-opened": msg("No review of this quarter was opened."),
    "open": msg("The supervisor has not rated everything yet."),
    "rated": msg("The supervisor has yet to submit it."),
    "submitted": msg("It waits for another person's approval."),
    "returned": msg("It was given back to the supervisor."),
    "approved": msg("Until the RM answers or the days for it end."),
    "acknowledged": msg("HR has yet to make it final."),
    "appealed": msg("The RM's appeal is not decided yet."),
    "decided": msg("Decided; HR has yet to make it final."),
    "reopened": msg("Two people opened the final review again."),
    "not-in-service": msg("Did not serve in this quarter."),
} | STATUSES
TONES = {
    "not-opened": "gray", "open": "orange", "rated": "orange", "returned": "orange", "submitted": "blue",
    "approved": "blue", "acknowledged": "blue", "decided": "blue", "appealed": "red", "reopened": "red",
}  # fmt: skip
"""Whose turn it is, as a colour: the supervisor's, somebody's who decides or answers, or a dispute; gray: nobody's."""
RUNS = {
    "prepared": msg("Waits for release"),
    "released": msg("Released"),
    "discarded": msg("Given up"),
}
RUN_ICONS = {
    "prepared": ":material/hourglass_top:",
    "released": ":material/verified:",
    "discarded": ":material/block:",
}
CHANGES = {
    "up": msg("Better tier"),
    "down": msg("Worse tier"),
    "new": msg("No grade before"),
    "gone": msg("No grade now"),
    "same": msg("Same tier"),
}
CHANGE_ICONS = {"up": "▲", "down": "▼", "new": "+", "gone": "–", "same": "="}
CAUSES = {
    "reopened": msg("The review was opened again"),
    "final-again": msg("Another grade became final"),
    "final-since": msg("A first grade became final"),
    "erased": msg("Names and notes were erased; the figures stand"),
    "facts": msg("Facts came or went: the quarter would come to another result now"),
    "others": msg("Others' facts, or the rules, moved it: the quarter would come to another result now"),
}


def tiers(say: Say, totals: Sequence[TierTotal]) -> str:
    """How many have each tier, as bars beside each other's length, with the sum of their coefficients."""
    most = max((Decimal(each.employees) for each in totals), default=Decimal(1))
    parts = []
    for each in totals:
        name = say.of(each.name) if each.name else each.tier
        sum_of = say("coefficients {sum}", sum=say.number(each.coefficients))
        parts.append(meters.words(say.number(each.employees), name, aside=sum_of))
        parts.append(meters.meter(Decimal(each.employees), f"{name}: {each.employees}", most, tone="quiet"))
    return f'<div class="tier-totals">{"".join(parts)}</div>'


def states(say: Say, found: Iterable[StateTotal]) -> str:
    """How many have no final grade, by state, in words."""
    told = "".join(
        f'<li class="tone-{tone}"><b>{say.number(n)}</b> {escape(word)}</li>' for tone, word, n in _by_state(say, found)
    )
    return f'<ul class="class-words">{told}</ul>'


def _by_state(say: Say, found: Iterable[StateTotal]) -> list[tuple[str, str, int]]:
    """Tone, word and number of each state, in the order of a review's way."""
    counts = {each.state: each.employees for each in found}
    ordered = [state for state in (*WITHOUT, *sorted(counts.keys() - WITHOUT.keys())) if counts.get(state)]
    return [(TONES.get(state, "gray"), say.code(WITHOUT, state), counts[state]) for state in ordered]


def shares(say: Say, final: int, found: Iterable[StateTotal]) -> str:
    """A quarter's people in one bar: who has a final grade, and the others by state; said again in words below."""
    told = [("green", say("Final grade"), final)] if final else []
    told += _by_state(say, found)
    parts = [f'<span class="tone-{tone}" style="flex-grow:{n}"></span>' for tone, _, n in told]
    words = [f'<li class="tone-{tone}"><b>{say.number(n)}</b> {escape(word)}</li>' for tone, word, n in told]
    return (
        f'<div class="classes" aria-hidden="true">{"".join(parts)}</div><ul class="class-words">{"".join(words)}</ul>'
    )


def result(say: Say, told: PaidResult | None, name: Words | None = None) -> str:
    """A result in a line: tier, score and coefficient; why there is none, or a dash."""
    if told is None:
        return "–"
    if told.tier is None:
        return say.code(NOT_GRADED, told.status)
    figures = (say.of(name) if name else told.tier, say.number(told.score), f"×{say.number(told.coefficient)}")
    return " ".join(figures)
