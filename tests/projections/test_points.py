"""Points of the game: what each action earned and why not more, rule by rule (`points.toml`); season and bests."""

import tomllib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from projections.answers.points import Points
from projections.read_model import ReadModel
from tests.bank import Q1, Q2, SCHEME, TestBank, done
from tests.laws.histories import History
from tests.schemes.cases import arithmetic

CASES = tomllib.loads(Path(__file__).with_name("points.toml").read_text(encoding="utf-8"))["cases"]
WORDS = 'clause = "1"\nen = "Rules"\nzh = "规则"\n'
SEASON = f"""
[[seasons]]
id = "spring"
{WORDS}
from = 2026-02-01
until = 2026-05-31

[[levels]]
id = "first"
en = "First"
zh = "一级"
at = "0"

[[levels]]
id = "second"
en = "Second"
zh = "二级"
at = "10"

[[levels]]
id = "third"
en = "Third"
zh = "三级"
at = "16.5"
"""


def scheme_of(case: dict[str, Any]) -> str:
    """The scheme of the tests with what a case adds to it."""
    text = SCHEME
    for kind in case.get("certificate", ()):
        text = text.replace(f"[kinds.{kind}]", f"[kinds.{kind}]\ncertificate = true", 1)
    for kind in case.get("without_customer", ()):
        text = text.replace(f"[kinds.{kind}]", f"[kinds.{kind}]\nrepeats = false", 1)
    text += f"\n[game]\n{WORDS}{case['game']}\n" if "game" in case else ""
    if "claw_back" in case:
        text += f'\n[[claw_backs]]\nid = "c"\n{WORDS}on = ["breach"]\n{case["claw_back"]}\n'
    return text


def told(story: TestBank, case: dict[str, Any]) -> None:
    """What happens in a case."""
    if "certified_until" in case:
        done(story.register("r1", certified_until=case["certified_until"]))
    for action in case["actions"]:
        what = {name: action[name] for name in ("quantity", "customer") if name in action}
        story.counted(action["ref"], action.get("kind", "visit"), occurred_on=action.get("on", "2026-02-02"), **what)
    for ref in case.get("void", ()):
        done(story.bank.void_action(f"action:crm:{ref}", "by mistake", "boss"))
    for back in case.get("back", ()):
        story.counted(
            f"{back['of']}-back", quantity=back["quantity"], occurred_on=back["on"], reverses=f"crm:{back['of']}"
        )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_action_earns_what_the_arithmetic_says(tmp_path: Path, case: dict[str, Any]) -> None:
    story = TestBank(tmp_path)
    story.clock.set("2026-04-20")
    story.founded(scheme_of(case))
    told(story, case)
    with story.following() as model:
        points = asked(model)
    earned = {each.action_id.removeprefix("action:crm:"): each for each in points.actions}
    assert {ref: Fraction(each.earned) for ref, each in earned.items()} == {
        ref: arithmetic(sum) for ref, sum in case["earned"].items()
    }
    assert {ref: each.reason for ref, each in earned.items() if each.reason} == case.get("reasons", {})
    assert Fraction(points.points) == arithmetic(case["points"])
    story.close()


def asked(model: ReadModel, **how: Any) -> Points:
    """The points of r1 in the first quarter, which must be there."""
    points = model.points("r1", Q1, **how)
    assert points is not None
    return points


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestBank]:
    """Visits in two quarters, one of them before the season, and one taken back later."""
    story = TestBank(tmp_path_factory.mktemp("season"))
    story.clock.set("2026-04-20")
    story.founded(SCHEME + SEASON)
    for ref, day, quantity in (
        ("a", "2026-01-30", "6"), ("b", "2026-02-02", "3"), ("c", "2026-02-04", "2"), ("d", "2026-04-01", "4")
    ):  # fmt: skip
        story.counted(ref, occurred_on=day, quantity=quantity)
    yield story
    story.close()


def test_the_season_has_its_points_its_level_and_what_is_missing_to_the_next(season: TestBank) -> None:
    with season.following() as model:
        found = asked(model).season
    assert found is not None
    assert (found.season, int(found.points)) == ("spring", (3 + 2 + 4) * 2)
    assert (found.level and found.level.level, found.next_level, found.missing) == ("third", None, None)


def test_a_past_season_stood_at_the_level_of_then(season: TestBank) -> None:
    with season.following() as model:
        before = max(each.position for each in model.points("r1", Q2).actions) - 1  # type: ignore[union-attr]
        found = asked(model, as_of=before).season
    assert found is not None
    assert int(found.points) == (3 + 2) * 2
    assert [each and each.level for each in (found.level, found.next_level)] == ["second", "third"]
    assert str(found.missing) == "6.5"


def test_personal_bests_are_over_all_quarters_and_name_the_first_day_of_each(season: TestBank) -> None:
    with season.following() as model:
        now = asked(model)
        past = asked(model, as_of=model.follower.position)
    days = {"day": now.best_day, "week": now.best_week, "quarter": now.best_quarter}
    assert {span: best and (str(best.from_day), int(best.points)) for span, best in days.items()} == {
        "day": ("2026-01-30", 6 * 2), "week": ("2026-01-26", 6 * 2), "quarter": ("2026-01-01", (6 + 3 + 2) * 2)
    }  # fmt: skip
    assert past.model_dump(exclude={"moment"}) == now.model_dump(exclude={"moment"})


def test_the_actions_come_page_by_page_newest_first(season: TestBank) -> None:
    with season.following() as model:
        first = asked(model, limit=2)
        rest = asked(model, limit=2, after=first.after)
    assert [each.action_id[-1] for each in [*first.actions, *rest.actions]] == ["c", "b", "a"]
    assert (first.total, rest.total, rest.after) == (3, 3, None)


def test_who_did_not_serve_in_a_quarter_has_no_points_of_it(season: TestBank) -> None:
    with season.following() as model:
        assert model.points("nobody", Q1) is None
        assert model.points("r1", Q1.previous) is None


def test_what_took_points_back_is_named_with_its_place_in_the_log(tmp_path: Path) -> None:
    story = TestBank(tmp_path).founded(scheme_of({"claw_back": 'of = "rm"\ndays = 30'}))
    story.counted("a", "fund")
    story.counted("x", "breach", occurred_on="2026-02-03")
    with story.following() as model:
        (sale,) = asked(model).actions
        assert (sale.taken_by, sale.taken_at, str(sale.would_earn)) == ("action:crm:x", story.last_position, "3")
        assert sale.reason == "claw-back"
        assert (str(sale.taken_on), sale.taken_kind and sale.taken_kind.en) == ("2026-02-03", "Breach")
        assert asked(model, as_of=story.last_position - 1).points == sale.would_earn
    story.close()


def test_who_left_keeps_the_points_of_the_quarters_served_also_when_the_past_is_asked(season: TestBank) -> None:
    History(season).leave("r1", "2026-03-10")
    season.clock.set("2026-05-04")
    season.close_days("2026-03-19", "2026-05-03")
    with season.following() as model:
        now, past = asked(model), asked(model, as_of=model.follower.position)
    assert now.points > 0
    assert past.model_dump(exclude={"moment"}) == now.model_dump(exclude={"moment"})
