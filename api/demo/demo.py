"""`build_demo`: a demo bank in an empty store, or what is missing of one that was begun."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from api.demo.build import Build
from api.demo.design import draw_up
from api.demo.sign_ins import add_sign_ins
from api.demo.span import Span, quarters_back, span_of
from api.demo.standing import Recipe, note_recipe, read_recipe
from api.identity import DemoSignIn, Identity
from domain.bank import Bank
from domain.calendar import Quarter
from domain.refusal import Refusal, Refused


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
) -> DemoSummary:
    """Build the demo bank of `quarters` quarters up to `until` (by default today's); `progress` hears days done of all.

    A demo that was begun with the same numbers is completed up to the day that was its last then; a complete one is
    left alone. Raises Refused where the store holds something else, or `until` can't be.
    """
    span = span_of(quarters, until, bank.today)
    wanted = Recipe(seed, rms, quarters, str(span.quarters[-1]), span.last_day.isoformat())
    standing = read_recipe(bank)
    if standing is None and bank.register.units:
        raise Refused([_elsewhere("a bank that is not a demo")])
    recipe, complete = standing or (wanted, False)
    if (recipe.seed, recipe.rms, recipe.quarters) != (seed, rms, quarters) or (until and recipe.until != str(until)):
        raise Refused([_elsewhere("another demo")])
    span = _span(recipe)
    if complete:
        return DemoSummary("standing", seed, rms, span.quarters, span.last_day, 0, Identity(bank).demo_sign_ins())
    note_recipe(bank, recipe, "begun")
    actions, sign_ins = _build(bank, recipe, span, progress)
    note_recipe(bank, recipe, "complete")
    return DemoSummary("completed" if standing else "built", seed, rms, span.quarters, span.last_day, actions, sign_ins)


def _build(
    bank: Bank, recipe: Recipe, span: Span, progress: Callable[[int, int], None]
) -> tuple[int, list[DemoSignIn]]:
    build = Build(bank, draw_up(recipe.rms, span, recipe.seed))
    clock, salts = bank.clock, bank.salts
    try:
        plan = build.run(progress)
    finally:
        bank.clock, bank.salts = clock, salts
    return build.actions, add_sign_ins(bank, plan, build.design)


def _span(recipe: Recipe) -> Span:
    return Span(quarters_back(Quarter.parse(recipe.until), recipe.quarters), date.fromisoformat(recipe.last_day))


def _elsewhere(what: str) -> Refusal:
    return Refusal("conflict", "", f"set APPRAISE_DATA_DIR to an empty folder: this one holds {what}")
