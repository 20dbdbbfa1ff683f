"""What acts in a store beside the bank is named, and what a verification makes for itself is known by its name."""

from contextlib import closing
from pathlib import Path

import pytest

from api.owner import VERIFYING
from domain.seal import seal
from projections.verify import verify
from tests.bank import TestBank, done
from tests.postgres.server import Server
from tests.tampering import tampered

FILE = "read-model.duckdb"


def said(story: TestBank) -> str | None:
    found = verify(story.bank, story.folder / FILE).difference
    return found.says if found else None


PUT_IN = {
    "a trigger": "CREATE TRIGGER doubled AFTER INSERT ON texts BEGIN DELETE FROM stored_events; END",
    "a unique index": "CREATE UNIQUE INDEX one_each ON stored_events (topic, originator_id, originator_version)",
}


@pytest.mark.parametrize("what", PUT_IN)
def test_what_somebody_put_into_the_store_to_act_there_is_named(tmp_path: Path, what: str) -> None:
    with closing(TestBank(tmp_path)) as story:
        assert said(story) is None
        tampered(story, PUT_IN[what])
        told = str(said(story))
    assert told.startswith(f"The store has {what} ")
    assert "none of the bank's" in told


def test_a_trigger_and_a_rule_in_postgresql_are_named(tmp_path: Path, postgres: Server) -> None:
    with closing(TestBank(tmp_path, store=postgres.new_store())) as story:
        assert story.bank.log.select_foreign() == []
        tampered(
            story,
            "CREATE FUNCTION quiet() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "CREATE TRIGGER silenced BEFORE INSERT ON stored_events FOR EACH ROW EXECUTE FUNCTION quiet()",
            "CREATE RULE kept AS ON DELETE TO texts DO INSTEAD NOTHING",
            "CREATE UNIQUE INDEX one_each ON texts (salt)",
        )
        assert story.bank.log.select_foreign() == [
            "a rule kept on texts", "a trigger silenced on stored_events", "a unique index one_each on texts",
        ]  # fmt: skip
        assert "a rule kept on texts (and 2 more)" in str(said(story))


def test_a_read_model_is_made_for_a_comparison_in_a_folder_that_the_next_owner_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(
        "projections.verify._Witness._compare",
        lambda *_: seen.extend(path.name for path in tmp_path.iterdir() if path.is_dir()),
    )
    with closing(TestBank(tmp_path)) as story:
        with story.following(FILE):
            pass
        verify(story.bank, tmp_path / FILE)
    assert [bool(VERIFYING.fullmatch(name)) for name in seen] == [True]


def test_a_store_whose_former_aliases_are_gone_verifies(tmp_path: Path, store: str | None) -> None:
    with closing(TestBank(tmp_path, store=store).founded()) as story:
        for alias in ("Otter", "晨 星"):
            done(story.bank.choose_alias("r1", alias, "r1"))
        done(story.bank.choose_alias("r2", "Otter", "r2"))
        done(story.bank.drop_alias("r2", "r2"))
        seal(story.bank)
        assert said(story) is None
        assert story.bank.aliases(["r1", "r2"]) == {"r1": "晨 星"}
