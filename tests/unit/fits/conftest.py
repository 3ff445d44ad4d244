"""The bundled plan, and a fit of it with an arm more."""

from pathlib import Path

import pytest

from alsdecline.fits.plan import FitPlan, Sum
from alsdecline.fits.planning import fit_plan
from alsdecline.settings.file import read_settings
from alsdecline.settings.trial import Settings


@pytest.fixture(scope="module")
def settings() -> Settings:
    return read_settings(Path(__file__).parents[3] / "config.yaml")


@pytest.fixture(scope="module")
def plan(settings: Settings) -> FitPlan:
    """Limb, bulbar and their sum; the arms low (reference), middle and high."""
    return fit_plan(settings, "joint").model_copy(
        update={
            "outcomes": ["limb", "bulbar"],
            "sums": [Sum(id="total", parts=["limb", "bulbar"])],
            "better": dict.fromkeys(["limb", "bulbar", "total"], "higher"),
            "arms": ["middle", "high"],
        }
    )
