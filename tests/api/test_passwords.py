"""A password that everybody tries first is none; one that somebody thought up is taken."""

import pytest

from api import passwords

NAME = "Zhang3"


@pytest.mark.parametrize(
    "guessed",
    [
        "password", "Password1", "passw0rd!", "admin123", "12345678", "87654321", "0123456789", "aaaaaaaa", "12121212",
        "11223344", "abcabcabc", "demodemo", "abcdefgh", "abc12345", "qwertyui", "poiuytrewq", "qwerty123", "1qaz2wsx",
        "zhang3zhang3", "ZHANG3123", "zhang3-2026", "woaini1314",
    ],
)  # fmt: skip
def test_what_is_tried_first_is_no_password(guessed: str) -> None:
    assert [fault.remedy for fault in passwords.faults(guessed, NAME)] == [
        "choose a password that isn't guessed: no usual word, no row of keys, not your name"
    ]


@pytest.mark.parametrize(
    "own",
    [
        "demo-bank",
        "a-good-password",
        "only-for-this-test",
        "夜来风雨声花落知多少",
        "zhang3 sails",
        "pc8b-h7be-a33g-h334",
    ],
)
def test_what_somebody_thought_up_is_a_password(own: str) -> None:
    assert passwords.faults(own, NAME) == []
