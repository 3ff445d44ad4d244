"""What a test needs and a machine may lack."""

import os
from typing import NoReturn

import pytest


def cannot_try(why: str) -> NoReturn:
    """Skip on a machine of somebody's; CI must have what is tried."""
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)
