"""Law: the same history leaves the same log on either store, byte for byte, and so the same read model and answers."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, example, given, settings

from tests.bank import TestBank, answers, tables
from tests.laws.histories import EVERY_ACT, Act, History, histories
from tests.postgres.server import Server

TEXTS = "SELECT originator_id, originator_version, field, salt, text FROM texts"


def lived(acts: list[Act], store: str | None) -> dict[str, Any]:
    """What stands at the end of a history."""
    with TemporaryDirectory() as folder:
        story = TestBank(Path(folder), store=store).founded()
        history = History(story)
        for act in acts:
            history.play(act)
        with story.bank.log.reading() as cursor:
            cursor.execute(TEXTS)
            texts = sorted(cursor.fetchall())
        with story.following() as model:
            read = {"tables": tables(model), "answers": answers(model)}
        log = story.bank.log.select_blocks(0, 1_000_000)
        story.close()
    return {"log": log, "texts": texts, **read}


@settings(
    max_examples=2,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(acts=EVERY_ACT)
@given(acts=histories(40))
def test_a_history_leaves_the_same_log_texts_and_figures_on_either_store(acts: list[Act], postgres: Server) -> None:
    on_sqlite, on_postgresql = lived(acts, None), lived(acts, postgres.new_store())
    for what, stands in on_sqlite.items():
        assert on_postgresql[what] == stands, what
