"""A log that has grown since PostgreSQL last looked at it is still read by its keys."""

from pathlib import Path

from tests.bank import TestBank
from tests.postgres.server import Server
from tests.tables import ready

ROWS = 60_000
BY_KEYS = {
    "whether it moved": "SELECT 1 FROM stored_events WHERE notification_id > {0} AND topic = 'RMLeft' LIMIT 1",
    "what the register has beyond": "SELECT state FROM stored_events WHERE notification_id > {0} AND topic = 'RMLeft' "
    "ORDER BY notification_id",
    "first events": "SELECT state FROM stored_events WHERE originator_id = ANY('{{action:crm:1}}')",
    "the last position": "SELECT coalesce(max(notification_id), 0) FROM stored_events",
}


def test_a_new_log_is_never_read_through(tmp_path: Path, postgres: Server) -> None:
    story = TestBank(tmp_path, store=postgres.new_store()).founded()
    log = story.bank.log
    with story.bank.transaction() as cursor:
        cursor.execute("ALTER TABLE stored_events SET (autovacuum_enabled = false)")
    rows = [(f"action:crm:{n:06}", b"{}") for n in range(ROWS)]
    log.insert_states("ActionRecorded", ready(log, rows), [], story.bank.register.position)
    with log.reading() as cursor:
        for what, question in BY_KEYS.items():
            cursor.execute("EXPLAIN " + question.format(ROWS))
            plan = " ".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan" not in plan, what
            assert "Index" in plan, what
    story.close()
