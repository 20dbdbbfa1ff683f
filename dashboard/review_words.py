"""How a review is spoken of: its states, whose turn it is, by when, what is missing. Answers in, words out."""

from datetime import date
from html import escape

from dashboard.desk import Desk
from dashboard.words import NOT_GRADED, Say, msg
from projections.answers.reviews import Requirement, ResultCard, Review, ReviewRow

STATES = {
    "open": msg("To be rated"),
    "reopened": msg("Reopened"),
    "rated": msg("Rated"),
    "returned": msg("Returned"),
    "submitted": msg("Submitted"),
    "approved": msg("Approved"),
    "acknowledged": msg("Acknowledged"),
    "appealed": msg("Appealed"),
    "decided": msg("Appeal decided"),
    "final": msg("Final"),
}
SHAPES = {
    "open": "○", "reopened": "↻", "rated": "◐", "returned": "↩", "submitted": "▷", "approved": "✓",
    "acknowledged": "✓", "appealed": "!", "decided": "✓", "final": "●",
}  # fmt: skip
"""Beside the word, so that a state is found without reading."""
MEANINGS = {
    "open": msg("Your supervisor is still rating; nothing is decided."),
    "reopened": msg("The review was opened again; the former grade stands until another one is final."),
    "rated": msg("Your supervisor has rated everything and will submit it."),
    "returned": msg("Your supervisor was asked to look at it once more; nothing is decided."),
    "submitted": msg("A second person looks at it before it is yours to answer."),
    "approved": msg("The result is approved: it is yours to acknowledge or to appeal."),
    "acknowledged": msg("You have acknowledged the result; HR makes it final."),
    "appealed": msg("Somebody who took no part looks at your appeal. The result can't get worse by it."),
    "decided": msg("Your appeal is decided; HR makes the result final."),
    "final": msg("The grade is final."),
}
"""What a state means to the RM."""
WAITS = {
    "rate": msg("to rate"),
    "submit": msg("to submit"),
    "approve": msg("to approve"),
    "answer": msg("to be answered"),
    "decide": msg("appeals to decide"),
    "finalise": msg("to make final"),
    "agree-reopening": msg("to agree to reopening"),
}
WHOSE = {
    "supervisor": msg("the supervisor"),
    "approver": msg("the approver"),
    "rm": msg("the relationship manager"),
    "hr": msg("HR"),
}
STEPS = {
    "rate": msg("Rate"),
    "accept-late-facts": msg("Take them in"),
    "interview": msg("Record an interview"),
    "submit": msg("Submit"),
    "return": msg("Return"),
    "approve": msg("Approve"),
    "acknowledge": msg("Acknowledge"),
    "appeal": msg("Appeal"),
    "decide": msg("Decide the appeal"),
    "finalise": msg("Make final"),
    "propose-reopening": msg("Propose reopening"),
    "reopen": msg("Reopen"),
    "refuse-reopening": msg("Leave it final"),
}
NEXT_STEPS = {
    "open": ("submit",),
    "reopened": ("submit",),
    "rated": ("submit",),
    "returned": ("submit",),
    "submitted": ("approve", "return"),
    "approved": ("acknowledge", "appeal", "approve", "finalise"),
    "acknowledged": ("finalise", "approve"),
    "appealed": ("decide",),
    "decided": ("finalise",),
    "final": ("propose-reopening", "reopen", "refuse-reopening"),
}
"""The steps that lead on from a state, whoever takes them."""
LACKING = {
    "interview": msg("a recorded interview"),
    "quota": msg("a quota that is kept"),
    "unrated": msg("ratings"),
    "result-moved": msg("another approval: the result has moved"),
    "answer": msg("the relationship manager's answer"),
    "approval": msg("an approval"),
    "comment": msg("a comment"),
}
WAY = (
    (msg("Rate"), ("open", "rated", "returned", "reopened")),
    (msg("Approve"), ("submitted",)),
    (msg("Answer"), ("approved",)),
    (msg("Appeal"), ("appealed",)),
    (msg("Make final"), ("acknowledged", "decided")),
    (msg("Final"), ("final",)),
)
"""The stations of the workflow with the states in which a review stands at each."""
APPEAL = 3


