"""What the laws over histories rest on: every act there is changes the log, in what is fixed and in what is drawn."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bank import TestBank
from tests.laws.histories import EVERY_ACT, Act, History, histories
from tests.laws.often import hold

QUIET = {"play", "advance", "step", "restart"}
"""What changes no log: time that passes, and those who follow."""
ACTS = {name for name in vars(History) if not name.startswith("_")} - QUIET


def changing(acts: Iterable[Act]) -> list[str]:
    """The names of the acts that changed the log when they happened."""
    names = []
    with TemporaryDirectory() as folder:
        story = TestBank(Path(folder)).founded()
        history = History(story)
        for act in acts:
            before = story.last_position
            history.play(act)
            names += [act.name] if story.last_position > before else []
        story.close()
    return names


def test_in_the_fixed_history_every_act_changes_the_log_and_none_is_left_out() -> None:
    assert changing(EVERY_ACT) == [act.name for act in EVERY_ACT if act.name not in QUIET]
    assert {act.name for act in EVERY_ACT} >= ACTS


def test_in_drawn_histories_every_act_changes_the_log_at_some_time() -> None:
    reached = Counter[str]()

    def happen(acts: list[Act]) -> None:
        reached.update(changing(acts))

    hold(happen, histories(40), drawn=reached, wanted=ACTS, examples=25, often=1)
    assert set(reached) == ACTS
