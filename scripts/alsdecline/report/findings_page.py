"""The page of findings on the raw data: by rule, and as visits by patients."""

import dataclasses
from collections.abc import Sequence

from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding
from alsdecline.raw.rule_meanings import Meaning, rule_meanings
from alsdecline.report.templates import template_environment
from alsdecline.report.visit_grid import GridCell, VisitGrid, visit_grid
from alsdecline.settings.data_plan import DataPlan

TEMPLATE = "findings.html.j2"

EXAMPLES = 3
"""Findings of a rule that are shown at once."""

MOST_ROWS = 500
"""Findings of a rule that the page has; the table of findings has all."""

MARKS = {"none": "·", "empty": "○", "part": "◐", "full": "●", "": ""}
STATES = {
    "none": "no visit",
    "empty": "visit without a value",
    "part": "some values missing",
    "full": "all values",
    "": "",
}


@dataclasses.dataclass(frozen=True)
class OfRule:
    """The findings of a rule that are of one severity."""

    rule: str
    severity: str
    meaning: Meaning
    count: int
    examples: list[Finding]
    rows: list[Finding]

    @property
    def anchor(self) -> str:
        """Where they stand on the page."""
        return f"{self.severity}-{self.rule}"


@dataclasses.dataclass(frozen=True)
class PrintedCell:
    """A cell of the grid: mark, class, words, and where its findings stand."""

    mark: str
    style: str
    words: str
    anchor: str


def by_rule(findings: Sequence[Finding]) -> list[OfRule]:
    """Put findings of a rule and severity together, fatal ones first.

    Parameters
    ----------
    findings : sequence of Finding
        In any order.

    Returns
    -------
    list of OfRule
        By severity, then the most frequent first.
    """
    together: dict[tuple[str, str], list[Finding]] = {}
    for f in findings:
        together.setdefault((f.severity, str(f.rule)), []).append(f)
    meanings = {str(rule): meaning for rule, meaning in rule_meanings().items()}
    found = [
        OfRule(rule, severity, meanings[rule], len(of), of[:EXAMPLES], of[:MOST_ROWS])
        for (severity, rule), of in together.items()
    ]
    return sorted(found, key=lambda of: (of.severity, -of.count, of.rule))


def printed_cell(patient: str, visit: str, cell: GridCell) -> PrintedCell:
    """Print a cell of the grid by marks that need no colour."""
    parts = [STATES[cell.state]] if cell.state in ("none", "empty", "full") else []
    if cell.missing and cell.state == "part":
        parts.append(f"missing {', '.join(cell.missing)}")
    style, anchor = cell.state or "records", ""
    mark = MARKS[cell.state]
    for severity, sign, rules in (
        ("warning", "?", cell.warnings),
        ("fatal", "!", cell.fatal),
    ):
        if rules:
            named = ", ".join(rule.replace("_", " ") for rule in rules)
            parts.append(f"{severity}: {named}")
            style = f"{cell.state or 'records'} {severity}"
            anchor = f"{severity}-{rules[0]}"
            mark = f"{MARKS[cell.state]}{sign}"
    return PrintedCell(mark, style, f"{patient}, {visit}: {'; '.join(parts)}", anchor)


def _printed_rows(grid: VisitGrid) -> dict[str, list[PrintedCell]]:
    columns = [*grid.visits, "other records"]
    return {
        patient: [
            printed_cell(patient, visit, cell)
            for visit, cell in zip(columns, cells, strict=True)
        ]
        for patient, cells in grid.rows.items()
    }


def render_findings(
    plan: DataPlan,
    files: TrialFiles,
    findings: Sequence[Finding],
    *,
    synthetic: bool,
) -> str:
    """Render the page.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data; blinded, it has no arm.
    files : TrialFiles
        The typed tables; what could not be read is missing.
    findings : sequence of Finding
        All that was found, sorted.
    synthetic : bool
        Whether the page must say that the data are simulated.

    Returns
    -------
    str
        HTML that needs no other file.
    """
    grid = visit_grid(plan, files, findings)
    groups = by_rule(findings)
    counts = {
        severity: sum(of.count for of in groups if of.severity == severity)
        for severity in ("fatal", "warning")
    }
    return (
        template_environment()
        .get_template(TEMPLATE)
        .render(
            study=plan.study,
            blinded=plan.blinded,
            decisions=files.decisions,
            severities=plan.data.severities,
            synthetic=synthetic,
            counts=counts,
            groups=groups,
            grid=grid,
            rows=_printed_rows(grid),
            marks=MARKS,
            states=STATES,
            most_rows=MOST_ROWS,
        )
    )
