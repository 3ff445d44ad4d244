"""Write the page of all terms of the report, from the glossary that it prints."""

import argparse
from pathlib import Path

from alsdecline.report.glossary import glossary

HEADER = """\
# Every term of the report

Written by `make docs` from the glossary of the report, which explains at its end those
terms that it uses.
"""


def glossary_page() -> str:
    """Return the page: every term once, by the alphabet."""
    return HEADER + "".join(f"\n## {t.term}\n\n{t.text}\n" for t in glossary())


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path, help="the file to write")
    parser.parse_args().page.write_text(glossary_page(), "utf-8")


if __name__ == "__main__":
    main()
