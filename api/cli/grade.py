"""`appraise grade`: where every RM stands in a quarter, or one RM line by line."""

from typing import Annotated

import typer

from api.terminal.account import account
from api.terminal.asking import AsOfOption, QuarterArgument, asked, check_begun, check_filled, read_quarter
from api.terminal.language import Language, LanguageOption
from api.terminal.listing import Format, FormatOption, print_listing
from domain.calendar import Quarter
from projections.answers import Gate, Grade, Scorecard, ScoreLine

GRADE = ("rm", "name", "org", "scheme", "status", "score", "tier", "coefficient")
LINE = (
    "indicator", "weight", "share", "scored", "reason", "measured", "base", "target", "completion", "points", "clause"
)  # fmt: skip
TOLD = {"sections", "multipliers", "told", "next_tier"}
"""What is told of one RM beside lines and gates, as the API answers it."""
GATE = ("gate", "clause", "cap_tier", "coefficient")
"""What a gate that fired did: no better tier than this, and pay by no other coefficient; empty where it left it."""


def grade(
    quarter: QuarterArgument,
    rm: Annotated[str | None, typer.Option("--rm", metavar="ID", help="One RM, with the score lines.")] = None,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
    language: LanguageOption = Language.EN,
) -> None:
    """Grades of a quarter, provisional until a person decides; with --rm one RM's score lines and gates too, how they
    came about, and what the next tier would take."""
    asked_for = read_quarter(quarter)
    if rm is not None:
        _print_scorecard(asked_for, rm, as_of, form, language)
        return
    with asked() as client:
        check_filled(client)
        grades = client.grades(str(asked_for), as_of=as_of)
    check_begun(asked_for, grades.moment)
    print_listing([_grade(each) for each in grades.grades], GRADE, form)


def _print_scorecard(quarter: Quarter, rm: str, as_of: str | None, form: Format, language: Language) -> None:
    with asked() as client:
        check_filled(client)
        card = client.scorecard(rm, str(quarter), as_of=as_of, explain=form is not Format.CSV)
    check_begun(quarter, card.moment)
    match form:
        case Format.JSON:
            told = {"lines": _told_lines(card), "gates": _gates(card)} | card.model_dump(mode="json", include=TOLD)
            print_listing([_grade(card.grade) | told], GRADE, form)
        case Format.CSV:
            about = {"rm": rm, "quarter": str(quarter)}
            print_listing([about | line for line in _lines(card)], (*about, *LINE), form)
        case Format.TABLE:
            print_listing([_grade(card.grade)], GRADE, form)
            typer.echo()
            print_listing(_lines(card), LINE, form)
            if gates := _gates(card):
                typer.echo()
                print_listing(gates, GATE, form)
            typer.echo()
            for sentence in account(card, language):
                typer.echo(sentence)


def _grade(grade: Grade) -> dict[str, object]:
    return {name: getattr(grade, name) for name in GRADE}


def _lines(card: Scorecard) -> list[dict[str, object]]:
    return [_line(line) for line in card.lines]


def _told_lines(card: Scorecard) -> list[dict[str, object]]:
    """The lines, each with its sentences in both languages."""
    return [_line(line) | {"steps": [step.model_dump() for step in line.steps]} for line in card.lines]


def _gates(card: Scorecard) -> list[dict[str, object]]:
    """The gates that fired: they may hold a tier below what the score alone would give."""
    return [_gate(gate) for gate in card.gates if gate.fired]


def _gate(gate: Gate) -> dict[str, object]:
    return {name: getattr(gate, name) for name in GATE}


def _line(line: ScoreLine) -> dict[str, object]:
    return {name: getattr(line, name) for name in LINE}
