"""What changed between two runs: as a page that stands alone, and as plain text."""

from alsdecline.changes.comparison import Comparison
from alsdecline.changes.printed import answer, printed_sections
from alsdecline.plain_text import one_line
from alsdecline.report.tables import PrintedTable
from alsdecline.report.templates import template_environment
from alsdecline.report.words import KEEP

TEMPLATE = "changes.html.j2"

CONCLUSIONS = (
    "A conclusion is, here: which estimand is primary, the sign of its estimate, "
    "whether the interval of a difference or ratio contains no effect, and whether a "
    "fit met its gates."
)


def _text_table(table: PrintedTable) -> list[str]:
    """Align a table's columns for a terminal."""
    cells = [table.head, *table.rows]
    rows = [[one_line(c.replace(KEEP, " ")) for c in row] for row in cells]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  " + "  ".join(map(str.ljust, row, widths)).rstrip()  # columns line up
        for row in rows
    ]


def diff_text(comparison: Comparison) -> str:
    """Tell what changed between two runs in plain text.

    Parameters
    ----------
    comparison : Comparison
        From :func:`alsdecline.changes.runs.diff`.

    Returns
    -------
    str
        Lines, the answer first; one sentence, and notes, where nothing differs.
    """
    first = [sentence.replace(KEEP, " ") for sentence in answer(comparison)]
    flips = [f"- {c['sentence'].replace(KEEP, ' ')}" for c in comparison["conclusions"]]
    notes = list(comparison["notes"])
    if comparison["same"]:
        return "\n".join(map(one_line, [*first, *notes])) + "\n"
    lines = [f"From {comparison['old']} to {comparison['new']}", "", first[0], first[1]]
    lines += [*flips, *first[2:], *notes]
    for section in printed_sections(comparison):
        lines += ["", section.title, *section.sentences]
        for caption, table in {**section.tables, **section.folded}.items():
            lines += ["", f"{caption}:", *_text_table(table)]
    return "\n".join(map(one_line, lines)) + "\n"


def render_changes(comparison: Comparison, title: str, *, synthetic: bool) -> str:
    """Render the page of what changed.

    Parameters
    ----------
    comparison : Comparison
        From :func:`alsdecline.changes.runs.compare_runs`.
    title : str
        Title of the trial.
    synthetic : bool
        Whether the page must say that the data are simulated.

    Returns
    -------
    str
        HTML that needs no other file.
    """
    return (
        template_environment()
        .get_template(TEMPLATE)
        .render(
            comparison=comparison,
            answer=answer(comparison),
            sections=printed_sections(comparison),
            about_conclusions=CONCLUSIONS,
            title=title,
            synthetic=synthetic,
        )
    )
