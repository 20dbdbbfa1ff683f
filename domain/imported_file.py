"""The imported file: what an auditor needs to tie a file to the log. Noted once it was taken in to its end."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.events import ControlTotalTaken, Event, FileImported, Stamp
from domain.log import Decision, Text


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """Of the lines of a file that stand in the log now: how many there are of one kind (or indicator, segment,
    position, level), and the exact sums of their figures by name, as they were sent; and how many of them this import
    took in, with the net sums of those, in which a line that takes something back has the opposite sign."""

    group: str
    lines: int
    sums: Mapping[str, Decimal] = field(default_factory=dict)
    accepted: int | None = None
    net_sums: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file taken in to its end: which facts it held, the SHA-256 of its bytes, its name, what its lines came to."""

    file_kind: str
    digest: str
    name: str
    lines: int
    accepted: int
    duplicates: int
    rejected: int
    totals: Sequence[ControlTotal] = ()

    @property
    def import_id(self) -> str:
        return import_id(self.file_kind, self.digest)


def import_id(file_kind: str, digest: str) -> str:
    """The stream of a file of one kind of facts."""
    return f"import:{file_kind}:{digest}"


@dataclass(frozen=True, slots=True)
class Imports:
    """All imports of one file: when it came first, how many events tell of them, and whether it once came to its end
    with nothing rejected."""

    version: int
    first_at: datetime
    whole: bool = False


def fold(state: Imports | None, events: Iterable[Any]) -> Imports | None:
    """What the imports of a file add up to."""
    for event in events:
        if isinstance(event, FileImported | ControlTotalTaken):
            first_at = state.first_at if state else event.recorded_at
            whole = bool(state and state.whole) or (isinstance(event, FileImported) and not event.rejected)
            state = Imports(event.originator_version, first_at, whole)
    return state


def note_import(file: ImportedFile, state: Imports | None, stamp: Stamp, salts: Callable[[], str]) -> Decision:
    """Note an import with its control totals; no event where the file stood already and brought nothing new: neither
    a line nor, for the first time, an end with nothing rejected."""
    if not file.lines or (state and not file.accepted and (state.whole or file.rejected)):
        return Decision(file.import_id, [])
    version = (state.version if state else 0) + 1
    name = Text(file.import_id, version, "name", salts(), file.name)
    what = {**stamp, "originator_id": file.import_id, "file_kind": file.file_kind, "digest": file.digest}
    noted = FileImported(
        **what, originator_version=version, lines=file.lines, accepted=file.accepted, duplicates=file.duplicates,
        rejected=file.rejected, name_digest=name.digest,
    )  # fmt: skip
    totals: list[Event] = [
        ControlTotalTaken(
            **what,
            originator_version=number,
            group=total.group,
            lines=total.lines,
            **total.sums,
            accepted=total.accepted,
            **{f"net_{name}": value for name, value in total.net_sums.items()},
        )
        for number, total in enumerate(file.totals, version + 1)
    ]
    return Decision(file.import_id, [noted, *totals], (name,))
