"""`appraise verify`: seals and read model held against the log, and a seal that was kept elsewhere. Mends nothing."""

import json
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from api.client import Client
from api.counted import counted
from api.owner import owning_or_found
from api.receipts import KeptSeal
from api.settings import read_settings
from api.terminal.progress import PatientBar
from api.terminal.stopped import Stopped
from api.terminal.store import opened_bank, stands
from projections.answers import Verification

LARGEST = 10_000
"""Bytes of a manifest that are read: it has some hundred."""
ManifestOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="A seal kept elsewhere: checked where FILE exists, else the last seal is written into it."
    ),
]


def verify(manifest: ManifestOption = None) -> None:
    """Compute the seals of the log anew and hold the read model against it; the first event that differs is named."""
    if not stands():
        raise Stopped("There is no bank to verify: APPRAISE_DATA_DIR names the folder of one")
    kept = read_manifest(manifest) if manifest and manifest.exists() else None
    with PatientBar("Holding seals and read model against the log"):
        found = _verified(kept)
    if found.difference:
        raise Stopped(f"{found.difference.says}.")
    typer.echo(told(found))
    for note in found.notes:
        typer.echo(note)
    if kept:
        typer.echo(f"The seal in {manifest} stands in the log, up to position {kept.position}.")
    elif manifest:
        write_manifest(manifest, found)


def _verified(kept: KeptSeal | None) -> Verification:
    """By the server where one runs, for it holds the read model; else in this process, which looks before it opens."""
    settings = read_settings()
    with owning_or_found(settings.data_dir) as (owner, ours):
        if not ours:
            with Client(owner.address, token=owner.token) as client:
                return client.verify(kept.position, kept.digest) if kept else client.verify()
        from api.office import READ_MODEL  # only a process that owns a data dir opens its read model
        from domain.seal import Manifest
        from projections.verify import verify as verified

        with opened_bank() as bank:
            seal = Manifest(kept.position, kept.digest) if kept else None
            return verified(bank, settings.data_dir / READ_MODEL, None, seal)


def told(found: Verification) -> str:
    """What was found in one line, the digest in full, so that it can be noted elsewhere."""
    if not found.sealed:
        return f"{counted(found.events, 'event')}; nothing is sealed yet."
    beyond = [counted(found.seals, "seal")] if found.seals else []
    beyond += [f"{counted(found.unsealed, 'event')} not sealed yet"] if found.unsealed else []
    tail = f"; beyond it {' and '.join(beyond)}" if beyond else ""
    events = counted(found.events, "event")
    return f"{events}, sealed up to position {found.sealed} with digest {found.digest}{tail}."


def read_manifest(file: Path) -> KeptSeal:
    """The seal that a manifest keeps; Stopped where the file is none."""
    try:
        with file.open("rb") as content:
            return KeptSeal.model_validate_json(content.read(LARGEST))
    except ValidationError:
        raise Stopped(f"{file} is no manifest: name one that appraise verify --manifest wrote, or a new file") from None


def write_manifest(file: Path, found: Verification) -> None:
    """Note the last seal in a new file."""
    if not found.sealed:
        raise Stopped(f"{file} was not written: nothing is sealed yet")
    with file.open("x", encoding="utf-8") as manifest:
        json.dump({"position": found.sealed, "digest": found.digest}, manifest)
        manifest.write("\n")
    typer.echo(f"{file} notes this seal: keep it where nobody reaches it who can edit the store.")
