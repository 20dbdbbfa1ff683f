"""The manifest of a released run: what is kept elsewhere, so that whoever edits the store can't also edit the proof."""

from functools import partial
from typing import Annotated

from pydantic import Discriminator, Tag

from api.payroll_exports import file_digests
from api.problems import SHAPES
from api.receipts import KeptSeal
from domain.bank import Bank
from domain.calendar import Quarter
from domain.payroll import Content, Run
from domain.payroll_files import marks
from domain.payroll_proof import KeptRun
from domain.seal import Manifest, some_seals
from projections.answers.payroll import FileDigests, RunManifest


def _shape(body: object) -> str:
    """By what a manifest is known to be one of a payroll run."""
    is_run = "manifest" in body if isinstance(body, dict) else isinstance(body, RunManifest)
    return SHAPES[is_run]


AnyManifest = Annotated[
    Annotated[KeptSeal, Tag(SHAPES[0])] | Annotated[RunManifest, Tag(SHAPES[1])], Discriminator(_shape)
]


def manifest_of(bank: Bank, run: Run, content: Content) -> RunManifest:
    """The manifest of a run that was released, with what it holds."""
    assert run.sealed is not None
    assert run.seal is not None
    assert run.ended_by is not None
    assert run.ended_at is not None
    return RunManifest(
        manifest="payroll-run", version=1, quarter=run.quarter, run=run.run, at=run.at, employees=run.employees,
        without=run.without, coefficients=run.coefficients, scores=run.scores, files=file_digests(content),
        marks=marks(content.grades), sealed=run.sealed, seal=run.seal,
        seals=[(made.position, made.digest) for made in some_seals(bank.log, run.sealed)],
        prepared_by=run.prepared_by, prepared_at=run.prepared_at, released_by=run.ended_by, released_at=run.ended_at,
    )  # fmt: skip


def kept_of(manifest: KeptSeal | RunManifest) -> Manifest | KeptRun:
    """What a manifest proves: the log alone, or a run as well."""
    if isinstance(manifest, KeptSeal):
        return Manifest(manifest.position, manifest.digest)
    return KeptRun(
        Quarter.parse(manifest.quarter), manifest.run, manifest.at, manifest.employees, manifest.marks,
        manifest.files.json_, manifest.files.csv, manifest.sealed, manifest.seal, manifest.seals, manifest.without,
        manifest.coefficients, manifest.scores, (manifest.prepared_by, manifest.prepared_at),
        (manifest.released_by, manifest.released_at), partial(_other_file, manifest.files),
    )  # fmt: skip


def _other_file(files: FileDigests, content: Content) -> str | None:
    """The form of the first file whose digest is another one than was kept; None where all are the same."""
    kept = files.model_dump(by_alias=True)
    made = file_digests(content).model_dump(by_alias=True)
    return next((form for form, digest in made.items() if kept[form] != digest), None)
