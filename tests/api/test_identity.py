"""Users, sessions and tokens: what lets somebody in, and what ends it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api import passwords
from api.identity import SESSION_SECONDS, DemoSignIn, Identity, digest_of
from domain.bank import open_bank
from domain.refusal import Refused

PASSWORD = "a-good-password"


class Clock:
    """Seconds that a test moves on."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def identity(tmp_path: Path, store: str | None, clock: Clock) -> Identity:
    """An identity of a bank with one unit and one RM."""
    bank = open_bank(tmp_path, store=store)
    bank.open_units([{"org": "head", "parent": "", "level": "head-office", "name": "Head office"}], "lead")
    person = {"rm": "r1", "name": "Person", "position": "personal", "org": "head", "joined_on": "2026-01-05"}
    bank.register_rms([person], "lead")
    return Identity(bank, clock)


def fields_of(answer: object) -> list[str]:
    assert isinstance(answer, Refused), answer
    return [refusal.field for refusal in answer.refusals]


@pytest.mark.parametrize("name", ["nobody", "", "a\0b", "\ud800", "王", "x" * 64])
def test_a_name_that_nobody_has_or_can_have_lets_nobody_in(identity: Identity, name: str) -> None:
    assert identity.sign_in(name, PASSWORD) is None


def test_two_unknown_names_at_once_after_a_start_are_both_answered() -> None:
    passwords._nobodys.cache_clear()
    pool = ThreadPoolExecutor(2)
    tried = [pool.submit(passwords.matches, PASSWORD, None) for _ in range(2)]
    pool.shutdown(wait=False)
    assert [each.result(timeout=30) for each in tried] == [False, False]


@pytest.mark.parametrize("password", ["\ud800aaaaaaaaa", "aaaaaaaaa\udfff"])
def test_half_a_character_is_in_no_password_and_opens_nothing(identity: Identity, password: str) -> None:
    assert fields_of(identity.add_user("anna", password, "hr")) == ["password"]
    assert identity.add_user("anna", PASSWORD, "hr") is None
    assert fields_of(identity.set_password("anna", password)) == ["password"]
    assert identity.sign_in("anna", password) is None


def test_the_right_password_opens_a_session_of_that_person(identity: Identity) -> None:
    assert identity.add_user("anna", PASSWORD, "rm", rm="r1") is None
    secret = identity.sign_in("anna", PASSWORD)
    assert secret is not None
    asker = identity.of_session(secret)
    assert asker is not None
    assert (asker.subject, asker.role, asker.person) == ("anna", "rm", "r1")


@pytest.mark.parametrize(("name", "password"), [("anna", "a-bad-password"), ("nobody", PASSWORD), ("anna", "")])
def test_a_wrong_name_or_password_opens_nothing(identity: Identity, name: str, password: str) -> None:
    identity.add_user("anna", PASSWORD, "hr")
    assert identity.sign_in(name, password) is None


def test_the_store_alone_lets_nobody_in(tmp_path: Path) -> None:
    identity = Identity(open_bank(tmp_path))
    identity.add_user("anna", PASSWORD, "hr")
    secrets = [identity.sign_in("anna", PASSWORD), identity.create_token("payroll", "hr")]
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (*secrets, PASSWORD):
        assert isinstance(secret, str)
        assert secret.encode() not in stored
    assert digest_of(str(secrets[0])).encode() in stored
    assert b"$argon2id$" in stored


def test_a_session_ends_with_its_time(identity: Identity, clock: Clock) -> None:
    identity.add_user("anna", PASSWORD, "hr")
    secret = identity.open_session("anna")
    clock.seconds += SESSION_SECONDS - 1
    assert identity.of_session(secret)
    clock.seconds += 1
    assert identity.of_session(secret) is None


def test_who_signs_out_ends_that_session_only(identity: Identity) -> None:
    identity.add_user("anna", PASSWORD, "hr")
    here, there = identity.open_session("anna"), identity.open_session("anna")
    identity.sign_out(here)
    assert identity.of_session(here) is None
    assert identity.of_session(there)


def test_who_is_disabled_is_out_at_once_and_stays_out(identity: Identity) -> None:
    identity.add_user("anna", PASSWORD, "hr")
    secret = identity.open_session("anna")
    assert identity.disable_user("anna") is None
    assert identity.of_session(secret) is None
    assert identity.sign_in("anna", PASSWORD) is None
    assert [user.disabled for user in identity.users()] == [True]


