"""Law: whatever the scores, ranks are those of a plain sort: who has n better ones stands on rank n + 1."""

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.bank import Q1, TestBank, all_done

RMS = [f"m{n:02}" for n in range(25)]
Works = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.integers(0, 3)), min_size=25, max_size=25)
"""Visits, breaches and calls of each; few values, so that many are equal."""


@settings(max_examples=3, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(Works)
def test_ranks_are_those_of_a_plain_sort_and_equal_ones_share_theirs(works: list[tuple[int, int, int]]) -> None:
    with TemporaryDirectory() as folder:
        story = TestBank(Path(folder)).founded()
        all_done(story.bank.register_rms([story.rm_line(rm, "south") for rm in RMS], "hr"))
        all_done(story.bank.agree_targets([line for rm in RMS for line in story.target_lines(rm, "1")], "lead"))
        lines = [
            story.line(f"{kind}-{rm}", kind, rm=rm, quantity=str(number))
            for rm, numbers in zip(RMS, works, strict=True)
            for kind, number in zip(("visit", "breach", "call"), numbers, strict=True)
            if number
        ]
        all_done(story.bank.record_actions(lines, "crm"))
        story.bank.decide_actions([f"action:crm:{line['external_ref']}" for line in lines], "verify", "boss")
        with story.following() as model:
            for by in ("score", "points", "visits", "conduct"):
                for scope in ("head", "south"):
                    _check(by, [(each.rm or "", each.rank, each.tied, each.value) for each in
                                model.leaderboard(Q1, scope, by).standings], 28 if scope == "head" else 26)  # fmt: skip
        story.close()


def _check(by: str, rows: list[tuple[str, int, bool, Decimal | None]], people: int) -> None:
    assert len(rows) == people
    merits = {rm: (value or Decimal(0)) * (-1 if by == "conduct" else 1) for rm, _, _, value in rows}
    assert [rm for rm, *_ in rows] == sorted(merits, key=lambda rm: (-merits[rm], rm))
    for rm, rank, tied, _ in rows:
        assert rank == 1 + sum(other > merits[rm] for other in merits.values())
        assert tied == (sum(other == merits[rm] for other in merits.values()) > 1)
