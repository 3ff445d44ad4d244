"""What all tests share: where the reference data lie, and folders made once."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from alsdecline.models.compile_cache import use_compile_cache
from support.absent import cannot_try
from support.once import Once, once_in

PROJECT = Path(__file__).resolve().parents[1]

# before any test module imports numba or PyTensor, whose own caches do not see that a
# kernel was edited
use_compile_cache()

# the same examples in every run, and no test fails for the machine's speed
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")


@pytest.fixture(scope="session")
def reference() -> Path:
    """Folder of published trials, skipped where it is absent outside CI."""
    folder = Path(os.environ.get("ALSDECLINE_REFERENCE", PROJECT.parent / "shared"))
    if not (folder / "data").is_dir():
        message = "no reference data: set ALSDECLINE_REFERENCE to their folder"
        cannot_try(message)
    return folder


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Make a folder once for all processes among which the tests are divided."""
    mine = tmp_path_factory.getbasetemp()
    return once_in(mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-page",
        action="store_true",
        help="write docs/validation.md anew from the published trials",
    )
