"""The page of the models' calibration says what was made, and by which code."""

import sys

import pytest

from support.trial_folder import PROJECT

sys.path.insert(0, str(PROJECT / "benchmarks"))

import calibration_page
from calibration import Calibration, calibrated_fits, processor

from alsdecline.design.calibration import N_KEPT

PAGE = PROJECT / "docs/calibration.md"
FITS = ["joint", "single/limb", "ratio/limb", "curved/limb", "robust/limb"]
FITS += ["bounded/limb"]
AGAIN = 20
"""Replicates of each fit that are made again."""


@pytest.fixture(scope="module")
def rows() -> dict[str, list[str]]:
    """Read the page's rows of fits, cells after the fit's name."""
    lines = PAGE.read_text("utf-8").splitlines()
    cells = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    return {name: rest for name, *rest in cells if name in FITS and " of " in rest[0]}


def test_the_page_has_every_member_with_its_replicates(
    rows: dict[str, list[str]],
) -> None:
    assert list(rows) == FITS
    for one in calibration_page.read_shipped():
        assert rows[one.name][0] == f"{len(one.table)} of {one.asked}"
        # the first so many, none twice and none left out
        assert one.table["replicate"].tolist() == list(range(len(one.table)))
        assert one.ranks.min() >= 0
        assert one.ranks.max() <= N_KEPT


def test_the_page_says_by_which_code_and_where_that_is_an_earlier_one(
    rows: dict[str, list[str]],
) -> None:
    """After an edit of models/: ``python benchmarks/calibration_page.py``."""
    for one in calibration_page.read_shipped():
        assert set(one.table["settings"]) == {one.now["settings"]}
        (made,) = set(one.table["code"])
        assert f"`{made}`" in rows[one.name][-1]
        is_earlier = made != one.now["code"]
        assert (calibration_page.EARLIER in rows[one.name][-1]) == is_earlier, one.name


@pytest.mark.slow
def test_the_page_is_what_the_ranks_give() -> None:
    assert PAGE.read_text("utf-8") == calibration_page.page(
        calibration_page.read_shipped()
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", FITS)
def test_replicates_made_again_have_the_ranks_that_are_shipped(name: str) -> None:
    """On such a processor as they were made on the same ranks.

    On another draws are others, so that a rank is that among other 100 draws: both
    together have an SD of at most 7.1, and one of 2,000 is 5 SDs off once in 1,000.
    """
    plan, design = next((p, d) for p, d in calibrated_fits() if p.name == name)
    (shipped,) = (one for one in calibration_page.read_shipped() if one.name == name)
    kept = shipped.table.head(AGAIN)
    assert len(kept) == AGAIN
    again = Calibration(plan, design).batch(range(AGAIN))
    beside = set(calibration_page.BESIDE) - {"code", "settings", "processor"}
    assert set(shipped.quantities) | beside == set(again)
    moved = (again[shipped.quantities] - kept[shipped.quantities]).abs()
    most = 0 if set(kept["processor"]) == {processor()} else 5 * 50**0.5
    assert moved.to_numpy().max() <= most, moved.max().to_string()
