"""A ledger for tests of what is done to one."""

from pathlib import Path

import pytest

from alsdecline.jobs.ledger import append
from support.hand_ledger import job


@pytest.fixture
def five(tmp_path: Path) -> Path:
    """Make a ledger of five jobs."""
    append(tmp_path, [job(f"job {i}") for i in range(5)])
    return tmp_path
