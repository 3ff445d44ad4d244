"""Chromium, and pages opened in it that may ask for nothing."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from support.absent import cannot_try
from support.browser import WIDE, Opened, Watched
from support.trial_folder import PROJECT

REPORT = PROJECT / "results/report.html"


@pytest.fixture(scope="session")
def report() -> Path:
    """Find the report of the bundled trial, which `make` wrote."""
    if not REPORT.is_file():
        cannot_try(f"{REPORT} is not there; run `make`")
    return REPORT


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        cannot_try("Debian's chromium is not installed")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Opened]:
    """Open a file in a window of a size, light or dark."""
    contexts = []

    def open_file(
        path: Path, size: tuple[int, int] = WIDE, hash_: str = "", **more: Any
    ) -> Watched:
        width, height = size
        context = chromium.new_context(
            viewport={"width": width, "height": height}, **more
        )
        contexts.append(context)
        return Watched(context.new_page()).go(f"{path.as_uri()}{hash_}")

    yield open_file
    for context in contexts:
        context.close()
