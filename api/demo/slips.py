"""What goes wrong on paper: late entries, entries in error that are taken back, and notes on some."""

from itertools import product

import numpy as np

from api.demo.desk import Desk
from api.demo.work import Work, together


def with_slips(work: Work, desk: Desk) -> Work:
    """The same work, some of it recorded late, some with notes, and some more of it in error."""
    return together([_late(_noted(work, desk), desk), _in_error(work, desk)])


def _noted(work: Work, desk: Desk) -> Work:
    choices = np.array(
        [len(desk.habits.kinds[kind].notes) if kind in desk.habits.kinds else 0 for kind in desk.scheme.kinds]
    )
    number = choices[work.kind]
    drawn = (desk.chance.random(len(work)) * number).astype(np.int64)
    noted = (desk.chance.random(len(work)) < desk.habits.paperwork.noted) & (number > 0)
    return work.with_columns(note=np.where(noted, drawn, work.note))


def _late(work: Work, desk: Desk) -> Work:
    """A share of what does not wait arrives days after, at the latest when the demo ends."""
    paperwork = desk.habits.paperwork
    writers = [member for member, story in desk.plan.stories.items() if story.late]
    share = np.where(np.isin(work.member, writers), paperwork.late_writers, paperwork.late)
    late = (desk.chance.random(len(work)) < share) & (work.awaits == 0)
    days = desk.chance.integers(1, paperwork.late_days + 1, len(work))
    recorded_on = np.minimum(work.occurred_on + np.where(late, days, 0), desk.span.last_day.toordinal())
    return work.with_columns(recorded_on=recorded_on)


def _in_error(work: Work, desk: Desk) -> Work:
    """Entries made twice in error, each taken back within the quarter, so that they change nothing in the end."""
    paperwork = desk.habits.paperwork
    customs = [desk.habits.kinds.get(kind) for kind in desk.scheme.kinds]
    undoable = np.array([custom is not None and custom.undone is not None for custom in customs])
    share = paperwork.undone * len(work) / max(1, int(undoable[work.kind].sum()))
    chosen = undoable[work.kind] & (desk.chance.random(len(work)) < share)
    back_on = work.occurred_on + paperwork.undone_after_days
    in_time = (work.awaits == 0) & (back_on <= desk.span.end(desk.plan.quarter).toordinal())
    rejected = [n for n, custom in enumerate(customs) if custom is not None and custom.undone == "rejected"]
    told = [member for member, story in desk.plan.stories.items() if story.rejected]
    for member, kind in product(told, rejected):
        own = np.flatnonzero((work.member == member) & (work.kind == kind) & in_time)
        chosen[own[np.argsort(work.occurred_on[own], kind="stable")][-1:]] = True
    return work.with_columns(undone_on=back_on).at(chosen & in_time)
