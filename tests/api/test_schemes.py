"""/v1/schemes: proposed by one person, looked at and approved by another."""

import pytest

from api.client import ApiProblem
from tests.api.house import SCHEME, House


def text_for(position: str, effective: str = "2026-01-01") -> str:
    """The shipped scheme under another name, for one position."""
    text = SCHEME.read_text(encoding="utf-8").replace('"anshun-personal-rm"', f'"for-{position}"')
    return text.replace('positions = ["*"]', f'positions = ["{position}"]').replace("= 2026-01-01", f"= {effective}")


def test_what_hr_proposes_the_administrator_approves(bank: House) -> None:
    hr, admin, name = bank.client("hr"), bank.client("admin"), "for-trainee"
    proposed = hr.propose_scheme(text_for("trainee"))
    version = (name, proposed.effective, proposed.digest)
    assert (proposed.scheme, proposed.outcome) == (name, "accepted")
    states = {one.scheme: one.state for one in admin.list_schemes()}
    assert states[name] == "proposed"
    assert admin.read_scheme(*version[:2]).version.by == "the-hr"
    with pytest.raises(ApiProblem) as own:
        hr.approve_scheme(*version)
    assert (own.value.status, own.value.detail) == (
        403, "ask somebody else to approve it: nobody approves what they proposed",
    )  # fmt: skip
    other = hr.propose_scheme(text_for("trainee") + "# another word\n")
    with pytest.raises(ApiProblem) as stale:
        admin.approve_scheme(*version)
    assert (stale.value.status, [fault.pointer for fault in stale.value.errors]) == (409, ["/digest"])
    admin.approve_scheme(name, other.effective, other.digest)
    found = next(one for one in admin.list_schemes() if one.scheme == name)
    assert (found.state, found.by, found.proposed_by) == ("in-force", "the-admin", "the-hr")


def test_what_waits_for_approval_is_seen_by_those_alone_who_may(bank: House) -> None:
    path = bank.draft()
    name = path.split("/")[3]
    for role, status in {"rm": 404, "supervisor": 404, "auditor": 200, "hr": 200}.items():
        assert bank.ask("GET", path, role).status_code == status
        listed = {one["scheme"] for one in bank.ask("GET", "/v1/schemes", role).json()}
        assert (name in listed) == (status == 200)


def test_an_approver_of_the_whole_bank_approves_and_withdraws_and_proposes_nothing(bank: House) -> None:
    token = bank.office.identity.create_token("vice-president", "approver")
    headers = {"Authorization": f"Bearer {token}"}
    for decision in ("approve", "withdraw"):
        path = bank.draft()
        body = {"digest": bank.digest(path)}
        assert bank.ask("POST", f"{path}/{decision}", headers=headers, json=body).status_code == 200
    assert bank.ask("POST", "/v1/schemes", headers=headers, json={"text": "x"}).status_code == 403


def test_a_text_with_mistakes_is_refused_by_line_and_warnings_are_told(bank: House) -> None:
    text = text_for("manager")
    answer = bank.ask("POST", "/v1/schemes", "hr", json={"text": text.replace('half = "up"', 'half = "sideways"')})
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert fault["pointer"] == "/text"
    assert fault["detail"].startswith("line ")
    unlike = text.replace('class = "compliance"', 'class = "efficiency"')
    answer = bank.ask("POST", "/v1/schemes", "hr", json={"text": unlike})
    assert answer.status_code == 201
    assert any("make compliance and risk together weigh more" in told for told in answer.json()["warnings"])


def test_what_a_version_would_change_is_asked_while_it_waits(bank: House) -> None:
    path = bank.draft()
    found = bank.ask("GET", f"{path}/changes", "admin").json()
    assert {one["graded"] for one in found["quarters"]} == {0}
    assert (found["changes"], found["after"], found["by"]) == ([], None, "lead")
    bank.ask("POST", f"{path}/withdraw", "hr", json={"digest": found["digest"]})
    assert bank.ask("GET", f"{path}/changes", "admin").status_code == 404
