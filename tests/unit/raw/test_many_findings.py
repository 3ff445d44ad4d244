"""Findings by the hundred thousand are tabulated, read back and told in seconds."""

import time
from pathlib import Path

from alsdecline.raw.findings import (
    Finding,
    findings_frame,
    read_findings,
    sort_findings,
    told_lines,
    write_findings,
)
from alsdecline.raw.rules import Rule
from alsdecline.stable_files import write_csv

MANY = 20_000


def test_many_findings_come_back_as_they_were(tmp_path: Path) -> None:
    """A value that a spreadsheet would compute has come back too."""
    found = [
        Finding.by_rule(Rule.RANGE, "v.csv", i, "als", f"=-{i % 90}", "below 0")
        for i in range(2, MANY)
    ]
    found.append(Finding.by_rule(Rule.NO_ROWS, "w.csv", None, "", "", "no rows"))
    found = sort_findings(found)
    write_findings(tmp_path / "findings.csv", found)
    assert read_findings(tmp_path / "findings.csv") == found
    # as any other table is written
    write_csv(tmp_path / "table.csv", findings_frame(found))
    written = [(tmp_path / name).read_bytes() for name in ("findings.csv", "table.csv")]
    assert written[0] == written[1]


def test_many_findings_are_tabulated_in_seconds() -> None:
    """A copy of each by ``dataclasses.astuple`` took ten times as long."""
    found = [
        Finding.by_rule(Rule.RANGE, "v.csv", i, "als", str(i), f"below 0 in {i}")
        for i in range(MANY)
    ]
    began = time.process_time()
    assert len(findings_frame(found)) == MANY
    assert len(told_lines(found)) == 1
    assert time.process_time() - began < 2
