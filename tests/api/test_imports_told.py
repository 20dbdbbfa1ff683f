"""An auditor ties a file to the log: by its digest, its control totals, and the name that stands outside the events."""

from decimal import Decimal

from domain.imported_file import ControlTotal, ImportedFile
from tests.api.house import House

FILE = ImportedFile(
    "actions", "0f" * 32, "work.csv", 3, 2, 0, 1, [ControlTotal("visit", 2, {"quantity": Decimal("2.50")})]
)


def test_an_auditor_finds_imports_and_their_control_totals_in_the_raw_history(bank: House) -> None:
    bank.office.bank.note_import(FILE, "cli")
    bank.caught_up()
    imported = bank.ask("GET", "/v1/events?type=FileImported", "auditor").json()["events"]
    assert [(event["stream"], event["texts"]) for event in imported] == [(FILE.import_id, {"name": "work.csv"})]
    told = {"file_kind": "actions", "digest": FILE.digest, "lines": 3, "accepted": 2, "duplicates": 0, "rejected": 1}
    assert told.items() <= imported[0]["state"].items()
    totals = bank.ask("GET", "/v1/events?type=ControlTotalTaken", "auditor").json()["events"]
    assert [(event["state"]["group"], event["state"]["quantity"]) for event in totals] == [("visit", "2.5")]
