"""What every question has: the state of the log it is about, an ETag, and how long it waits."""

from datetime import timedelta
from pathlib import Path

import pytest

from api.app import create_app
from api.client import ApiProblem, Client
from api.in_process import RunningApp
from api.settings import Settings
from tests.api.house import HERE, RUN_TOKEN, House

READS = (
    "/v1/me", "/v1/units", "/v1/schemes", "/v1/schemes/anshun-personal-rm/2026-01-01", "/v1/rms", "/v1/actions",
    "/v1/grades/{quarter}", "/v1/leaderboards/{quarter}", "/v1/rms/r1/scorecards/{quarter}",
    "/v1/rms/r1/scorecards/{quarter}/lines/visits/events", "/v1/rms/r1/portfolio", "/v1/rms/r1/worklog",
    "/v1/rms/r1/points/{quarter}", "/v1/rms/r1/awards",
)  # fmt: skip
OF_THE_PAST = tuple(path for path in READS if "{quarter}" in path or path.endswith(("portfolio", "worklog", "awards")))


@pytest.fixture
def bank(either_bank: House) -> House:
    return either_bank


@pytest.mark.parametrize("path", READS)
def test_who_holds_an_answer_already_is_not_sent_it_again(bank: House, path: str) -> None:
    path = path.format(quarter=bank.quarter)
    bank.caught_up()
    for _ in range(20):  # standings of past weeks that a thread gets ready meanwhile make another answer of a board
        edition = bank.office.read_model.edition
        first = bank.ask("GET", path, "supervisor")
        again = bank.ask("GET", path, "supervisor", headers={"If-None-Match": first.headers["etag"]})
        if bank.office.read_model.edition == edition:
            break
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"


def test_the_raw_history_has_an_etag_too(bank: House) -> None:
    bank.caught_up()
    first = bank.ask("GET", "/v1/events", "auditor")
    assert bank.ask("GET", "/v1/events", "auditor", headers={"If-None-Match": first.headers["etag"]}).status_code == 304


def test_an_etag_holds_for_one_asker_one_question_and_one_state(bank: House) -> None:
    def tag(path: str, role: str) -> str:
        return bank.ask("GET", path, role).headers["etag"]

    board = f"/v1/leaderboards/{bank.quarter}"
    before = {tag(board, "rm"), tag(board, "supervisor"), tag(f"{board}?limit=5", "rm")}
    bank.visit()
    assert len(before | {tag(board, "rm")}) == 4


def test_waiting_for_a_position_does_not_change_the_answers_name(bank: House) -> None:
    plain, waited = (bank.ask("GET", f"/v1/units{query}", "rm").headers["etag"] for query in ("", "?min_position=1"))
    assert plain == waited


def test_one_reads_what_one_wrote(bank: House) -> None:
    line = {"kind": "visit", "occurred_on": str(bank.today)}
    receipt = bank.ask("POST", "/v1/actions", "rm", json=line).json()
    page = bank.ask("GET", f"/v1/actions?min_position={receipt['position']}&limit=1", "rm").json()
    assert page["actions"][0]["action_id"] == receipt["action_id"]


def test_a_position_that_does_not_come_is_waited_for_and_then_refused(
    bank: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.asking.LONGEST_WAIT", 0.05)
    follower = bank.office.follower
    with follower._lock:  # no step is under way, and none is taken that would tell how far it is
        monkeypatch.setattr(follower, "_follow", lambda con, after, run=None, until=None: after)
        monkeypatch.setattr(follower, "position", 0)
    monkeypatch.setattr(follower, "wait_for", lambda position, seconds: False)
    answer = bank.ask("GET", "/v1/units?min_position=1", "rm")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


def test_a_position_beyond_the_logs_end_is_refused_at_once(bank: House) -> None:
    answer = bank.ask("GET", "/v1/units?min_position=999999999", "rm")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/min_position")
    assert f"the log ends at {bank.office.read_model.progress().log_position}" in answer.json()["detail"]


@pytest.mark.parametrize("path", OF_THE_PAST)
def test_the_past_is_asked_by_time_or_position(bank: House, path: str) -> None:
    path = path.format(quarter=bank.quarter)
    position = bank.office.read_model.progress().position
    for as_of in (str(position), str(bank.today), f"{bank.today}T23:59:59"):
        answer = bank.ask("GET", f"{path}?as_of={as_of}", "supervisor")
        assert answer.status_code == 200
        assert answer.json()["moment"]["past"] is True


@pytest.mark.parametrize("path", OF_THE_PAST)
def test_a_time_that_is_none_is_refused(bank: House, path: str) -> None:
    answer = bank.ask("GET", f"{path.format(quarter=bank.quarter)}?as_of=yesterday", "supervisor")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/as_of")


@pytest.mark.parametrize("path", OF_THE_PAST)
def test_a_time_to_come_is_refused(bank: House, path: str) -> None:
    tomorrow = bank.today + timedelta(days=1)
    for as_of in (f"{tomorrow}", f"{tomorrow}T00:00:00", "2999-01-01T00:00:00Z"):
        answer = bank.ask("GET", f"{path.format(quarter=bank.quarter)}?as_of={as_of}", "supervisor")
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/as_of")
        assert "lies in the future" in answer.json()["detail"]


@pytest.mark.parametrize("path", OF_THE_PAST)
def test_a_time_before_the_first_event_is_refused_and_told_from_when_on_to_ask(bank: House, path: str) -> None:
    path = path.format(quarter=bank.quarter)
    position, day = bank.office.read_model.beginning() or (0, bank.today)
    for early in ("2020-01-01", f"{day}T00:00:00", "0"):
        answer = bank.ask("GET", f"{path}?as_of={early}", "supervisor")
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/as_of")
        assert answer.json()["detail"].endswith(f"ask as of {day} or later, or of position {position} on")
    for from_then_on in (day, position):
        assert bank.ask("GET", f"{path}?as_of={from_then_on}", "supervisor").status_code in (200, 404)


def test_a_bank_without_events_has_no_past(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path), RUN_TOKEN)
    with RunningApp(app) as transport, Client(HERE, token=RUN_TOKEN, transport=transport) as client:
        assert client.list_units() == []
        with pytest.raises(ApiProblem, match="nothing was recorded yet; leave it out"):
            client.grades("2026Q3", as_of="2026-09-30")