def test_a_new_password_ends_the_sessions_of_the_old_one(identity: Identity) -> None:
    identity.add_user("anna", PASSWORD, "hr")
    secret = identity.open_session("anna")
    assert identity.set_password("anna", "another-password") is None
    assert identity.of_session(secret) is None
    assert identity.sign_in("anna", PASSWORD) is None
    assert identity.sign_in("anna", "another-password")


@pytest.mark.parametrize("meanwhile", ["reset", "disabled"])
def test_a_password_that_is_taken_away_while_it_is_checked_opens_and_changes_nothing(
    identity: Identity, meanwhile: str
) -> None:
    identity.add_user("anna", PASSWORD, "hr")
    known, secret = identity.check_password("anna", PASSWORD), identity.open_session("anna")
    assert known is not None
    if meanwhile == "reset":
        identity.set_password("anna", "another-password")
    else:
        identity.disable_user("anna")
    late, refused = (
        identity.open_session("anna", None, known),
        identity.change_password("anna", "a-third-one", secret, known),
    )
    identity.enable_user("anna")
    assert identity.of_session(late) is None
    assert isinstance(refused, Refused)
    assert [refusal.code for refusal in refused.refusals] == ["stale"]
    assert identity.sign_in("anna", "a-third-one") is None


@pytest.mark.parametrize(
    ("name", "password", "role", "scope", "rm", "fields"),
    [
        ("anna", "short", "hr", None, None, ["password"]),
        ("anna", "x" * 257, "hr", None, None, ["password"]),
        ("a b", PASSWORD, "hr", None, None, ["name"]),
        ("anna", PASSWORD, "king", None, None, ["role"]),
        ("anna", PASSWORD, "supervisor", "nowhere", None, ["scope"]),
        ("anna", PASSWORD, "rm", None, None, ["rm"]),
        ("anna", PASSWORD, "rm", None, "r9", ["rm"]),
        ("a b", "short", "king", "nowhere", "r9", ["name", "role", "scope", "rm", "password"]),
    ],
)
def test_a_user_is_made_right_or_not_at_all(
    identity: Identity, name: str, password: str, role: str, scope: str | None, rm: str | None, fields: list[str]
) -> None:
    assert fields_of(identity.add_user(name, password, role, scope, rm)) == fields
    assert identity.users() == []


def test_a_name_is_given_once(identity: Identity) -> None:
    assert identity.add_user("anna", PASSWORD, "hr") is None
    assert fields_of(identity.add_user("anna", "another-password", "admin")) == ["name"]
    assert [user.role for user in identity.users()] == ["hr"]


def test_nobody_unknown_is_changed(identity: Identity) -> None:
    assert fields_of(identity.set_password("nobody", PASSWORD)) == ["name"]
    assert fields_of(identity.disable_user("nobody")) == ["name"]
    assert fields_of(identity.revoke_token("nothing")) == ["token"]


def test_a_token_opens_until_it_is_revoked(identity: Identity) -> None:
    secret = identity.create_token("payroll", "hr", "head")
    assert isinstance(secret, str)
    asker = identity.of_token(secret)
    assert asker is not None
    assert (asker.subject, asker.role, asker.scope) == ("payroll", "hr", "head")
    (token,) = identity.tokens()
    assert identity.revoke_token(token.token) is None
    assert identity.of_token(secret) is None
    assert [each.revoked for each in identity.tokens()] == [True]


def test_an_rms_token_speaks_for_that_rm(identity: Identity) -> None:
    secret = identity.create_token("r1", "rm")
    assert isinstance(secret, str)
    asker = identity.of_token(secret)
    assert asker is not None
    assert asker.rm == asker.person == "r1"


@pytest.mark.parametrize(
    ("subject", "role", "sources", "fields"),
    [
        ("crm", "system", [], ["source"]),
        ("crm", "system", ["CRM!"], ["source"]),
        ("crm", "system", ["log"], ["source"]),
        ("payroll", "hr", ["crm"], ["source"]),
        ("r9", "rm", [], ["rm"]),
    ],
)
def test_a_system_has_sources_and_nobody_else_has(
    identity: Identity, subject: str, role: str, sources: list[str], fields: list[str]
) -> None:
    assert fields_of(identity.create_token(subject, role, sources=sources)) == fields


def test_the_demos_sign_ins_are_replaced_whole(identity: Identity) -> None:
    first, second = (DemoSignIn(name, PASSWORD, "rm", "An RM", "客户经理") for name in ("anna", "berta"))
    identity.show_demo_sign_ins([first, second])
    identity.show_demo_sign_ins([second])
    assert identity.demo_sign_ins() == [second]
