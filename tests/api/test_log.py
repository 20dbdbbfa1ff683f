"""The log's proof by HTTP, and what an erasure does to answers that somebody holds already."""

import sqlite3
from contextlib import closing

from api.client import Client
from api.receipts import KeptSeal
from domain.erasure import Erased, erase_texts
from domain.seal import seal
from tests.api.house import HERE, House


def auditor(bank: House) -> Client:
    return Client(HERE, token=bank.tokens["auditor"], transport=bank.transport)


def test_an_auditor_has_the_log_proven_while_it_grows(own_bank: House) -> None:
    own_bank.visit()
    seal(own_bank.office.bank)
    found = auditor(own_bank).verify()
    own_bank.visit()
    assert (found.difference, found.unsealed) == (None, 0)
    assert auditor(own_bank).verify(KeptSeal(position=found.sealed, digest=found.digest)).difference is None
    other = auditor(own_bank).verify(KeptSeal(position=found.sealed, digest="0" * 64)).difference
    assert other is not None
    assert "manifest" in other.says


def test_what_differs_is_an_answer_and_no_problem(own_bank: House) -> None:
    seal(own_bank.office.bank)
    store = own_bank.office.follower.path.with_name("bank.sqlite")
    with closing(sqlite3.connect(store)) as con, con:
        con.execute("UPDATE stored_events SET topic = 'RMLeft' WHERE rowid = 3")
    answer = own_bank.ask("POST", "/v1/log:verify", "auditor")
    assert answer.status_code == 200
    assert answer.json()["difference"]["position"] == 3


def test_a_seal_that_is_none_is_refused(bank: House) -> None:
    answer = bank.ask("POST", "/v1/log:verify", "auditor", json={"position": 0, "digest": "x"})
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert (answer.status_code, pointers) == (422, {"/position", "/digest"})


def test_an_erased_name_does_not_live_on_in_answers_that_are_held(own_bank: House) -> None:
    now = f"/v1/grades/{own_bank.quarter}"
    then = f"{now}?as_of={own_bank.office.read_model.progress().position}"
    held = {path: own_bank.ask("GET", path, "hr") for path in (now, then)}
    assert isinstance(erase_texts(own_bank.office.bank, "rm", "r1", "cli"), Erased)
    own_bank.caught_up()
    for path, answer in held.items():
        assert "Person r1" in answer.text
        again = own_bank.ask("GET", path, "hr", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, "Person r1" in again.text) == (200, False)
