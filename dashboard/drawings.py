"""The drawings of badges, as markup that takes the colour of the text around it."""

from functools import cache
from pathlib import Path

BADGES = Path(__file__).parent / "assets/badges"


@cache
def drawings() -> dict[str, str]:
    """All of them by name, for a reader's eyes alone: beside each stands what the badge is called."""
    shown = '<svg class="drawing" aria-hidden="true" '
    return {
        file.stem: file.read_text(encoding="utf-8").replace("<svg ", shown, 1) for file in sorted(BADGES.glob("*.svg"))
    }