def state(say: Say, row: ReviewRow) -> str:
    """Shape and word."""
    return f"{SHAPES[row.state]} {say.code(STATES, row.state)}"


def due(say: Say, due_on: date | None, days_left: int | None) -> str:
    """How long there is, in working days; empty where nothing waits."""
    if due_on is None or days_left is None:
        return ""
    if days_left == -1:
        return say("one working day over")
    if days_left < 0:
        return say("{n} working days over", n=say.number(-days_left))
    if days_left < 2:
        return say("one working day left") if days_left else say("due today")
    return say("{n} working days left", n=say.number(days_left))


def short_due(say: Say, row: ReviewRow) -> str:
    """The same for a table's cell."""
    if row.days_left is None:
        return ""
    if row.days_left < 0:
        return say("{n} over", n=say.number(-row.days_left))
    return say("today") if row.days_left == 0 else say("{n} left", n=say.number(row.days_left))


def tier(say: Say, card: ResultCard | None) -> str:
    """The tier of a result, or why there is none."""
    if card is None:
        return ""
    return say.of(card.tier_name) if card.tier_name else say.code(NOT_GRADED, card.status)


def result(say: Say, card: ResultCard) -> str:
    """A result in one line."""
    if card.score is None:
        return tier(say, card)
    told = {"tier": tier(say, card), "score": say.number(card.score), "coefficient": say.number(card.coefficient)}
    return say("{tier}, {score} points, coefficient {coefficient}", **told)


def lacks(say: Say, row: ReviewRow, first: str = "") -> list[str]:
    """What a supervisor still has to do, as short as a cell; what has to be known before that comes first."""
    told = [first] if first else []
    if row.state in ("open", "returned", "reopened", "rated"):
        if row.rated < row.to_rate:
            told.append(say("{n} of {all} rated", n=say.number(row.rated), all=say.number(row.to_rate)))
        if not row.commented:
            told.append(say("no comment"))
        if row.late:
            told.append(say("{n} late facts", n=say.number(row.late)))
    return told


def requirement(say: Say, one: Requirement) -> str:
    """What is missing, and who can mend it."""
    who = say.listed(say.code(WHOSE, each) for each in one.who_can)
    what = say.code(LACKING, one.what)
    if one.what == "quota":
        told = {"quota": say.of(one.quota_name), "have": say.number(one.have), "wanted": say.number(one.wanted)}
        what = say("a quota that is kept: {quota} has {have}, allowed or asked are {wanted}", **told)
    elif one.what == "unrated" and one.peers:
        what = say("ratings of {n} others of the group", n=say.number(one.peers))
    elif one.what == "answer" and one.due_on:
        what = say("the relationship manager's answer, until {day}", day=say.day(one.due_on))
    return say("{what} ({who})", what=what, who=who)


def stepper(desk: Desk, row: ReviewRow) -> str:
    """The way of a review as HTML: what is behind it, where it stands, what is to come."""
    say = desk.say
    here = next(n for n, (_, states) in enumerate(WAY) if row.state in states)
    parts = []
    for n, (label, _) in enumerate(WAY):
        if n == APPEAL and row.state != "appealed" and row.answer != "appealed":
            continue
        kind = "now" if n == here else "done" if n < here else "ahead"
        current = ' aria-current="step"' if n == here else ""
        parts.append(f'<li class="{kind}"{current}>{escape(say(label))}</li>')
    return f'<ol class="way" aria-label="{escape(say("The way of this review"))}">{"".join(parts)}</ol>'


def what_stays(say: Say, review: Review) -> str | None:
    """What a reopening leaves of an appeal that was granted; None where none was."""
    if not any(each.outcome == "granted" for each in review.stated):
        return None
    return say(
        "What an appeal granted stays: no rating goes below it. Facts that came since may still lower the result."
    )
