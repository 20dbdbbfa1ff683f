"""The typed client: the same answers in this process and over the network, errors as problems."""

import socket
from pathlib import Path

import httpx
import pytest

from api.client import ApiProblem, Client, connect
from api.permissions import OPERATIONS
from api.settings import Settings
from tests.api.house import House

WITHOUT_A_CALL = {"sign_in_page", "sign_in", "sign_out", "health_live", "list_operations", "metrics"}
"""Operations for browsers and watchers."""


def test_every_operation_of_v1_has_a_call_of_its_name() -> None:
    calls = {name for name in dir(Client) if not name.startswith("_")}
    assert OPERATIONS.keys() - WITHOUT_A_CALL <= calls


def test_a_client_reads_what_it_wrote(bank: House) -> None:
    rm, supervisor = bank.client("rm"), bank.client("supervisor")
    receipt = rm.record_action(kind="visit", occurred_on=str(bank.today), note="by the client")
    assert rm.read_action(receipt.action_id).note == "by the client"
    assert supervisor.list_actions(rm="r1", state="recorded", min_position=receipt.position).total > 0
    verified = supervisor.verify_action(receipt.action_id)
    assert supervisor.seen == verified.position
    assert supervisor.read_action(receipt.action_id).state == "counted"
    assert supervisor.void_action(receipt.action_id, "typed twice").outcome == "accepted"


def test_a_client_that_comes_too_late_reads_what_was_decided_before(bank: House) -> None:
    rm = bank.client("rm")
    receipt = rm.record_action(kind="visit", occurred_on=str(bank.today))
    verified = bank.client("supervisor").verify_action(receipt.action_id)
    with pytest.raises(ApiProblem, match="counts already"):
        rm.void_action(receipt.action_id.removeprefix("action:"), "typed twice")
    rm.catch_up()
    assert rm.seen >= verified.position
    assert rm.read_action(receipt.action_id).state == "counted"


def test_a_client_that_saw_more_than_a_restored_bank_holds_reads_on(bank: House) -> None:
    hr = bank.client("hr")
    hr.seen = 10**9
    assert hr.me().role == "hr"
    assert hr.seen == 0
    with pytest.raises(ApiProblem, match="the log ends at"):
        bank.client("auditor").list_actions(min_position=10**9)


def test_a_rejected_action_keeps_its_reason(bank: House) -> None:
    supervisor, action = bank.client("supervisor"), bank.visit()
    supervisor.reject_action(action, "nobody saw it")
    assert supervisor.read_action(action).reason == "nobody saw it"


def test_each_question_has_its_typed_answer(bank: House) -> None:
    hr, auditor, admin = bank.client("hr"), bank.client("auditor"), bank.client("admin")
    quarter = bank.quarter
    assert [grade.rm for grade in hr.grades(quarter, rm="r1").grades] == ["r1"]
    assert hr.leaderboard(quarter, by="points", limit=1).quarter == quarter
    card = hr.scorecard("r1", quarter, explain=True)
    assert card.grade.rm == "r1"
    assert hr.line_events("r1", quarter, "visits").indicator == "visits"
    assert hr.points("r1", quarter).rm == "r1"
    assert hr.awards("r1").rm == "r1"
    assert auditor.portfolio("r1").rm == "r1"
    assert auditor.worklog("r1", to_day=bank.today).to_day == bank.today
    assert [unit.org for unit in hr.list_units()] == ["head", "east", "south"]
    assert [person.rm for person in hr.list_rms("east")] == ["r1", "r3"]
    (version,) = hr.list_schemes()
    assert hr.read_scheme(version.scheme, version.effective).text.strip()
    assert auditor.list_events(rm="r1", limit=1).events[0].rm == "r1"
    assert admin.rebuild().lag == 0
    assert hr.me().role == "hr"


def test_a_batch_comes_back_line_by_line(bank: House) -> None:
    line = {"source": "crm", "external_ref": "client-batch", "rm": "r1", "kind": "card", "occurred_on": str(bank.today)}
    told = bank.client("system").record_actions([line, line, {"source": "crm"}])
    assert [result.outcome for result in told.results] == ["accepted", "duplicate", "rejected"]


def test_many_decisions_come_back_line_by_line_and_are_read_at_once(bank: House) -> None:
    supervisor, waiting, other = bank.client("supervisor"), bank.visit(), bank.visit()
    told = supervisor.decide_actions([waiting, "crm:none"], "verify")
    assert [result.outcome for result in told.results] == ["accepted", "rejected"]
    assert supervisor.read_action(waiting).state == "counted"
    assert supervisor.decide_actions([other], "reject", "nobody saw it").accepted == 1
    assert supervisor.read_action(other).reason == "nobody saw it"


def test_a_refusal_is_raised_with_its_fields(bank: House) -> None:
    with pytest.raises(ApiProblem) as refused:
        bank.client("rm").record_action(kind="dancing", occurred_on=str(bank.today))
    assert refused.value.status == 422
    assert [fault.pointer for fault in refused.value.errors] == ["/kind"]


def test_a_session_asks_as_its_person_and_may_change_things(bank: House) -> None:
    client = Client("http://bank.test", cookie=bank.session(), transport=bank.transport)
    assert client.me().subject == "anna"
    assert client.record_action(kind="visit", occurred_on=str(bank.today)).outcome == "accepted"


def test_an_api_that_is_not_there_is_a_problem_with_a_remedy() -> None:
    with pytest.raises(ApiProblem, match="does not answer") as refused:
        Client("http://127.0.0.1:9").me()
    assert refused.value.status == 503


def test_a_file_from_an_api_that_is_not_there_is_the_same_problem() -> None:
    with pytest.raises(ApiProblem, match="does not answer"):
        list(Client("http://127.0.0.1:9").export_events())


def test_what_is_asked_of_this_machine_goes_through_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(0.2)
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        for host in ("127.0.0.1", "localhost"):
            with Client(f"http://{host}:9", token="secret") as client, pytest.raises(ApiProblem):
                client.me()
        with pytest.raises(TimeoutError):
            proxy.accept()


def test_what_is_not_this_api_is_said_to_be_so() -> None:
    elsewhere = httpx.MockTransport(lambda request: httpx.Response(404, text="<html>"))
    with pytest.raises(ApiProblem, match="Not this API"):
        Client("http://elsewhere.test", transport=elsewhere).me()


def test_a_patient_client_asks_again_until_the_read_model_is_there() -> None:
    answers = iter([503, 503, 200])

    def later(request: httpx.Request) -> httpx.Response:
        status = next(answers)
        return httpx.Response(status, json=[], headers={"Retry-After": "0"} if status == 503 else {})

    assert Client("http://bank.test", transport=httpx.MockTransport(later), patience=5).list_units() == []


def test_without_a_server_a_command_asks_the_same_app_in_its_own_process(tmp_path: Path) -> None:
    with connect(Settings(data_dir=tmp_path)) as client:
        assert (client.me().subject, client.me().role) == ("cli", "admin")
        assert client.list_units() == []
    assert not (tmp_path / "owner.json").exists()
