"""GET /v1/quarterly-checks: who is on pace, what is missing, and who may ask."""

from tests.api.house import House


def test_a_supervisor_sees_the_checks_of_the_own_unit_only(bank: House) -> None:
    answer = bank.client("supervisor").quarterly_checks(bank.quarter)
    assert {check.org for check in answer.checks} == {"east"}
    assert answer.people == sum(answer.lights.values()) == len(answer.checks)


def test_an_rm_sees_the_own_check(bank: House) -> None:
    assert [check.rm for check in bank.client("rm").quarterly_checks(bank.quarter).checks] == ["r1"]


def test_the_light_and_what_is_missing_choose_the_rows_and_the_counts_stay(bank: House) -> None:
    client = bank.client("hr")
    everybody = client.quarterly_checks(bank.quarter)
    uncertified = client.quarterly_checks(bank.quarter, missing="no-certificate")
    assert all("no-certificate" in check.missing for check in uncertified.checks)
    assert uncertified.total == everybody.lacking["no-certificate"] == len(uncertified.checks)
    for light, people in everybody.lights.items():
        assert client.quarterly_checks(bank.quarter, light=light).total == people


def test_pages_follow_each_other(bank: House) -> None:
    client = bank.client("auditor")
    whole = client.quarterly_checks(bank.quarter)
    first = client.quarterly_checks(bank.quarter, limit=1)
    second = client.quarterly_checks(bank.quarter, limit=200, after=first.after)
    assert [check.rm for check in first.checks + second.checks] == [check.rm for check in whole.checks]


def test_without_lines_each_row_is_its_sum_alone(bank: House) -> None:
    client = bank.client("auditor")
    whole, sums = (client.quarterly_checks(bank.quarter, lines=lines).checks for lines in (True, False))
    assert any(each.lines for each in whole)
    assert [each.model_copy(update={"lines": []}) for each in whole] == sums


def test_what_is_no_light_and_nothing_that_can_be_missing_is_told(bank: House) -> None:
    for query, field in (("light=blue", "/light"), ("missing=coffee", "/missing"), ("limit=0", "/limit")):
        answer = bank.ask("GET", f"/v1/quarterly-checks/{bank.quarter}?{query}", "hr")
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == [field]
