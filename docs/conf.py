"""How Sphinx makes a site of the pages in this folder; `make site` calls it."""

import re
from pathlib import Path

from sphinx.application import Sphinx

project = "als-decline"
extensions = ["myst_parser"]
exclude_patterns = ["README.md"]  # index.rst includes it
myst_heading_anchors = 4  # those that repositories show, so that links work in both
html_title = "als-decline"
html_theme_options = {
    "description": "From a trial's raw files to a report that can be traced back",
    "page_width": "76rem",
    "sidebar_width": "17rem",
    "body_max_width": "56rem",
    "show_powered_by": False,
}
html_sidebars = {"**": ["about.html", "navigation.html", "searchfield.html"]}
html_copy_source = False
html_show_copyright = False

PAGES = Path(__file__).parent
LINK = re.compile(r"\[([^\]]*)\]\(([^)#\s]+)(#[^)\s]*)?\)")


def unlink_what_lies_outside(_: Sphinx, page: str, source: list[str]) -> None:
    """Leave the text alone of links to files of the repository, which no site has."""
    folder = (PAGES / page).parent

    def linked(found: re.Match[str]) -> str:
        target = (folder / found[2]).resolve()
        outside = target.exists() and not target.is_relative_to(PAGES)
        return found[1] if outside else found[0]

    source[0] = LINK.sub(linked, source[0])


def setup(app: Sphinx) -> None:
    """Have it done to each page that is read."""
    app.connect("source-read", unlink_what_lies_outside)
