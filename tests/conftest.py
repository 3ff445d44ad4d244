"""What all tests share: where the reference data lie."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def reference() -> Path:
    """Folder of published trials, skipped where it is absent outside CI."""
    folder = Path(os.environ.get("ALSDECLINE_REFERENCE", PROJECT.parent / "shared"))
    if not (folder / "data").is_dir():
        message = "no reference data: set ALSDECLINE_REFERENCE to their folder"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder
