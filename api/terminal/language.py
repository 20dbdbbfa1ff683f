"""In which language a command speaks, where it says what a scheme says."""

from enum import StrEnum
from typing import Annotated

import typer


class Language(StrEnum):
    """What `--language` takes."""

    EN = "en"
    ZH = "zh"


LanguageOption = Annotated[Language, typer.Option("--language", help="In which words.")]
