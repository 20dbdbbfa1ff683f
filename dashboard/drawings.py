"""The drawings of badges as pictures: drawn as markup, a page's text never shows them."""

from base64 import b64encode
from functools import cache
from html import escape
from pathlib import Path

BADGES = Path(__file__).parent / "assets/badges"
INK = "<style>svg{stroke:#22344f}@media(prefers-color-scheme:dark){svg{stroke:#dfe6f0}}</style>"
"""A picture does not know the colour of the text around it: dark lines in the light, light ones in the dark."""


@cache
def drawings() -> dict[str, str]:
    """All of them by name, for a reader's eyes alone: beside each stands what the badge is called."""
    return {file.stem: _picture(file.read_text(encoding="utf-8")) for file in sorted(BADGES.glob("*.svg"))}


def card(title: str, icon: str, *parts: str) -> str:
    """A drawing with its title beside it, and parts of markup under that."""
    drawn = drawings().get(icon, "")
    return f"<article>{drawn}<div><h3>{escape(title)}</h3>{''.join(parts)}</div></article>"


def _picture(svg: str) -> str:
    drawn = b64encode(svg.replace(">", f">{INK}", 1).encode()).decode()
    return f'<img class="drawing" alt="" src="data:image/svg+xml;base64,{drawn}">'
