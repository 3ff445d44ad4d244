"""Every link of the documentation leads somewhere, and every page is led to."""

import re
import subprocess
import sys
from pathlib import Path

from support.doc_pages import PAGES, README, links, sections
from support.trial_folder import PROJECT

NAMED = re.compile(r"`((?:scripts|tests|benchmarks|rules|envs|profiles)/[\w/.-]+)`")
"""Files and folders of the project in the running text."""


def test_every_link_leads_to_a_file_and_a_heading_of_it() -> None:
    broken = [
        f"{link.page.name}: {link.target}#{link.anchor}"
        for page in PAGES
        for link in links(page)
        if not link.target.exists()
        or (link.anchor and link.anchor not in sections(link.target))
    ]
    assert broken == []


def test_every_file_that_is_named_exists() -> None:
    missing = [
        f"{page.name}: {name}"
        for page in PAGES
        for name in NAMED.findall(page.read_text(encoding="utf-8"))
        if not (PROJECT / name).exists() and not name.endswith((".json", ".svg"))
    ]
    assert missing == []


def test_every_page_is_two_links_from_the_readme() -> None:
    first = {link.target for link in links(README)}
    pages = {page for page in first if page.suffix == ".md"}
    second = {link.target for page in pages for link in links(page)}
    assert set(PAGES) - first - second - {README} == set()


def test_the_site_is_made_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "docs"]
    made = subprocess.run(
        [*command, str(tmp_path)], cwd=PROJECT, capture_output=True, text=True
    )
    assert (made.returncode, made.stderr) == (0, "")


def test_pictures_are_light_and_used() -> None:
    pictures = set((PROJECT / "docs").rglob("*.png"))
    assert pictures <= {link.target for page in PAGES for link in links(page)}
    assert {p.name for p in pictures if p.stat().st_size > 150_000} == set()
