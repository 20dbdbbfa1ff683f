"""An RM's work log as the API tells it: which period, to whom, page by page."""

import pytest

from api.client import ApiProblem
from tests.api.house import House

PATH = "/v1/rms/r1/worklog"


def pointers(bank: House, query: str) -> list[str]:
    """Where a refusal points."""
    answer = bank.ask("GET", f"{PATH}?{query}", "rm")
    assert answer.status_code == 422
    return [fault["pointer"] for fault in answer.json()["errors"]]


def test_without_days_it_is_this_month_up_to_today(bank: House) -> None:
    bank.visit()
    log = bank.client("rm").worklog("r1")
    assert (log.from_day, log.to_day) == (bank.today.replace(day=1), bank.today)
    assert [day.day for day in log.days][-1] == bank.today
    assert log.days[-1].counts
    assert log.actions[0].occurred_on == bank.today


def test_a_period_is_a_year_at_most_and_ends_after_it_begins(bank: House) -> None:
    assert len(bank.ask("GET", f"{PATH}?from=2024-01-01&to=2024-12-31", "rm").json()["days"]) == 366
    assert pointers(bank, "from=2024-01-01&to=2025-01-01") == ["/from"]
    assert pointers(bank, "from=2026-03-02&to=2026-03-01") == ["/from"]
    assert pointers(bank, "from=0001-01-01&to=0001-01-02") == ["/from"]
    assert pointers(bank, "from=9999-12-30&to=9999-12-31") == ["/to"]
    assert pointers(bank, "to=yesterday") == ["/to"]


def test_the_client_turns_the_pages_of_one_source(own_bank: House) -> None:
    visits = [own_bank.visit() for _ in range(3)]
    client = own_bank.client("supervisor")
    first = client.worklog("r1", source="crm", limit=2)
    rest = client.worklog("r1", source="crm", limit=2, after=first.after)
    told = [one.action_id for one in [*first.actions, *rest.actions]]
    assert told == [f"action:{visit}" for visit in reversed(visits)]
    assert (first.total, rest.after) == (3, None)
    assert client.worklog("r1", source="log").total == 0


def test_as_of_a_position_today_is_the_day_of_then(own_bank: House) -> None:
    position = own_bank.office.read_model.progress().log_position
    own_bank.visit()
    then = own_bank.ask("GET", f"{PATH}?as_of={position}", "rm").json()
    assert (then["moment"]["past"], then["total"], then["to_day"]) == (True, 0, then["moment"]["today"])


def test_nobody_reads_the_work_log_of_an_rm_who_does_not_exist(bank: House) -> None:
    assert bank.ask("GET", "/v1/rms/nobody/worklog", "admin").status_code == 404
    with pytest.raises(ApiProblem) as problem:
        bank.client("rm").worklog("nobody")
    assert problem.value.status == 403
