"""Several quarters of the past, made in one go: what was asked before says what it said then."""

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from projections import past
from projections.read_model import ReadModel
from tests.bank import BOARDS, COMPARED, HOMES, TestBank, all_done, done

HERE = Path(__file__).parents[1]
GAME = "".join((HERE / name).read_text(encoding="utf-8") for name in ("played.toml", "boards.toml"))
BY_POINTS = 'rank = { by = "points", first = 1, level = "outlet" }'
SCHEMES = {
    "places by points in the outlet": BOARDS,
    "places by score in the bank": BOARDS.replace(BY_POINTS, 'rank = { by = "score", first = 2 }'),
    "people compared, and shortfalls carried on": COMPARED
    + GAME.replace(BY_POINTS, 'rank = { by = "score", first = 1, level = "outlet" }'),
}
ASKED = (("2026", "score"), ("2026", "balanced"), ("2026", "progress"), ("2026Q2", "progress"), ("summer", "points"))


def said(model: ReadModel, as_of: int | None = None) -> list[str]:
    """Boards over several quarters and everybody's awards, as JSON."""
    boards = [model.leaderboard(period, by=by, as_of=as_of) for period, by in ASKED]
    answers = [*boards, *(model.awards(rm, as_of) for rm in HOMES)]
    return [answer.model_dump_json().replace('"past":true', '"past":false') for answer in answers]


@pytest.mark.parametrize("near", [past.NEAR, -1], ids=["near", "far"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_boards_and_awards_of_several_quarters_say_what_they_said(
    scheme: str, near: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "NEAR", near)
    with closing(TestBank(tmp_path).founded(SCHEMES[scheme])) as story:
        story.clock.set("2026-07-02")
        for quarter, months in enumerate((("02", "03"), ("04", "05"))):
            for n, rm in enumerate(HOMES):
                month = months[n % 2]
                story.counted(
                    f"f{quarter}{rm}", "fund", rm=rm, amount=str(900 + 300 * n), occurred_on=f"2026-{month}-10"
                )
                story.counted(f"v{quarter}{rm}", rm=rm, quantity=str(3 + n), occurred_on=f"2026-{month}-11")
        done(story.bank.close_day(date(2026, 7, 1), "clock"))
        with story.following() as model:
            before, position = said(model), model.follower.position
            assert any('"rule":"rank"' in answer and '"won_on":"2026-03-31"' in answer for answer in before)
            done(story.bank.void_action("action:crm:f0r3", "by mistake", "boss"))
            all_done([
                story.record("late", "fund", amount="9000", occurred_on="2026-03-12"),
                story.register("r2", "east", **{"from": "2026-06-01"}),
            ])  # fmt: skip
            story.counted("breach", "breach", rm="r2", occurred_on="2026-05-12")
            story.clock.set("2026-07-03")
            done(story.bank.close_day(date(2026, 7, 2), "clock"))
            model.follower.catch_up()
            assert said(model) != before
            assert said(model, position) == before
