"""A store that an older version wrote opens in this one, and gives the answers that it gave then."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from api.identity import Identity
from domain.bank import STORE, Bank, open_bank
from projections.follower import Follower
from projections.read_model import ReadModel
from tests.older_store import PASSWORD, told, topics

STORES = sorted((Path(__file__).parent / "data").glob("store-v*"))


@pytest.fixture(params=STORES, ids=lambda folder: folder.name)
def given(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """What a version answered; its store is copied into `tmp_path`."""
    folder: Path = request.param
    shutil.copy(folder / STORE, tmp_path / STORE)
    answered: dict[str, Any] = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    return answered


@pytest.fixture
def bank(given: dict[str, Any], tmp_path: Path) -> Iterator[Bank]:
    with closing(open_bank(tmp_path)) as opened:
        yield opened


def differences(then: Any, now: Any, place: str = "") -> list[str]:
    """Where today's answer is another one; what an answer tells beyond the old one is none. A way to the next tier
    named an indicator before, and is named by its figure now; what has no figure and is rated by nobody says so.
    Sentences may be worded anew: their numbers stand beside them."""
    if place.endswith(("/sentence", "/steps")):
        return []
    if place.endswith("/ways") and isinstance(now, list):
        found = {one["figure"]: one["more"] for one in now}
        return [f"{place}: {way} was, {found} is" for way in then if found.get(way["indicator"]) != way["more"]]
    if isinstance(then, dict) and isinstance(now, dict):
        if (then.get("reason"), now.get("reason")) == ("not-rated", "no-figure"):
            now = now | {name: then[name] for name in ("reason", "sentence", "steps") if name in then}
        return [one for key in then for one in differences(then[key], now.get(key), f"{place}/{key}")]
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        pairs = enumerate(zip(then, now, strict=True))
        return [one for n, (old, new) in pairs for one in differences(old, new, f"{place}/{n}")]
    return [] if then == now else [f"{place}: {then!r} was, {now!r} is"]


def test_an_older_store_gives_the_answers_that_it_gave(given: dict[str, Any], bank: Bank, tmp_path: Path) -> None:
    follower = Follower(bank, tmp_path / "read-model.duckdb")
    try:
        follower.rebuild()
        assert follower.position == given["position"]
        now = json.loads(json.dumps(told(ReadModel(bank, follower))))
        assert differences(given["answers"], now) == []
        assert len(now) == len(given["answers"]) > 10
    finally:
        follower.stop()


def test_every_event_of_an_older_store_is_known_and_loads(given: dict[str, Any], bank: Bank) -> None:
    assert set(given["topics"]) <= topics()
    with bank.log.reading() as cursor:
        cursor.execute("SELECT DISTINCT originator_id FROM stored_events")
        ids = [key for (key,) in cursor.fetchall()]
    loaded = [bank.mapper.to_domain_event(row) for rows in bank.log.select_streams(ids).values() for row in rows]
    assert {type(event).__name__ for event in loaded} == set(given["topics"])


def test_who_could_sign_in_still_can(given: dict[str, Any], bank: Bank) -> None:
    identity = Identity(bank)
    assert identity.check_password("anna", PASSWORD)
    assert [(user.name, user.role) for user in identity.users()] == [("anna", "rm"), ("boss", "supervisor")]
    assert [token.sources for token in identity.tokens()] == [("crm",)]


def test_the_seals_of_an_older_store_hold_and_it_can_be_backed_up(
    given: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("APPRAISE_DATA_DIR", str(tmp_path))
    assert main(["verify"]) == 0, capsys.readouterr()
    assert main(["backup", "copy"]) == 0
    assert f"position {given['position']}" in capsys.readouterr().out
