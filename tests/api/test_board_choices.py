"""What an RM chooses about the leaderboards, by the API: leaving them, coming back, an alias."""

import pytest

from api.client import ApiProblem
from api.settings import COOKIE
from tests.api.house import HERE, House


def test_an_rm_leaves_the_boards_and_is_called_by_an_alias_that_is_nobody_s_name(own_bank: House) -> None:
    client = own_bank.client("rm")
    assert client.board_choices("r1").model_dump() == {"rm": "r1", "left_at": None, "alias": None, "alias_shown": False}
    assert [client.leave_boards("r1").outcome for _ in range(2)] == ["accepted", "duplicate"]
    assert client.choose_alias("r1", "Otter").outcome == "accepted"
    chosen = own_bank.client("supervisor").board_choices("r1")
    assert (chosen.left_at is not None, chosen.alias, chosen.alias_shown) == (True, "Otter", True)
    own_bank.session_of_newcomer()
    with pytest.raises(ApiProblem) as problem:
        client.choose_alias("r1", "New-Comer")
    assert (problem.value.status, problem.value.errors[0].pointer) == (422, "/alias")
    line = {"rm": "r9", "name": "Otter", "position": "personal", "org": "east", "joined_on": "2026-01-01"}
    own_bank.office.bank.register_rms([line], "hr")
    assert (client.board_choices("r1").alias, client.board_choices("r1").alias_shown) == ("Otter", False)
    assert client.drop_alias("r1").outcome == client.join_boards("r1").outcome == "accepted"
    assert client.board_choices("r1").left_at is None
    assert own_bank.ask("GET", "/v1/rms/nobody/boards", "admin").status_code == 404


def test_a_supervisor_who_is_an_rm_chooses_for_oneself_alone(own_bank: House) -> None:
    identity = own_bank.office.identity
    assert identity.add_user("both", "a-good-password", "supervisor", "east", "r3") is None
    headers = {"Cookie": f"{COOKIE}={identity.open_session('both')}", "Origin": HERE}
    told = [own_bank.ask("POST", f"/v1/rms/{rm}/boards/leave", headers=headers).status_code for rm in ("r3", "r1")]
    assert told == [200, 403]
    assert [rm for rm, one in own_bank.office.bank.register.board_choices.items() if one.left_at] == ["r3"]
