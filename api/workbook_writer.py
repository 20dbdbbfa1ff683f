"""A workbook (XLSX) whose bytes follow from its sheets alone: no clock, no library's version, no compression.

What compresses writes other bytes from one machine to the next; a run's workbook is the same for ever. Texts stand
once, in the table that the format has for them.
"""

from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_STORED, ZipFile, ZipInfo

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The earliest that an archive can name."""


class Sheet:
    """A named table; a cell is a text, a number that is written as it stands, or None."""

    def __init__(self, name: str, titles: Sequence[str], rows: Sequence[Sequence[str | None]], numbers: Sequence[str]):
        self.name, self.titles, self.rows = name, titles, rows
        self.is_number = [title in numbers for title in titles]

    def xml(self, texts: dict[str, int]) -> str:
        """The sheet's part; texts that it needs are added to the table of them."""
        head = "".join(_shared(title, texts) for title in self.titles)
        body = "".join(f"<row>{self._cells(row, texts)}</row>" for row in self.rows)
        view = '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView>'
        return (
            f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews>{view}</sheetViews>'
            f"<sheetData><row>{head}</row>{body}</sheetData></worksheet>"
        )

    def _cells(self, row: Sequence[str | None], texts: dict[str, int]) -> str:
        return "".join(
            "<c/>" if not cell else f"<c><v>{cell}</v></c>" if is_number else _shared(cell, texts)
            for cell, is_number in zip(row, self.is_number, strict=True)
        )


def _shared(text: str, texts: dict[str, int]) -> str:
    return f'<c t="s"><v>{texts.setdefault(text, len(texts))}</v></c>'


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The file of some sheets."""
    texts: dict[str, int] = {}
    pages = {f"xl/worksheets/sheet{n}.xml": sheet.xml(texts) for n, sheet in enumerate(sheets, 1)}
    items = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    names = "".join(
        f'<sheet name="{escape(sheet.name)}" sheetId="{n}" r:id="rId{n}"/>' for n, sheet in enumerate(sheets, 1)
    )
    parts = {
        "[Content_Types].xml": _types(len(sheets)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(
            [*(("worksheet", page.removeprefix("xl/")) for page in pages), ("sharedStrings", "sharedStrings.xml"),
             ("styles", "styles.xml")]
        ),
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{MAIN}" uniqueCount="{len(texts)}">{items}</sst>',
        **pages,
    }  # fmt: skip
    file = BytesIO()
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for name, text in parts.items():
            about = ZipInfo(name, FIRST_MOMENT)
            about.create_system, about.external_attr = 0, 0  # else it names the machine's own
            archive.writestr(about, text.encode())
    return file.getvalue()


STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="1"><xf xfId="0"/></cellXfs></styleSheet>'
)


def _types(sheets: int) -> str:
    parts = [
        ("/xl/workbook.xml", "sheet.main"),
        ("/xl/sharedStrings.xml", "sharedStrings"),
        ("/xl/styles.xml", "styles"),
    ]
    parts += [(f"/xl/worksheets/sheet{n}.xml", "worksheet") for n in range(1, sheets + 1)]
    told = "".join(f'<Override PartName="{part}" ContentType="{TYPES}.{kind}+xml"/>' for part, kind in parts)
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{told}</Types>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    told = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{told}</Relationships>'
