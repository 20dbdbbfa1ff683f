"""`appraise verify`: seals and read model held against the log, and a seal that was kept elsewhere. Mends nothing."""

import hashlib
import json
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from api.client import Client
from api.counted import counted
from api.owner import owning_or_found
from api.receipts import KeptSeal
from api.settings import read_settings
from api.terminal.progress import PatientBar
from api.terminal.stopped import Stopped
from api.terminal.store import opened_bank, stands
from domain.payroll_files import differing_line
from projections.answers import Verification
from projections.answers.payroll import RunManifest

LARGEST = 50_000_000
"""Bytes of a manifest that are read: that of a payroll run has four for each employee."""
UNFOUND = (
    "Without a manifest kept elsewhere it can't be found that the end of the log was cut off, or the log rewritten, "
    "and seals and read model made anew: keep one by appraise verify --manifest FILE"
)
ManifestOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="A seal or a payroll run's manifest kept elsewhere: checked where FILE exists, else the last seal is "
        "written into it.",
    ),
]
ExportOption = Annotated[
    Path | None,
    typer.Option("--file", metavar="EXPORT", help="A file of that run: whether it is the one that was exported."),
]


MANIFEST: TypeAdapter[KeptSeal | RunManifest] = TypeAdapter(KeptSeal | RunManifest)


def verify(manifest: ManifestOption = None, export: ExportOption = None) -> None:
    """Compute the seals of the log anew and hold the read model against it; the first event that differs is named."""
    if not stands():
        raise Stopped("There is no bank to verify: APPRAISE_DATA_DIR names the folder of one")
    kept = read_manifest(manifest) if manifest and manifest.exists() else None
    if export and not isinstance(kept, RunManifest):
        raise Stopped("Name the manifest of the run that the file was exported from: --manifest FILE")
    with PatientBar("Holding seals and read model against the log"):
        found = _verified(kept)
    if found.difference:
        raise Stopped(f"{found.difference.says}.")
    typer.echo(told(found))
    for note in found.notes:
        typer.echo(note)
    if isinstance(kept, RunManifest):
        typer.echo(_told_of_run(kept, found, manifest))
    elif kept:
        typer.echo(f"The seal in {manifest} stands in the log, up to position {kept.position}.")
    elif manifest:
        write_manifest(manifest, found)
    else:
        typer.echo(f"{UNFOUND}.")
    if export and isinstance(kept, RunManifest):
        typer.echo(told_of_file(export, kept))


def _told_of_run(kept: RunManifest, found: Verification, manifest: Path | None) -> str:
    assert found.run is not None
    grades = counted(found.run.employees, "final grade")
    return (
        f"Run {kept.run} of {kept.quarter} is the one of {manifest}: its seal stands in the log, up to position "
        f"{kept.sealed}; its {grades} stand there as they were released, and follow from their facts and ratings."
    )


def _verified(kept: KeptSeal | RunManifest | None) -> Verification:
    """By the server where one runs, for it holds the read model; else in this process, which looks before it opens."""
    settings = read_settings()
    with owning_or_found(settings.data_dir) as (owner, ours):
        if not ours:
            with Client(owner.address, token=owner.token) as client:
                return client.verify(kept)
        from api.office import READ_MODEL  # only a process that owns a data dir opens its read model
        from api.payroll_manifest import kept_of
        from projections.verify import verify as verified

        with opened_bank() as bank:
            return verified(bank, settings.data_dir / READ_MODEL, None, kept_of(kept) if kept else None)


def told(found: Verification) -> str:
    """What was found in one line, the digest in full, so that it can be noted elsewhere."""
    if not found.sealed:
        return f"{counted(found.events, 'event')}; nothing is sealed yet."
    beyond = [counted(found.seals, "seal")] if found.seals else []
    beyond += [f"{counted(found.unsealed, 'event')} not sealed yet"] if found.unsealed else []
    tail = f"; beyond it {' and '.join(beyond)}" if beyond else ""
    events = counted(found.events, "event")
    return f"{events}, sealed up to position {found.sealed} with digest {found.digest}{tail}."


def read_manifest(file: Path) -> KeptSeal | RunManifest:
    """What a manifest keeps, a seal or a payroll run; Stopped where the file is none."""
    try:
        with file.open("rb") as content:
            return MANIFEST.validate_json(content.read(LARGEST))
    except ValidationError:
        raise Stopped(
            f"{file} is no manifest: name one that appraise verify --manifest or appraise payroll manifest wrote, or a "
            "new file"
        ) from None


def told_of_file(export: Path, kept: RunManifest) -> str:
    """That a file is one that a run exports; Stopped where it is none, with the line that differs of a CSV file."""
    content = export.read_bytes()
    digests = {name: digest for name, digest in kept.files.model_dump(by_alias=True).items() if digest}
    found = next((name for name, digest in digests.items() if hashlib.sha256(content).hexdigest() == digest), None)
    if found:
        what = f"{found.removeprefix('without_')} file{' of those without a grade' if 'without' in found else ''}"
        return f"{export} is the {what} that run {kept.run} of {kept.quarter} exports, byte for byte."
    line = differing_line(content, kept.marks) if export.suffix == ".csv" else None
    where = f"line {line} differs" if line else "its bytes differ"
    raise Stopped(f"{export} is no file that run {kept.run} of {kept.quarter} exports: {where}.")


def write_manifest(file: Path, found: Verification) -> None:
    """Note the last seal in a new file."""
    if not found.sealed:
        raise Stopped(f"{file} was not written: nothing is sealed yet")
    with file.open("x", encoding="utf-8") as manifest:
        json.dump({"position": found.sealed, "digest": found.digest}, manifest)
        manifest.write("\n")
    typer.echo(f"{file} notes this seal: keep it where nobody reaches it who can edit the store.")
