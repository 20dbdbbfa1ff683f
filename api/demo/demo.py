"""`build_demo`: a demo bank in an empty store, or what is missing of one that was begun."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from api.demo.build import Build
from api.demo.design import draw_up
from api.demo.reviews import Reviews
from api.demo.sign_ins import add_sign_ins
from api.demo.span import Span, quarters_back, span_of
from api.demo.standing import Recipe, Standing, note_begun, note_complete, note_lived, read_standing
from api.identity import DemoSignIn, Identity
from domain.bank import Bank
from domain.calendar import Quarter
from domain.refusal import Refusal, Refused
from domain.seal import seal
from projections.follower import Follower
from projections.read_model import ReadModel


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What stands in the store now. `state`: it was `built` from nothing, `completed` after an interruption, or was
    `standing` complete already and left alone; `actions` counts what was recorded of it."""

    state: Literal["built", "completed", "standing"]
    seed: int
    rms: int
    quarters: tuple[Quarter, ...]
    last_day: date
    actions: int
    sign_ins: list[DemoSignIn]


def build_demo(
    bank: Bank,
    rms: int = 200,
    quarters: int = 4,
    until: Quarter | None = None,
    seed: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
    read_model: Path | None = None,
) -> DemoSummary:
    """Build the demo bank of `quarters` quarters up to `until` (by default today's); `progress` hears days done of all.
    The file `read_model` follows the log meanwhile, for reviews need results; without one it is made aside.

    A demo that was begun with the same numbers is completed up to the day that was its last then; a complete one is
    left alone. Raises Refused where the store holds something else, or `until` can't be.
    """
    span = span_of(quarters, until, bank.today)
    wanted = Recipe(seed, rms, quarters, str(span.quarters[-1]), span.last_day.isoformat())
    standing = read_standing(bank)
    if fault := _fault(bank, standing, wanted, until):
        raise Refused([fault])
    recipe = standing.recipe if standing else wanted
    span = _span(recipe)
    if standing and standing.complete:
        return DemoSummary("standing", seed, rms, span.quarters, span.last_day, 0, Identity(bank).demo_sign_ins())
    note_begun(bank, recipe)
    lived = standing.lived if standing else None
    with TemporaryDirectory() as aside:
        actions, sign_ins = _build(bank, recipe, span, lived, progress, read_model or Path(aside) / "aside.duckdb")
    note_complete(bank)
    return DemoSummary("completed" if standing else "built", seed, rms, span.quarters, span.last_day, actions, sign_ins)


def _fault(bank: Bank, standing: Standing | None, wanted: Recipe, until: Quarter | None) -> Refusal | None:
    """Why a demo can't be built in this store, or None."""
    if standing is None:
        return _elsewhere("a bank that is not a demo") if bank.register.units else None
    recipe = standing.recipe
    same = (recipe.seed, recipe.rms, recipe.quarters) == (wanted.seed, wanted.rms, wanted.quarters)
    if same and until in (None, Quarter.parse(recipe.until)):
        return None
    return _elsewhere("another demo", ", or leave the options out to keep and serve it")


def _build(
    bank: Bank, recipe: Recipe, span: Span, lived: date | None, progress: Callable[[int, int], None], file: Path
) -> tuple[int, list[DemoSignIn]]:
    design, following = draw_up(recipe.rms, span, recipe.seed), Following(bank, file)
    build = Build(bank, design, lived, lambda day: note_lived(bank, day), Reviews(bank, design, following.caught_up))
    clock, salts = bank.clock, bank.salts
    try:
        build.run(progress)
        seal(bank)
    finally:
        bank.clock, bank.salts = clock, salts
        following.stop()
    return build.actions, add_sign_ins(bank, build.design)


class Following:
    """A read model of the bank, opened when it is first asked for."""

    def __init__(self, bank: Bank, file: Path) -> None:
        self._bank, self._file = bank, file
        self._open: tuple[Follower, ReadModel] | None = None

    def caught_up(self) -> ReadModel:
        """The read model, with all that the log holds."""
        if self._open is None:
            follower = Follower(self._bank, self._file)
            self._open = follower, ReadModel(self._bank, follower)
        follower, read_model = self._open
        follower.catch_up()
        return read_model

    def stop(self) -> None:
        """Let go of the file."""
        if self._open:
            follower, read_model = self._open
            read_model.stop()
            follower.stop()


def _span(recipe: Recipe) -> Span:
    return Span(quarters_back(Quarter.parse(recipe.until), recipe.quarters), date.fromisoformat(recipe.last_day))


def _elsewhere(what: str, otherwise: str = "") -> Refusal:
    return Refusal("conflict", "", f"set APPRAISE_DATA_DIR to an empty folder: this one holds {what}{otherwise}")
