"""`appraise user` and `appraise token`: who gets in, and that no secret stands in an argument."""

import io
import json
import re

import pytest

from tests.api.cli.conftest import Appraise


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_the_first_administrator_is_made_with_a_password_from_standard_input(
    appraise: Appraise, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "a long secret\n")
    typed = appraise("user", "add", "boss", "--role", "admin", "--password-stdin")
    assert (typed.code, typed.out) == (0, "boss can sign in now, as admin.\n")
    type_in(monkeypatch, "another secret\n")
    assert appraise("user", "password", "boss").code == 0
    assert "this is the last one" in appraise("user", "disable", "boss").err
    type_in(monkeypatch, "a long secret\n")
    assert appraise("user", "add", "second", "--role", "admin", "--password-stdin").code == 0
    assert appraise("user", "disable", "boss").code == 0


def test_a_password_in_another_encoding_is_told_in_one_line(
    appraise: Appraise, monkeypatch: pytest.MonkeyPatch
) -> None:
    for sent, handled, told in (
        ("密码密码密码密码".encode("gb18030"), "strict", "Give the password in UTF-8"),
        (b"\xff\xfe\xff\xfe\xff\xfe\xff\xfe", "surrogateescape", "password: "),
    ):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(sent), "utf-8", handled))
        typed = appraise("user", "add", "boss", "--role", "admin", "--password-stdin")
        assert (typed.code, typed.err.count("\n"), typed.err.startswith(told)) == (1, 1, True)


@pytest.mark.parametrize(
    ("words", "password", "told"),
    [
        (["boss", "--role", "admin"], "", "Give the password"),
        (["boss", "--role", "admin"], "short\n", "password: "),
        (["boss", "--role", "emperor"], "a long secret\n", "role: choose one of"),
        (["b o s s", "--role", "admin"], "a long secret\n", "name: "),
        (["cli", "--role", "admin"], "a long secret\n", "name: choose another"),
        (["head", "--role", "supervisor", "--scope", "O9"], "a long secret\n", "scope: "),
        (["somebody", "--role", "rm"], "a long secret\n", "rm: "),
        (["boss", "--role", "admin", "--scope", "O9"], "a long secret\n", "scope: leave it out: an administrator"),
        (["crm", "--role", "system"], "a long secret\n", "role: choose a role of people"),
        (["boss", "--role", "admin"], "boss2026\n", "password: choose a password that isn't guessed"),
    ],
)
def test_a_user_that_cannot_be_is_refused_with_the_remedy(
    words: list[str], password: str, told: str, appraise: Appraise, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, password)
    typed = appraise("user", "add", *words)
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert typed.err.startswith(told)


def test_a_token_is_printed_once_and_alone_and_then_only_its_id(appraise: Appraise) -> None:
    typed = appraise("token", "create", "--subject", "crm", "--role", "system", "--source", "crm")
    secret = typed.out.splitlines()[-1]
    assert re.fullmatch("[A-Za-z0-9_-]{32,}", secret)
    listed = appraise("token", "list", "--format", "json")
    [token] = json.loads(listed.out)
    assert (token["subject"], token["sources"], token["revoked"]) == ("crm", ["crm"], False)
    assert secret not in listed.out
    assert appraise("token", "revoke", token["token"]).code == 0
    assert json.loads(appraise("token", "list", "--format", "json").out)[0]["revoked"] is True


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["create", "--subject", "crm", "--role", "system"], "source: say which sources"),
        (["create", "--subject", "R9", "--role", "rm"], "rm: name a relationship manager"),
        (["create", "--subject", "crm", "--role", "admin", "--scope", "O9"], "scope: leave it out: an administrator"),
        (["revoke", "nonsense"], "token: give the id of a token"),
    ],
)
def test_a_token_that_cannot_be_is_refused_with_the_remedy(words: list[str], told: str, appraise: Appraise) -> None:
    typed = appraise("token", *words)
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert typed.err.startswith(told)
