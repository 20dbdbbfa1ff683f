"""The bytes of a file of lines as they stood when it was opened, in blocks that end where a line ends."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from api.files.batch import LONGEST_RECORD, changed, printable

BLOCK = 2 << 20
"""Bytes that are read at a time: some 30,000 lines, which is one batch."""
LINE_END = b"\n"


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of text, each with its end, and the number of the first; or None for one line that is too long."""

    first: int
    text: bytes | None


class Blocks:
    """A file opened for one pass. What is appended to it while it is read waits for the next import, a last line that
    was cut there too. WrongFile where it is cut short meanwhile, before the line that the cut went through is told, and
    at the end where its bytes are no longer those that were read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path.open("rb")
        self.size = self._stat.st_size
        self._written_at = self._stat.st_mtime_ns
        self.bytes_read = 0
        self.told: list[str] = []
        self._digest = hashlib.sha256()
        self._line = 1

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes read, in hex."""
        return self._digest.hexdigest()

    def close(self) -> None:
        self.file.close()

    @property
    def _stat(self) -> os.stat_result:
        return os.fstat(self.file.fileno())

    def __iter__(self) -> Iterator[Block]:
        overlong = False
        for piece in pieces(self.file, self.size):
            ended = piece.endswith(LINE_END)
            if not ended and self.bytes_read + len(piece) >= self.size and not self._ends_here():
                break
            if not ended and self._stat.st_size < self.size:
                raise changed(self.path)
            self._note(piece)
            if overlong:
                overlong, piece = LINE_END not in piece, piece.partition(LINE_END)[2]
            if not ended and len(piece) > LONGEST_RECORD:
                overlong = True
                yield Block(self._line, None)
                self._line += 1
            elif piece:
                whole = piece if ended else piece + LINE_END
                yield Block(self._line, whole)
                self._line += whole.count(LINE_END)
        self._check_unchanged()
        self._tell_growth()

    def _note(self, piece: bytes) -> None:
        self.bytes_read += len(piece)
        self._digest.update(piece)

    def _ends_here(self) -> bool:
        """Whether the last line, which has no end yet, is whole all the same: nothing, or its end, follows it."""
        return self.file.read(1) in (b"", b"\r", LINE_END)

    def _check_unchanged(self) -> None:
        """A file that was written to meanwhile may have grown only: its beginning is read once more."""
        if self._stat.st_mtime_ns == self._written_at:
            return
        again, at = hashlib.sha256(), 0
        while read := os.pread(self.file.fileno(), min(BLOCK, self.bytes_read - at), at):  # past the file's buffer
            again.update(read)
            at += len(read)
        if self._stat.st_size < self.size or again.digest() != self._digest.digest():
            raise changed(self.path)

    def _tell_growth(self) -> None:
        if self._stat.st_size > self.size:
            waits = f"what came after line {self._line - 1} waits for the next import"
            self.told.append(f"{printable(str(self.path))} has grown since the import began: {waits}")


class FileOfBlocks:
    """A text file that is read in blocks: what a `Reader` says of itself is what they say."""

    of_spreadsheet = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self._blocks = Blocks(path)

    @property
    def size(self) -> int:
        return self._blocks.size

    @property
    def bytes_read(self) -> int:
        return self._blocks.bytes_read

    @property
    def told(self) -> list[str]:
        return self._blocks.told

    @property
    def digest(self) -> str:
        return self._blocks.digest

    def close(self) -> None:
        self._blocks.close()


def pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The next `size` bytes of a file in pieces that end where a line ends, except the last one, and those in the midst
    of a line that is too long."""
    rest = b""
    while size > 0 and (read := file.read(min(BLOCK, size))):
        size -= len(read)
        if cut := read.rfind(LINE_END) + 1:
            yield rest + read[:cut]
            rest = read[cut:]
        else:
            rest += read
        if len(rest) > LONGEST_RECORD:
            yield rest
            rest = b""
    if rest:
        yield rest
