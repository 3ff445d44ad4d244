"""Blocks as a Word document."""

import datetime
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from alsdecline.report.page_blocks import Block, Cell, Picture, Table
from alsdecline.report.pdf_file import NOTE, png_of
from alsdecline.report.table_widths import column_widths, page_turns, placed, text_size

_EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
_SIDES = Cm(21), Cm(29.7)
_MARGIN = Cm(2)
_TWIPS = 635
"""Of the length that python-docx counts, in a twentieth of a point."""


def _width(wide: bool) -> int:
    return int(_SIDES[wide] - 2 * _MARGIN)


def _cell_xml(cell: Cell, width: float, bold: bool, size: float, going_on: bool) -> str:
    """Return a cell; one that goes on is the lower part of one that spans rows."""
    lines = [] if going_on else cell.text.split("\n")
    breaks = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines
    )
    look = f'{"<w:b/>" if bold else ""}<w:sz w:val="{round(2 * size)}"/>'
    span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
    if cell.rows > 1:
        span += "<w:vMerge/>" if going_on else '<w:vMerge w:val="restart"/>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width:.0f}" w:type="dxa"/>{span}</w:tcPr>'
        "<w:p><w:pPr>"
        '<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/></w:pPr>'
        f"<w:r><w:rPr>{look}</w:rPr>{breaks}</w:r></w:p></w:tc>"
    )


def _rows_xml(
    rows: Sequence[Sequence[Cell]], widths: Sequence[float], head: bool, size: float
) -> str:
    grid: list[dict[int, tuple[Cell, bool]]] = [{} for _ in rows]
    for y, row in enumerate(placed(rows)):
        for x, cell in row:
            for below in range(y, min(y + cell.rows, len(rows))):
                grid[below][x] = (cell, below > y)
    found = []
    for line in grid:
        cells = []
        x = 0
        while x < len(widths):
            cell, going_on = line.get(x, (Cell(""), False))
            width = sum(widths[x : x + cell.columns])
            cells.append(_cell_xml(cell, width, head or cell.head, size, going_on))
            x += cell.columns
        repeated = "<w:tblHeader/>" if head else ""
        found.append(
            f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(cells)}</w:tr>"
        )
    return "".join(found)


def _table_xml(table: Table, wide: bool) -> str:
    shares = column_widths(table)
    scale = _width(wide) / _TWIPS / sum(shares)
    widths = [round(scale * share) for share in shares]
    size = text_size(table)
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    line = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="808080"/>'
    lines = line.format("top", 8) + line.format("bottom", 8) + line.format("insideH", 2)
    return (
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f"<w:tblBorders>{lines}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="40" w:type="dxa"/>'
        '<w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>"
        f"{_rows_xml(table.head, widths, True, size)}"
        f"{_rows_xml(table.body, widths, False, size)}</w:tbl>"
    )


class _Writer:
    """Writes blocks one after another."""

    def __init__(self, texts: Mapping[str, str], folder: Path) -> None:
        self.document: Any = Document()
        self.folder = folder
        self.wide = False
        self._set_up(texts)

    def _set_up(self, texts: Mapping[str, str]) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = _SIDES
        for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
            setattr(section, side, _MARGIN)
        styles = self.document.styles
        for name in (
            "Normal",
            "Title",
            "Caption",
            *(f"Heading {n}" for n in range(1, 7)),
        ):
            style = styles[name]
            style.font.name = "Calibri"
            style.font.color.rgb = RGBColor(0, 0, 0)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            fonts.set(qn("w:eastAsia"), "Yu Gothic")
        styles["Normal"].font.size = Pt(10)
        styles["Caption"].font.size = Pt(9)
        above = section.header.paragraphs[0]
        above.text = "  |  ".join(filter(None, (texts["study"], texts["cutoff"])))
        below = section.footer.paragraphs[0]
        below.add_run(f"{texts['mark']}  Page ".lstrip())
        for field, between in (("PAGE", " of "), ("NUMPAGES", "")):
            below.paragraph_format.element.append(
                parse_xml(
                    f'<w:fldSimple {nsdecls("w")} w:instr="{field}"><w:r><w:t>1</w:t>'
                    "</w:r></w:fldSimple>"
                )
            )
            below.add_run(between)

    def turn(self, wide: bool) -> None:
        """Go on on pages upright or on their side."""
        if wide == self.wide:
            return
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = _SIDES[::-1] if wide else _SIDES
        self.wide = wide

    def write(self, block: Block) -> None:
        """Write a block."""
        if isinstance(block, Table):
            self._write_table(block)
            return
        if isinstance(block, Picture):
            self._write_picture(block)
            return
        if block.kind == "heading":
            self.document.add_heading(block.plain, min(block.level, 6))
            return
        style = {"item": "List Bullet", "caption": "Caption"}.get(block.kind, "Normal")
        paragraph = self.document.add_paragraph(style=style)
        for run in block.runs:
            paragraph.add_run(run.text).bold = run.strong or None

    def _write_table(self, table: Table) -> None:
        caption = self.document.add_paragraph(table.caption, style="Caption")
        caption.paragraph_format.keep_with_next = True
        self.document.element.body.insert_element_before(
            parse_xml(_table_xml(table, self.wide)), "w:sectPr"
        )
        for note in table.notes:
            said = self.document.add_paragraph()
            said.paragraph_format.space_after = Pt(0)
            said.add_run(note).font.size = Pt(8)
        self.document.add_paragraph()

    def _write_picture(self, picture: Picture) -> None:
        width = _width(False)
        content = io.BytesIO(png_of(picture, width / Cm(1), self.folder))
        shape = self.document.add_picture(content, width=width)
        self.document.element.body.xpath(".//wp:docPr")[-1].set(
            "descr", picture.alternative
        )
        # a picture is no higher than a page
        highest = int(_SIDES[1] - 3 * _MARGIN)
        if shape.height > highest:
            shape.width = int(shape.width * highest / shape.height)
            shape.height = highest
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True


def _with_fixed_dates(content: bytes) -> bytes:
    """Return an archive whose members have one date."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as kept,
    ):
        for name in given.namelist():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            kept.writestr(member, given.read(name))
    return made.getvalue()


def word_of(
    title: str, blocks: Sequence[Block], texts: Mapping[str, str], folder: Path
) -> bytes:
    """Write blocks as DOCX.

    Parameters
    ----------
    title : str
        Of the document.
    blocks : sequence of Text, Table and Picture
        What it says, in its order.
    texts : mapping
        ``study``, ``cutoff`` and ``mark``: what stands in the margins.
    folder : Path
        Where files may be written on the way.
    """
    writer = _Writer(texts, folder)
    document = writer.document
    properties = document.core_properties
    properties.title, properties.subject = title[:255], texts["study"][:255]
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.language = "en"
    properties.created = properties.modified = _EPOCH
    document.add_heading(title, 0)
    document.add_paragraph(texts["study"])
    document.add_paragraph(NOTE)
    for wide, part in page_turns(blocks):
        writer.turn(wide)
        for block in part:
            writer.write(block)
    made = io.BytesIO()
    document.save(made)
    return _with_fixed_dates(made.getvalue())
