"""The report as PDF and as a Word document."""

import dataclasses
from pathlib import Path
from tempfile import TemporaryDirectory

from alsdecline.report.page_blocks import blocks_of_page
from alsdecline.report.pdf_file import pdf_of
from alsdecline.report.study_report import study_report
from alsdecline.report.word_file import word_of


@dataclasses.dataclass(frozen=True)
class Margins:
    """What stands in the margins of every page.

    Attributes
    ----------
    study : str
        The study's identifier, above.
    cutoff : str
        The data cut, above.
    mark : str
        What the data are if they are not of patients, below.
    """

    study: str
    cutoff: str
    mark: str


def report_documents(page: str, margins: Margins) -> tuple[bytes, bytes]:
    """Write a page as a Word document and as PDF.

    Parameters
    ----------
    page : str
        The report, as HTML.
    margins : Margins
        What stands in the margins.

    Returns
    -------
    tuple of bytes
        DOCX and PDF; the same page gives the same bytes.
    """
    title, blocks = study_report(blocks_of_page(page))
    texts = dataclasses.asdict(margins)
    with TemporaryDirectory() as folder:
        return (
            word_of(title, blocks, texts, Path(folder)),
            pdf_of(title, blocks, texts, Path(folder)),
        )
