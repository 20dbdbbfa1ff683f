"""`build_demo`: a demo bank in an empty store, or what is missing of one that was begun."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import domain
from api.demo.build import Build
from api.demo.habits import Habits, read_habits, read_names
from api.demo.sign_ins import add_sign_ins
from api.demo.span import Span, quarters_back, span_of
from api.demo.staff import hire
from api.demo.standing import Recipe, note_recipe, read_recipe
from api.demo.tree import grow
from api.identity import DemoSignIn, Identity
from domain.bank import Bank
from domain.calendar import Quarter
from domain.refusal import Refusal, Refused
from domain.scheme import Scheme, read_scheme

SCHEMES = Path(str(domain.__file__)).parent / "schemes"


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
    habits, names = read_habits(), read_names()
    versions = _versions(habits, span)
    tree = grow(habits.tree, names)
    outlets = [node for node in tree if node.is_outlet]
    schemes = {quarter: _in_force(versions, quarter) for quarter in span.quarters}
    minimum = {quarter: scheme.appraisal.minimum_working_days for quarter, scheme in schemes.items()}
    staff = hire(recipe.rms, habits, names, outlets, span, minimum, recipe.seed)
    build = Build(bank, habits, schemes, tree, staff, span, recipe.seed)
    clock, salts = bank.clock, bank.salts
    try:
        build.run([text for text, _ in versions], progress)
    finally:
        bank.clock, bank.salts = clock, salts
    assert build.plan is not None  # a span has a quarter
    return build.actions, add_sign_ins(bank, build.plan, staff, tree, span)


def _versions(habits: Habits, span: Span) -> list[tuple[str, Scheme]]:
    """The shipped versions of the demo's scheme that take effect by its last quarter, with their texts."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((SCHEMES / habits.scheme).glob("[12]*.toml"))]
    read = [(text, read_scheme(text)) for text in texts]
    versions = [(text, scheme) for text, scheme in read if isinstance(scheme, Scheme)]
    begun = [version for version in versions if version[1].effective <= span.quarters[-1].first_day]
    if not begun or begun[0][1].effective > span.first_day:
        first = Quarter.of(versions[0][1].effective)
        raise Refused([Refusal("not-allowed", "until", f"let the demo begin in {first} or later: no scheme is older")])
    return begun


def _in_force(versions: list[tuple[str, Scheme]], quarter: Quarter) -> Scheme:
    return max(
        (scheme for _, scheme in versions if scheme.effective <= quarter.first_day), key=lambda scheme: scheme.effective
    )


def _span(recipe: Recipe) -> Span:
    return Span(quarters_back(Quarter.parse(recipe.until), recipe.quarters), date.fromisoformat(recipe.last_day))


def _elsewhere(what: str) -> Refusal:
    return Refusal("conflict", "", f"set APPRAISE_DATA_DIR to an empty folder: this one holds {what}")
