"""kill -9 of an import and of a server at any moment: nothing acknowledged is lost, nothing doubled."""

import random
from pathlib import Path

from tests.faults.rounds import Faulty, kill_imports, kill_servers

ROUNDS = 3


def test_an_import_killed_at_any_moment_goes_on_where_it_was(tmp_path: Path) -> None:
    parts = kill_imports(Faulty(tmp_path), ROUNDS, random.Random(20260320))
    assert len(parts) == ROUNDS
    assert all(0.1 <= part <= 0.9 for part in parts), parts


def test_what_a_killed_server_had_acknowledged_stands(tmp_path: Path) -> None:
    acknowledged = kill_servers(Faulty(tmp_path), ROUNDS, random.Random(20260321))
    assert len(acknowledged) == ROUNDS
    assert sum(acknowledged) > ROUNDS
