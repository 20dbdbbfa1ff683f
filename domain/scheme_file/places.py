"""On which line of a TOML file each key, table and entry of a list stands.

The text has been read as TOML before, so that only its shape is looked at here, in one pass.
"""

import re
import tomllib
from bisect import bisect_right

Path = tuple[str | int, ...]
BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
PART = re.compile(r"""[ \t]*+(?:([A-Za-z0-9_-]++)|("(?:[^"\\]|\\.)*+")|'([^']*+)')[ \t]*+""")
TEXT = re.compile(
    r'"""(?:[^\\"]|\\.|"(?!""))*+"{3,5}'
    r"|'''(?:[^']|'(?!''))*+'{3,5}"
    r'|"(?:[^"\\]|\\.)*+"'
    r"|'[^']*+'"
    r"|[^,\]}\n#\"'\[{]++",
    re.DOTALL,
)
"""A text in any of its four forms, or a bare value."""


class Places:
    """The lines of a file's keys, counted from 1; a table that is only named in the heads of others has their first."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: dict[Path, int] = {}
        self._ends: list[int] = []
        self._counts: dict[Path, int] = {}

    def line(self, path: Path) -> int:
        """The line of a key, or of the nearest table around it. The text is looked through once somebody asks."""
        if not self._ends:
            self._ends = [one.start() for one in re.finditer("\n|$", self.text)]
            self._scan()
        return next((self.lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.lines), 1)

    def _scan(self) -> None:
        table: Path = ()
        at = self._blank(0)
        while at < len(self.text):
            if self.text.startswith("[", at):
                many = self.text.startswith("[[", at)
                names, end = self._key(at + 1 + many)
                table = self._head(names, at, many)
                at = self._blank(end + 1 + many)
            else:
                at = self._blank(self._pair(at, table))

    def _head(self, names: list[str], at: int, many: bool) -> Path:
        """The table that begins with a head; where a part of its name is a list, the last entry of that."""
        path: Path = ()
        for n, name in enumerate(names, 1):
            path = (*path, name)
            self._note(path, at)
            is_last = n == len(names)
            if many and is_last:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, self._counts[path])
                self._note(path, at)
            elif is_last:
                self.lines[path] = self._line(at)
        return path

    def _pair(self, at: int, table: Path) -> int:
        """Note a key and what its value holds; where the value ends."""
        names, end = self._key(at)
        for n in range(1, len(names) + 1):
            self._note((*table, *names[:n]), at)
        return self._value(self._blank(end + 1), (*table, *names))

    def _value(self, at: int, path: Path) -> int:
        if self.text[at] in "[{":
            closing, n = ("]" if self.text[at] == "[" else "}"), 0
            at = self._blank(at + 1)
            while self.text[at] != closing:
                if closing == "]":
                    self._note((*path, n), at)
                    at, n = self._value(at, (*path, n)), n + 1
                else:
                    at = self._pair(at, path)
                at = self._blank(at)
                at = self._blank(at + 1) if self.text[at] == "," else at
            return at + 1
        found = TEXT.match(self.text, at)
        return found.end() if found else at + 1

    def _key(self, at: int) -> tuple[list[str], int]:
        """The parts of a key, and where it ends."""
        names: list[str] = []
        while found := PART.match(self.text, at):
            bare, quoted, literal = found.groups()
            names.append(tomllib.loads(f"k = {quoted}")["k"] if quoted else bare or literal or "")
            at = found.end()
            if not self.text.startswith(".", at):
                break
            at += 1
        return names, at

    def _blank(self, at: int) -> int:
        found = BLANK.match(self.text, at)
        return found.end() if found else at

    def _note(self, path: Path, at: int) -> None:
        self.lines.setdefault(path, self._line(at))

    def _line(self, at: int) -> int:
        return bisect_right(self._ends, at - 1) + 1
