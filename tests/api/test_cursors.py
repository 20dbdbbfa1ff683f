"""Where a list goes on: a cursor that no page ever ended with is refused, and never begins the list anew."""

import pytest

from tests.api.house import House

BEYOND = 2**50 - 1
CHECKS, WORKLOG = "/v1/quarterly-checks/{quarter}", "/v1/rms/r1/worklog"
LINES = "/v1/rms/r1/scorecards/{quarter}/lines/visits/events"


def refused(bank: House, path: str, query: str) -> tuple[int, list[str]]:
    """The status, and where the refusal points; each of its faults says what would be right."""
    answer = bank.ask("GET", f"{path.format(quarter=bank.quarter)}?{query}", "auditor")
    faults = answer.json()["errors"]
    assert all(fault["detail"] for fault in faults)
    return answer.status_code, [fault["pointer"] for fault in faults]


@pytest.mark.parametrize(
    ("path", "cursor"),
    [
        ("/v1/actions", "tomorrow"),
        ("/v1/actions", BEYOND),
        ("/v1/events", "tomorrow"),
        ("/v1/events", BEYOND),
        ("/v1/grades/{quarter}", "r 1"),
        ("/v1/rms", "r 1"),
        (CHECKS, "r 1"),
        (CHECKS, "nobody"),
        (LINES, "tomorrow"),
        (LINES, BEYOND),
        (WORKLOG, "tomorrow"),
        (WORKLOG, BEYOND),
        (WORKLOG, 1),
    ],
)
def test_a_cursor_that_leads_nowhere_is_refused_at_its_place(bank: House, path: str, cursor: object) -> None:
    assert refused(bank, path, f"after={cursor}") == (422, ["/after"])


def test_a_user_name_that_none_can_have_is_no_cursor(bank: House) -> None:
    answer = bank.ask("GET", "/v1/users?after=a%20b", "admin")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/after"]


def test_the_way_back_through_the_history_begins_within_it(bank: House) -> None:
    assert refused(bank, "/v1/events", f"before={BEYOND}") == (422, ["/before"])


def test_changes_of_accounts_do_not_begin_anew_beyond_their_end(bank: House) -> None:
    assert refused(bank, "/v1/account-changes", f"before={BEYOND}") == (422, ["/before"])


def test_newest_first_nothing_comes_after_the_beginning_and_oldest_first_everything(bank: House) -> None:
    newest, oldest = (
        bank.ask("GET", f"/v1/events?after=0&limit=2&order={order}", "auditor").json() for order in ("newest", "oldest")
    )
    assert (newest["events"], newest["after"]) == ([], None)
    assert [event["position"] for event in oldest["events"]] == [1, 2]


def test_who_has_left_the_list_is_still_a_place_to_go_on_from(own_bank: House) -> None:
    """Given a list of those with entries that wait, when the last of a page has none any more, then it goes on."""
    action, path = own_bank.visit("r1"), f"/v1/quarterly-checks/{own_bank.quarter}"
    own_bank.visit("r3")
    assert own_bank.ask("POST", f"/v1/actions/{action}/verify", "supervisor").status_code == 200
    own_bank.caught_up()
    whole = [one["rm"] for one in own_bank.ask("GET", path, "hr").json()["checks"]]
    rest = own_bank.ask("GET", f"{path}?missing=waiting&after=r1", "hr").json()["checks"]
    assert [one["rm"] for one in rest] == [rm for rm in whole[whole.index("r1") + 1 :] if rm == "r3"]
