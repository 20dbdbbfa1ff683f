"""How the rows of a board are written: rank, name, and a figure as what is ranked asks for."""

from decimal import Decimal

from dashboard.desk import Desk
from dashboard.words import Say
from domain.money import canonical
from projections.answers import Board, Leaderboard, LooksAt, Standing

HUNDRED = Decimal(100)


def chosen(board: Leaderboard) -> Board | None:
    """What is ranked, among all that could be."""
    return next((one for one in board.boards if one.by == board.by), None)


def looks_at(board: Leaderboard) -> LooksAt:
    """What the figure of a row is."""
    found = chosen(board)
    return found.looks_at if found else "score"


def is_of_teams(board: Leaderboard) -> bool:
    """Whether the rows are units."""
    found = chosen(board)
    return found is not None and found.level is not None


def shown_name(desk: Desk, one: Standing) -> str:
    """The name; one's own is marked, and who stands under no name is a colleague."""
    if not one.name:
        return desk.say("A colleague elsewhere")
    return marked(desk, one.name, one.rm)


def marked(desk: Desk, name: str, rm: str | None) -> str:
    """A name; that of who looks is marked."""
    return f"{name} ({desk.say('you')})" if rm is not None and rm == desk.me.rm else name


def is_own(desk: Desk, one: Standing) -> bool:
    """Whether a row is that of who looks."""
    return one.rm is not None and one.rm == desk.me.rm


def rank(say: Say, one: Standing) -> str:
    """The rank, or the mean of those that equals share."""
    return say.number(one.rank if one.mean_rank is None else one.mean_rank)


def figure(say: Say, board: Leaderboard, value: Decimal) -> str:
    """What is ranked: completion in percent, an improvement with its sign."""
    kind = looks_at(board)
    if kind == "completion":
        return say.percent(value)
    return f"+{say.number(value)}" if kind == "improved" and value > 0 else say.number(value)


def with_unit(say: Say, board: Leaderboard, value: Decimal) -> str:
    """The same with its unit."""
    return f"{figure(say, board, value)} {say.of(board.unit)}"


def distance(say: Say, board: Leaderboard, rows: list[Standing], own: Standing) -> str | None:
    """How far the next better rank is, where its figure is there to be seen."""
    better = [one for one in rows if one.rank < own.rank]
    if not better or own.value is None or better[-1].value is None:
        return None
    before, missing = better[-1], abs(better[-1].value - own.value)
    if not missing:
        return None
    far = say.percent(missing) if looks_at(board) == "completion" else say.rounded(missing)
    return say("{far} {unit} to rank {rank}", far=far, unit=say.of(board.unit), rank=rank(say, before))


def tabled(board: Leaderboard, value: Decimal | None) -> Decimal | None:
    """A figure as a table and a file hold it: completion in percent."""
    return canonical(value * HUNDRED) if value is not None and looks_at(board) == "completion" else value
