"""Write the page of all rules on raw data, from the catalogue of rules."""

import argparse
from pathlib import Path

from alsdecline.raw.rule_meanings import rule_meanings
from alsdecline.raw.rules import Rule

HEADER = """\
# Every rule on raw data

Written by `make docs` from the catalogue of rules. Each finding names its rule, with
file, row, column and value, in `results/validation/findings.csv`;
`results/validation/report.html` shows them by rule, and by patient and visit. A fatal
one stops the run before anything is analysed; a warning is listed in the report, and
the run goes on; a note says what the configuration made of the rows, and of nothing
that may be wrong. Where a rule has several, the sentence says when.

| rule | severity | finds |
|---|---|---|
"""


def findings_page() -> str:
    """Return the page: every rule once, in the order of the catalogue."""
    said = rule_meanings()
    rows = [
        f'| <a id="{rule.value}"></a>`{rule.value}` | {" or ".join(rule.severities)} '
        f"| {said[rule].text} |"
        for rule in Rule
    ]
    return HEADER + "\n".join(rows) + "\n"


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path, help="the file to write")
    parser.parse_args().page.write_text(findings_page(), "utf-8")


if __name__ == "__main__":
    main()
