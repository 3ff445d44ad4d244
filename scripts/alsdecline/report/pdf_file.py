"""Blocks as PDF, set by Typst."""

import dataclasses
import datetime
import itertools
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib_fontja
import typst

from alsdecline.project import PROJECT
from alsdecline.report.page_blocks import Block, Cell, Picture, Table, Text
from alsdecline.report.table_widths import (
    LONGEST_WORD,
    column_widths,
    page_turns,
    placed,
    text_size,
)

FONTS = [
    Path(matplotlib.get_data_path()) / "fonts/ttf",
    Path(matplotlib_fontja.__file__).parent / "fonts",
]
"""Folders of the fonts that are used beside those that Typst brings."""

NOTE = (
    "Sections stand in the order of ICH E3; tables and figures keep the numbers that "
    "they have in report.html, of which this is a print."
)
TEMPLATE = "scripts/templates/documents/report.typ"
_EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
_LONG_WORD = re.compile(rf"[^\s]{{{LONGEST_WORD},}}")


def breakable(text: str) -> str:
    """Let words longer than a column break."""
    return _LONG_WORD.sub(
        lambda word: "\u200b".join(re.findall(".{1,10}", word[0])), text
    )


def _rows(rows: Sequence[Sequence[Cell]]) -> list[list[dict[str, Any]]]:
    return [
        [
            {
                **dataclasses.asdict(cell),
                "text": breakable(cell.text),
                "rows": min(cell.rows, len(rows) - y),
            }
            for _, cell in row
        ]
        for y, row in enumerate(placed(rows))
    ]


def _described(block: Block, number: int, folder: Path) -> dict[str, Any]:
    """Return a block as the template takes it; a picture becomes a file."""
    if isinstance(block, Text):
        return dataclasses.asdict(block)
    if isinstance(block, Table):
        return {
            "kind": "table",
            "caption": block.caption,
            "head": _rows(block.head),
            "body": _rows(block.body),
            "widths": column_widths(block),
            "size": text_size(block),
            "notes": list(block.notes),
        }
    name = f"picture_{number}.{block.suffix}"
    (folder / name).write_bytes(block.content)
    return {"kind": "picture", "file": name, "alternative": block.alternative}


def _parts(blocks: Sequence[Block], folder: Path) -> list[dict[str, Any]]:
    """Return blocks as the template takes them; pages on their side are apart."""
    number = itertools.count()
    return [
        {
            "wide": wide,
            "blocks": [_described(block, next(number), folder) for block in part],
        }
        for wide, part in page_turns(blocks)
    ]


def _compiled(source: Path, **options: Any) -> bytes:
    made = typst.compile(
        source,
        root=source.parent,
        font_paths=list(FONTS),
        ignore_system_fonts=True,
        timestamp=_EPOCH,
        **options,
    )
    if not isinstance(made, bytes):
        raise TypeError("a drawing takes one page")
    return made


def pdf_of(
    title: str, blocks: Sequence[Block], texts: Mapping[str, str], folder: Path
) -> bytes:
    """Set blocks as PDF.

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
    content = {
        **texts,
        "title": title,
        "language": "en",
        "note": NOTE,
        "parts": _parts(blocks, folder),
    }
    (folder / "content.json").write_text(json.dumps(content), encoding="utf-8")
    source = folder / "report.typ"
    shutil.copyfile(PROJECT / TEMPLATE, source)
    return _compiled(source, format="pdf")


def png_of(picture: Picture, width_cm: float, folder: Path) -> bytes:
    """Draw a picture as PNG, 300 dots an inch."""
    if picture.suffix != "svg":
        return picture.content
    (folder / "drawing.svg").write_bytes(picture.content)
    source = folder / "drawing.typ"
    source.write_text(
        "#set page(width: auto, height: auto, margin: 0pt)\n"
        '#set text(font: ("DejaVu Sans", "IPAexGothic"))\n'
        f'#image("drawing.svg", width: {width_cm}cm)\n',
        encoding="utf-8",
    )
    return _compiled(source, format="png", ppi=300.0)
