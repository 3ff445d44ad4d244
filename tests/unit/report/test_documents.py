"""The report as PDF and as a Word document says what the page says."""

import io
import re
import zipfile
from pathlib import Path

import matplotlib
import matplotlib_fontja
import pytest
from docx import Document
from matplotlib.ft2font import FT2Font
from pypdf import PdfReader

from alsdecline.report.documents import Margins, report_documents
from alsdecline.report.page_blocks import Picture, Table, Text, blocks_of_page

HOSTILE = r'#panic("x") $x$ *b* _i_ \u{41} @ref &lt;tag&gt; `c` // /* 日本語 µ ≥'
HOSTILE_TEXT = HOSTILE.replace("&lt;", "<").replace("&gt;", ">")
DIGEST = "0123456789abcdef" * 4
MANY = "".join(
    f'<tr><th scope="row">row {n}</th><td rowspan="1">{n}.5</td></tr>'
    for n in range(99)
)
WIDE_HEAD = "".join(f"<th>Heterogeneity{n}</th>" for n in range(14))
WIDE_BODY = "".join(f"<td>wide{n}</td>" for n in range(14))
PAGE = f"""<html><head><style>
.a text {{ fill: var(--x); }} :root {{ --x: light-dark(#123456, #fff); }}
</style></head><body><nav>not printed</nav><main><h1>A {HOSTILE}</h1>
<button>not printed</button><script>not printed</script>
<section><h2 id="answer"><span class="number">1</span> The answer</h2>
<p>Said <strong>loudly</strong>: {HOSTILE}\x01</p>
<figure class="a"><svg width="100%" height="40"><text x="10%" y="20">Drawn</text></svg>
<div role="img" aria-label="Described"><svg aria-hidden="true" width="9" height="9">
<text fill="var(--x, #000)">Within</text></svg></div><svg aria-hidden="true"></svg>
<figcaption>Figure 1. Seen</figcaption></figure><dl><dt>Term</dt><dd>Meaning</dd></dl>
</section>
<section><h2 id="computation"><span class="number">2</span> Checks</h2>
<table><caption>Table 1. Wide</caption><thead><tr>{WIDE_HEAD}</tr></thead>
<tbody><tr>{WIDE_BODY}</tr></tbody></table>
<div class="footnotes"><p>of all</p>
<p><sup class="note-mark">a</sup> {HOSTILE}</p></div></section>
<section><h2 id="safety"><span class="number">3</span> Safety</h2>
<details><summary>Closed</summary><table><caption>Table 2. {HOSTILE}</caption>
<thead><tr><th colspan="2">Group</th></tr>
<tr><th>Row</th><th>{HOSTILE}</th></tr></thead>
<tbody><tr><th colspan="2">A group of rows</th></tr>
<tr><th rowspan="2">Two rows</th><td>{DIGEST}</td></tr><tr><td>below</td></tr>
{MANY}</tbody></table></details></section>
<section><h2 id="novel"><span class="number">4</span> Not known</h2><p>New</p></section>
</main></body></html>"""
MARGINS = Margins("Study S-1", "Data cut 2020-01-02", "Synthetic data.")


def _dense(text: str) -> str:
    return re.sub(r"[\s\u200b]", "", text)


@pytest.fixture(scope="module")
def documents() -> tuple[bytes, bytes]:
    return report_documents(PAGE, MARGINS)


@pytest.fixture(scope="module")
def pdf_text(documents) -> str:
    return _dense(
        "".join(p.extract_text() for p in PdfReader(io.BytesIO(documents[1])).pages)
    )


@pytest.fixture(scope="module")
def word(documents):
    return Document(io.BytesIO(documents[0]))


def test_pdf_has_every_cell(pdf_text):
    tables = [block for block in blocks_of_page(PAGE) if isinstance(block, Table)]
    assert len(tables) == 2
    cells = [c.text for t in tables for row in (*t.head, *t.body) for c in row]
    assert len(cells) > 200
    assert [text for text in cells if _dense(text) not in pdf_text] == []


def test_word_has_every_cell_in_real_tables(word):
    found = [{c.text for row in t.rows for c in row.cells} for t in word.tables]
    tables = [block for block in blocks_of_page(PAGE) if isinstance(block, Table)]
    for table, cells in zip(tables, found, strict=True):
        assert {c.text for row in (*table.head, *table.body) for c in row} <= cells
    repeated = word.element.body.xpath("./w:tbl[2]/w:tr[w:trPr/w:tblHeader]")
    assert len(repeated) == 2


