"""The raw history by HTTP: sought, turned page by page either way, taken along as a file, and proven by a seal."""

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from python_calamine import load_workbook

from domain.refusal import Taken
from domain.seal import seal
from tests.api.house import House, house


def events(bank: House, query: str = "") -> dict[str, object]:
    answer = bank.ask("GET", f"/v1/events?{query}", "auditor")
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def positions(bank: House, query: str = "") -> list[int]:
    found = events(bank, query)["events"]
    assert isinstance(found, list)
    return [each["position"] for each in found]


def exported(bank: House, query: str) -> bytes:
    answer = bank.ask("GET", f"/v1/events:export?{query}", "auditor")
    assert answer.status_code == 200, answer.text
    return answer.content


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A bank whose history holds something of each kind, and fits on one page."""
    with house(tmp_path_factory.mktemp("bank")) as built:
        for rm in ("r1", "r2", "r1"):
            built.visit(rm)
        rejected = built.visit("r1")
        answer = built.ask("POST", f"/v1/actions/{rejected}/reject", "supervisor", json={"reason": "=not seen"})
        assert answer.status_code == 200
        built.caught_up()
        yield built


def test_newest_first_is_oldest_first_turned_round(bank: House) -> None:
    oldest = positions(bank, "rm=r1&limit=1000")
    assert len(oldest) > 4
    assert positions(bank, "rm=r1&limit=1000&order=newest") == oldest[::-1]


@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_pages_turn_on_and_back_and_leave_nothing_out(bank: House, order: str) -> None:
    whole = positions(bank, f"rm=r1&limit=1000&order={order}")
    page = events(bank, f"rm=r1&limit=2&order={order}")
    turned, first = [page["events"]], page
    while page["after"]:
        page = events(bank, f"rm=r1&limit=2&order={order}&after={page['after']}")
        turned.append(page["events"])
    assert [each["position"] for events_ in turned for each in events_] == whole  # type: ignore[attr-defined]
    assert first["before"] is None
    back = events(bank, f"rm=r1&limit=2&order={order}&before={page['before']}")
    assert back["events"] == turned[-2]
    while back["before"]:
        back = events(bank, f"rm=r1&limit=2&order={order}&before={back['before']}")
    assert back["events"] == first["events"]


def test_the_events_of_a_kind_are_recordings_and_every_decision_on_them(bank: House) -> None:
    types = {each["type"] for each in events(bank, "rm=r1&kind=visit&limit=1000")["events"]}  # type: ignore[attr-defined]
    assert types >= {"ActionRecorded", "ActionRejected"}
    assert "RMPosted" not in types


def test_a_quarter_is_the_one_in_which_the_figure_counts(bank: House) -> None:
    here = positions(bank, f"rm=r1&quarter={bank.quarter}")
    assert len(here) > 4
    assert positions(bank, "rm=r1&quarter=2001Q1") == []


def test_days_are_the_banks_days_of_recording_both_included(bank: House) -> None:
    assert positions(bank, f"rm=r1&from={bank.today}&to={bank.today}") == positions(bank, "rm=r1")
    assert positions(bank, "rm=r1&to=2020-01-01") == []
    assert positions(bank, "from=0001-01-01&to=9999-12-31&limit=3") == positions(bank, "limit=3")
    refused = bank.ask("GET", f"/v1/events?from={bank.today}&to=2020-01-01", "auditor").json()
    assert [error["pointer"] for error in refused["errors"]] == ["/to"]


@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_ends_of_days_and_seals_are_left_out_on_demand_from_pages_and_files_alike(own_bank: House, order: str) -> None:
    day = own_bank.office.bank.today - timedelta(days=1)
    assert isinstance(own_bank.office.bank.close_day(day, "clock"), Taken)
    own_bank.caught_up()
    whole = events(own_bank, f"limit=1000&order={order}")["events"]
    without = positions(own_bank, f"limit=1000&order={order}&upkeep=false")
    types = {each["position"]: each["type"] for each in whole}  # type: ignore[attr-defined]
    assert "DayClosed" in types.values()
    assert without == [at for at, type in types.items() if type not in ("DayClosed", "LogSealed")]
    rows = csv.DictReader(StringIO(exported(own_bank, f"order={order}&upkeep=false").decode("utf-8-sig")))
    assert [int(row["position"]) for row in rows] == without


def test_a_stream_is_found_by_its_name(bank: House) -> None:
    found = events(bank, "stream=rm:r1")["events"]
    assert {each["stream"] for each in found} == {"rm:r1"}  # type: ignore[attr-defined]
    assert positions(bank, "stream=rm:nobody") == []
    assert bank.ask("GET", "/v1/events?stream=%00", "auditor").status_code == 422


def test_the_file_holds_what_is_sought_in_each_format(bank: House) -> None:
    query = "rm=r1&order=newest"
    wanted = positions(bank, query + "&limit=1000")
    rows = list(csv.DictReader(StringIO(exported(bank, query).decode("utf-8-sig"))))
    lines = [json.loads(line) for line in exported(bank, query + "&format=ndjson").splitlines()]
    sheet = load_workbook(BytesIO(exported(bank, query + "&format=xlsx"))).get_sheet_by_index(0).to_python()
    assert [int(row["position"]) for row in rows] == wanted
    assert [line["position"] for line in lines] == wanted
    assert [row[0] for row in sheet[1:]] == wanted
    assert json.loads(rows[0]["texts"]) == lines[0]["texts"] == json.loads(str(sheet[1][-2]))
    assert json.loads(rows[0]["state"]) == lines[0]["state"] == json.loads(str(sheet[1][-1]))


def test_what_most_events_hold_has_columns_of_its_own_and_the_state_stands_last(bank: House) -> None:
    query = "rm=r1&type=ActionRecorded"
    row = next(csv.DictReader(StringIO(exported(bank, query).decode("utf-8-sig"))))
    state = json.loads(row["state"])
    assert (row["rm"], row["kind"], row["occurred_on"]) == ("r1", "visit", state["occurred_on"])
    assert (row["quantity"], row["amount"]) == (state["quantity"], state.get("amount", ""))
    assert list(row)[-1] == "state"
    book = load_workbook(BytesIO(exported(bank, query + "&format=xlsx")))
    head, first, *_ = book.get_sheet_by_index(0).to_python()
    assert book.sheet_names == ["events"]
    assert first[head.index("quantity")] == float(state["quantity"])


def test_the_events_of_a_unit_are_those_of_its_people(bank: House) -> None:
    def rms(query: str) -> set[str | None]:
        return {each["rm"] for each in events(bank, f"{query}&limit=1000")["events"]}  # type: ignore[attr-defined]

    assert rms("scope=east") == {"r1", "r3"}
    assert rms("scope=head") == {"r1", "r2", "r3"}
    assert rms(f"scope=south&quarter={bank.quarter}") == {"r2"}
    assert rms("scope=south&rm=r1") == set()
    assert bank.ask("GET", "/v1/events?scope=moon", "auditor").status_code == 422
    wanted = positions(bank, "scope=east&order=newest&limit=1000")
    assert wanted == positions(bank, "scope=east&limit=1000")[::-1]
    rows = csv.DictReader(StringIO(exported(bank, "scope=east&order=newest").decode("utf-8-sig")))
    assert [int(row["position"]) for row in rows] == wanted


def test_a_unit_of_the_past_is_that_of_those_who_belonged_to_it_then(own_bank: House) -> None:
    then = own_bank.office.read_model.progress().position
    moved = {"rm": "r2", "name": "Person r2", "position": "personal", "org": "east", "joined_on": "2026-01-05"}
    own_bank.office.bank.register_rms([moved | {"from": str(own_bank.today)}], "lead")
    own_bank.caught_up()
    for query in ("scope=east", f"scope=east&quarter={own_bank.quarter}"):
        now, past = (events(own_bank, f"{query}&limit=1000{at}")["events"] for at in ("", f"&as_of={then}"))
        assert "r2" in {each["rm"] for each in now}  # type: ignore[attr-defined]
        assert "r2" not in {each["rm"] for each in past}  # type: ignore[attr-defined]


def test_the_events_of_a_stream_are_counted_as_of_then(own_bank: House) -> None:
    at = own_bank.first_position("r1")
    own_bank.ask("POST", f"/v1/actions/{own_bank.visit('r1')}/verify", "supervisor")
    own_bank.caught_up()
    assert own_bank.ask("GET", f"/v1/events/{at}?as_of={at}", "auditor").json()["of_stream"] == 1


def test_a_file_is_read_in_pieces_and_ends_where_it_began(bank: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.events.PIECE", 3)
    for order in ("oldest", "newest"):
        lines = exported(bank, f"format=ndjson&order={order}").splitlines()
        assert [json.loads(line)["position"] for line in lines] == positions(bank, f"limit=1000&order={order}")


def test_an_event_is_read_with_the_seal_over_it(own_bank: House) -> None:
    at = own_bank.first_position("r1")
    before = own_bank.ask("GET", f"/v1/events/{at}", "auditor").json()
    assert (before["event"]["position"], before["event"]["rm_name"], before["seal"]) == (at, "Person r1", None)
    seal(own_bank.office.bank)
    own_bank.visit()
    own_bank.caught_up()
    sealed = own_bank.ask("GET", f"/v1/events/{at}", "auditor").json()["seal"]
    page = events(own_bank, "limit=1")
    assert sealed["first"] <= at <= sealed["last"] == page["sealed"]
    assert (sealed["number"], sealed["chained"]) == (1, page["digest"])
    assert own_bank.ask("GET", "/v1/events/999999", "auditor").status_code == 404


def test_an_auditor_with_a_scope_reads_single_events_of_rms_within_it(own_bank: House) -> None:
    token = own_bank.office.identity.create_token("outlet-auditor", "auditor", "east")
    headers = {"Authorization": f"Bearer {token}"}
    places = (own_bank.first_position("r1"), own_bank.first_position("r2"), 1, 999_999)
    assert [own_bank.ask("GET", f"/v1/events/{at}", headers=headers).status_code for at in places] == [
        200,
        403,
        403,
        403,
    ]