def test_an_unencoded_plus_before_a_time_zone_is_read_as_it_was_meant(bank: House) -> None:
    path = f"/v1/grades/{bank.quarter}?as_of={bank.today}T23:59:59"
    plain, lost = (bank.ask("GET", f"{path}{zone}", "supervisor") for zone in ("%2B08:00", "+08:00"))
    assert (plain.status_code, lost.json()) == (200, plain.json())


def test_between_an_rms_registration_and_their_first_posting_nobody_is_listed(bank: House) -> None:
    begun = bank.first_position("r1")
    for role in ("rm", "hr"):
        for asked in ({}, {"search": "r1"}):
            listed = [
                [each["rm"] for each in bank.ask("GET", "/v1/rms", role, params=asked | {"as_of": f"{at:09}"}).json()]
                for at in (begun, begun + 1)
            ]
            assert listed == [[], ["r1"]], (role, asked)


def test_the_past_does_not_change(own_bank: House) -> None:
    path = f"/v1/rms/r1/scorecards/{own_bank.quarter}"
    position = own_bank.office.read_model.progress().position
    before = own_bank.ask("GET", f"{path}?as_of={position}", "rm")
    action = own_bank.visit()
    assert own_bank.ask("POST", f"/v1/actions/{action}/verify", "supervisor").status_code == 200
    own_bank.caught_up()
    after = own_bank.ask("GET", f"{path}?as_of={position}", "rm")
    assert before.json() == after.json()
    assert own_bank.ask("GET", path, "rm").json()["points"] != before.json()["points"]


def test_the_history_comes_page_by_page_without_gap_or_repetition(bank: House) -> None:
    positions: list[int] = []
    after = 0
    while after is not None:
        page = bank.ask("GET", f"/v1/events?after={after}&limit=7", "auditor").json()
        positions += [event["position"] for event in page["events"]]
        after = page["after"]
    assert positions == sorted(set(positions))
    assert len(positions) > 7


@pytest.mark.parametrize("limit", ["0", "-1", "100000", "ten"])
def test_a_page_has_bounds(bank: House, limit: str) -> None:
    assert bank.ask("GET", f"/v1/events?limit={limit}", "auditor").status_code == 422


def test_a_deposit_board_is_refused_with_its_rule(bank: House) -> None:
    answer = bank.ask("GET", f"/v1/leaderboards/{bank.quarter}?by=savings", "hr")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/by")
    assert "deposit" in answer.json()["detail"]


def test_readiness_says_how_far_the_read_model_lags(bank: House) -> None:
    bank.caught_up()
    ready = bank.ask("GET", "/health/ready").json()
    assert (ready["status"], ready["lag"]) == ("ready", 0)
    assert ready["position"] == ready["log_position"] > 0


def test_a_read_model_far_behind_is_not_ready(bank: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.health.BEHIND", -1)
    answer = bank.ask("GET", "/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (503, "behind")


def test_what_lies_beyond_an_event_that_says_nothing_is_refused_at_once_and_health_says_so(own_bank: House) -> None:
    own_bank.caught_up()
    with own_bank.office.bank.log.writing() as cursor:
        cursor.execute("INSERT INTO stored_events VALUES ('action:crm:x', 1, 'ActionRecorded', '{')")
    last = own_bank.office.read_model.progress().log_position
    while own_bank.office.follower.trouble is None:
        own_bank.office.follower.wait_for(last, 1)
    health = own_bank.ask("GET", "/health/ready")
    assert (health.status_code, health.json()["status"], health.json()["position"]) == (503, "stopped", last - 1)
    assert f"position {last}" in health.json()["detail"]
    barred = own_bank.ask("GET", f"/v1/units?min_position={last}", "rm")
    assert (barred.status_code, "retry-after" in barred.headers) == (503, False)
    assert f"position {last} says nothing any more" in barred.json()["detail"]
    assert own_bank.ask("GET", "/v1/units", "rm").status_code == 200
