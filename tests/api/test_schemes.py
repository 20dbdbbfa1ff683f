"""/v1/schemes: proposed by one person, looked at and approved by another."""

import re
from datetime import date
from decimal import Decimal

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


def test_an_administrator_does_not_approve_by_the_hand_of_whom_they_let_in(bank: House) -> None:
    admin, name, text = bank.client("admin"), bank.new_name(), text_for("teller")
    proposed = admin.propose_scheme(text)
    path, body = f"/v1/schemes/for-teller/{proposed.effective}/approve", {"digest": proposed.digest}
    token = bank.ask("POST", "/v1/tokens", "admin", json={"subject": name, "role": "hr"}).json()["secret"]
    answer = bank.ask("POST", path, headers={"Authorization": f"Bearer {token}"}, json=body)
    assert (answer.status_code, answer.json()["detail"]) == (
        403, "ask somebody to approve it whom the proposer gave neither sign-in, role, password nor token",
    )  # fmt: skip
    bank.session("hong", "hr", None)
    forged = bank.ask("POST", "/v1/tokens", "admin", json={"subject": "hong", "role": "hr"})
    assert (forged.status_code, forged.json()["errors"][0]["pointer"]) == (422, "/subject")
    assert bank.ask("POST", path, "hr", json=body).status_code == 200


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
    assert re.match("line [0-9]+: rounding[.]half: ", fault["detail"])
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


def test_a_version_is_answered_in_words_clause_by_clause_with_its_curves(bank: House) -> None:
    scheme = bank.client("rm").read_scheme("anshun-personal-rm", "2026-01-01")
    assert [one.clause for one in scheme.clauses][:2] == ["2.1", "2.6.4"]
    entries = {(one.sort, one.id): one for one in scheme.entries}
    conduct = entries["indicator", "conduct"]
    assert (conduct.clause, conduct.weight, conduct.indicator_class) == ("2.1", Decimal(18), "compliance")
    facts = {fact.key: fact.words for fact in conduct.facts}
    assert facts["shape"].en == "begins at 18 points and loses 6 points for each breach; at most 18 are lost"
    assert facts["shape"].zh == "起始 18 分，每 1 次扣 6 分；最多扣 18 分"
    assert conduct.curve
    assert [(corner.at, corner.points) for corner in conduct.curve.corners] == [
        (Decimal(at), Decimal(points)) for at, points in (("0", 18), ("3", 0), ("3.6", 0))
    ]
    assert scheme.warnings == []


def test_differences_are_those_against_the_version_before_or_against_another(bank: House) -> None:
    hr, first = bank.client("hr"), text_for("teller")
    heavier = first.replace('points = "6", per = "1", limit = "18"', 'points = "9", per = "1", limit = "18"')
    hr.propose_scheme(first)
    hr.propose_scheme(heavier.replace("effective = 2026-01-01", "effective = 2026-04-01"))
    found = hr.scheme_differences("for-teller", "2026-04-01")
    assert (found.old and found.old.effective, found.same_text) == (date(2026, 1, 1), False)
    assert [one.says.en for one in found.changes] == [
        'Indicator "Conduct", points: begins at 18 points and loses 6 points for each breach; at most 18 are lost → '
        "begins at 18 points and loses 9 points for each breach; at most 18 are lost"
    ]
    assert hr.scheme_differences("for-teller", "2026-01-01").old is None
    other = hr.scheme_differences("for-teller", "2026-01-01", ("anshun-personal-rm", "2026-01-01"))
    assert [one.key for one in other.changes] == ["positions"]
    for asked, status in (
        ("2026-07-01/differences", 404), ("2026-01-01/differences?old_effective=2025-01-01", 404),
        ("2026-01-01/differences?old_scheme=for-teller", 422),
    ):  # fmt: skip
        assert bank.ask("GET", f"/v1/schemes/for-teller/{asked}", "hr").status_code == status
    assert bank.ask("GET", "/v1/schemes/for-teller/2026-04-01/differences", "rm").status_code == 404


def test_an_rm_is_told_the_own_scheme(bank: House) -> None:
    assert bank.client("rm").me().scheme == "anshun-personal-rm"
    assert bank.client("hr").me().scheme is None


def test_the_warnings_of_what_waits_are_answered_with_it(bank: House) -> None:
    hr = bank.client("hr")
    hr.propose_scheme(text_for("guide").replace('class = "compliance"', 'class = "efficiency"'))
    warnings = hr.read_scheme("for-guide", "2026-01-01").warnings
    assert any("make compliance and risk together weigh more" in one for one in warnings)
