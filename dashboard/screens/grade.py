"""The grade of people in a table: the tier, or why there is none."""

from collections.abc import Sequence

from dashboard.tables import Column
from dashboard.words import NOT_GRADED, STATUSES, Say
from projections.answers import QuarterlyCheck

GRADED = "graded"


def tier(say: Say, one: QuarterlyCheck) -> str | None:
    """The tier's name, as files hold it; None without a grade."""
    return say.of(one.tier_name) if one.tier_name else one.tier


def shown(say: Say, one: QuarterlyCheck) -> str | None:
    """The tier's name, or in its place why there is none."""
    return tier(say, one) if one.status == GRADED else say.code(NOT_GRADED, one.status)


def reasons(say: Say, checks: Sequence[QuarterlyCheck]) -> Column:
    """Why there is no grade, in full: for the files."""
    told = [None if one.status == GRADED else say.code(STATUSES, one.status) for one in checks]
    return Column("status", say("Why there is no grade"), told, on_screen=False)