def test_footnotes_stay_with_their_table(word, pdf_text):
    [table, other] = [b for b in blocks_of_page(PAGE) if isinstance(b, Table)]
    marked = f"\N{MODIFIER LETTER SMALL A} {HOSTILE_TEXT}"
    assert (table.notes, other.notes) == (("of all", marked), ())
    after = [
        p.text for p in word.element.body.xpath("./w:tbl[1]/following-sibling::w:p")
    ]
    assert after[:2] == ["of all", marked]
    assert _dense(f"wide13of all{marked}") in pdf_text


def test_what_is_hostile_is_text(pdf_text, word):
    assert pdf_text.count(_dense(HOSTILE_TEXT)) >= 3
    assert "notprinted" not in pdf_text
    texts = [p.text for p in word.paragraphs]
    assert f"Said loudly: {HOSTILE_TEXT}\N{REPLACEMENT CHARACTER}" in texts
    assert "not printed" not in texts


def test_headings_are_numbered_as_in_ich_e3(word):
    headings = [
        (p.style.name, p.text) for p in word.paragraphs if "Heading" in p.style.name
    ]
    assert headings == [
        ("Heading 1", "2 Synopsis"),
        ("Heading 2", "The answer"),
        ("Heading 1", "11 Efficacy evaluation"),
        (
            "Heading 2",
            "11.4 Efficacy results and tabulations of individual patient data",
        ),
        ("Heading 3", "11.4.2 Statistical and analytical issues"),
        ("Heading 4", "Checks"),
        ("Heading 1", "12 Safety evaluation"),
        ("Heading 2", "Safety"),
        ("Heading 1", "16 Appendices"),
        ("Heading 2", "Not known"),
    ]


def test_pages_name_study_and_cut_and_turn_for_a_wide_table(documents, word):
    pages = PdfReader(io.BytesIO(documents[1])).pages
    turned = {page.mediabox.width > page.mediabox.height for page in pages}
    assert turned == {True, False}
    for page in pages:
        assert "Study S-1" in page.extract_text()
        assert "Data cut 2020-01-02" in page.extract_text()
    assert (
        word.sections[0].header.paragraphs[0].text
        == "Study S-1  |  Data cut 2020-01-02"
    )
    assert {s.page_width > s.page_height for s in word.sections} == {True, False}


def test_both_have_title_and_language(documents, word):
    reader = PdfReader(io.BytesIO(documents[1]))
    assert reader.metadata.title == f"A {HOSTILE_TEXT}"
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert word.core_properties.title == f"A {HOSTILE_TEXT}"
    assert word.core_properties.language == "en"


def test_pictures_are_described_and_ornaments_left_out(documents, word):
    said = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]  # noqa: SLF001
    assert said == ["", "Described"]
    assert "Within" in PdfReader(io.BytesIO(documents[1])).pages[0].extract_text()


def test_drawings_have_the_colours_of_the_page_on_white_paper():
    pictures = [block for block in blocks_of_page(PAGE) if isinstance(block, Picture)]
    assert b"fill: #123456" in pictures[0].content
    assert b'fill="#123456"' in pictures[1].content
    assert not any(b"var(" in picture.content for picture in pictures)


def test_bytes_repeat(documents):
    assert report_documents(PAGE, MARGINS) == documents
    members = zipfile.ZipFile(io.BytesIO(documents[0])).infolist()
    assert {member.date_time for member in members} == {(1980, 1, 1, 0, 0, 0)}
    assert b"/CreationDate" not in documents[1] or b"D:2000" in documents[1]


def test_fonts_in_the_lock_have_what_a_label_may_have():
    fonts = [
        Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf",
        Path(matplotlib_fontja.__file__).parent / "fonts/ipaexg.ttf",
    ]
    drawn = set().union(*(FT2Font(str(path)).get_charmap() for path in fonts))
    said = {c for b in blocks_of_page(PAGE) if isinstance(b, Text) for c in b.plain}
    assert {ord(c) for c in said} <= drawn


def test_what_stands_below_and_above_a_line_is_told_from_what_stands_on_it() -> None:
    page = "<main><p>y<sub>i,<i>k</i></sub> = t<sup>2</sup> + 1</p></main>"
    [said] = blocks_of_page(page)
    assert isinstance(said, Text)
    assert said.plain == "y_{i,k} = t^2 + 1"


def test_sections_are_referred_to_by_title_for_documents_number_them_otherwise() -> (
    None
):
    page = (
        '<main><p>See <a class="reference" href="#safety">Section 3</a>, <a '
        'class="reference" href="#table-x">Table 1</a>.</p><section><h2 id="safety">'
        '<span class="number">3</span> Safety: events</h2><p>None</p></section></main>'
    )
    said = blocks_of_page(page)[0]
    assert isinstance(said, Text)
    left, right = "\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"
    assert said.plain == f"See {left}Safety: events{right}, Table 1."
