"""`appraise scheme diff`: what one scheme changes against another, in words and clause by clause."""

import re
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from api.cli.scheme import read_text, sound_scheme
from api.client import ApiProblem
from api.terminal.asking import asked
from api.terminal.language import Language, LanguageOption
from api.terminal.listing import Format, FormatOption, print_listing
from api.terminal.stopped import Stopped
from domain.scheme import Scheme, read_scheme
from domain.shapes.words import Told
from domain.wording.differences import Change, differences, sentence
from domain.wording.entries import SORTS

PUBLISHED = re.compile("([a-z0-9-]{1,48}):([0-9]{4}-[0-9]{2}-[0-9]{2})")
COLUMNS = ("clause", "what", "sort", "id", "name", "key", "old", "new")
NOT_COMPARED = 2


OldArgument = Annotated[str, typer.Argument(metavar="A", help="A file, or ID:DATE of a published version.")]
NewArgument = Annotated[str, typer.Argument(metavar="B", help="The same; what it says is the new.")]


def diff(
    old: OldArgument,
    new: NewArgument,
    form: FormatOption = Format.TABLE,
    language: LanguageOption = Language.EN,
) -> int:
    """Say in words what B changes against A. Exit code 0: the same rules, 1: they differ, 2: not compared."""
    schemes = [_scheme(name) for name in (old, new)]
    if not (schemes[0] and schemes[1]):
        return NOT_COMPARED
    before, after = schemes[0], schemes[1]
    changes = differences(before, after)
    if form is not Format.TABLE:
        print_listing([_row(change, language) for change in changes], COLUMNS, form)
        return int(bool(changes))
    typer.echo(f"{before.scheme} {before.effective} → {after.scheme} {after.effective}")
    if not changes:
        typer.echo(_in(SAME_TEXT if before.text == after.text else SAME_RULES, language))
    for clause, group in groupby(changes, lambda change: change.clause):
        typer.echo(_heading(clause, after if clause in after.clauses else before, language))
        for change in group:
            typer.echo(f"  {_in(sentence(change), language)}")
    return int(bool(changes))


SAME_TEXT: Told = ("The same text.", "文本完全相同。")
SAME_RULES: Told = ("The same rules: only comments, order or spelling differ.", "规则相同，仅注释、次序或写法不同。")


def _scheme(name: str) -> Scheme | None:
    """The scheme of a file, or a published one; None once it was told what hinders that."""
    try:
        found = PUBLISHED.fullmatch(name)
        if found and not Path(name).exists():
            return _published(*found.groups())
        return sound_scheme(Path(name), read_text(Path(name)))
    except (Stopped, ApiProblem, OSError) as trouble:
        right = "name a file, or a published version as ID:DATE (appraise scheme list)"
        typer.echo(str(trouble) if isinstance(trouble, Stopped) else f"{name}: {right}", err=True)
        return None


def _published(scheme: str, effective: str) -> Scheme | None:
    with asked() as client:
        text = client.read_scheme(scheme, effective).text
    read = read_scheme(text, f"{scheme}:{effective}")
    if isinstance(read, Scheme):
        return read
    raise Stopped(f"{scheme}:{effective} was published under an older rule book and can't be read any more")


def _heading(clause: str | None, scheme: Scheme, language: Language) -> str:
    """The head of a group: the clause with its words; what stands on none comes first or last."""
    if clause is None:
        return _in(("Without a clause", "无对应条款"), language)
    words = scheme.clauses.get(clause)
    of = f" {getattr(words, language.value)}" if words else ""
    return _in((f"Clause {clause}{of}", f"第 {clause} 条{of}"), language)


def _row(change: Change, language: Language) -> dict[str, object]:
    key = change.label and _in(change.label, language)
    return {
        "clause": change.clause, "what": change.what, "sort": _in(SORTS[change.sort], language), "id": change.id,
        "name": _in(change.name, language), "key": key, "old": change.old and _in(change.old, language),
        "new": change.new and _in(change.new, language), "says": _in(sentence(change), language),
    }  # fmt: skip


def _in(told: Told, language: Language) -> str:
    return told[1] if language is Language.ZH else told[0]
