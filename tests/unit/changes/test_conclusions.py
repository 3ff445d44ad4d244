"""A conclusion has changed where an estimate crosses no effect, and only there."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from alsdecline.changes.conclusions import (
    estimate_conclusions,
    gate_conclusions,
    primary_conclusions,
)
from alsdecline.changes.estimate_names import Names
from alsdecline.jobs.recorded_runs import RecordedRun
from alsdecline.result_tables import write_result_table
from alsdecline.settings.file import parse_settings
from support.trial_folder import PROJECT

LEVELS = (0.95, 0.95)
MINUS = "\N{MINUS SIGN}"
NAMES = Names({"limb": "Limb score"}, {}, {}, "low", "40")
CONFIG = (PROJECT / "config.yaml").read_text(encoding="utf-8")

type Numbers = tuple[float | None, float | None, float | None]
"""Estimate and the ends of its interval."""


def side(numbers: Numbers | None) -> dict[str, float | None] | None:
    if numbers is None:
        return None
    return dict(zip(("estimate", "lower", "upper"), numbers, strict=True))


def moved(
    old: Numbers | None,
    new: Numbers | None,
    *,
    table: str = "rate_of_decline",
    primary: bool = False,
    limits: dict[str, float] | None = None,
    **of: str,
) -> dict[str, Any]:
    """Make an estimate of two runs, by default a difference in slopes."""
    both = old is not None and new is not None
    both = both and old[0] is not None and new[0] is not None
    return {
        "table": table,
        "of": {"quantity": "slope_difference", **of},
        "label": "rate",
        "primary": primary,
        "old": side(old),
        "new": side(new),
        "difference": {"estimate": new[0] - old[0]} if both else {},
        "monte_carlo_limit": limits or {},
    }


def said(
    *estimates: dict[str, Any],
    levels: tuple[float | None, float | None] = LEVELS,
) -> list[str]:
    found = estimate_conclusions(estimates, levels)
    return [f["sentence"].replace("\N{NO-BREAK SPACE}", " ") for f in found]


INSIDE: Numbers = (1.0, -1.0, 3.0)
"""Contains zero and one."""
ABOVE_ZERO: Numbers = (1.0, 0.5, 1.5)
"""Excludes zero alone."""
ABOVE_ONE: Numbers = (2.0, 1.5, 2.5)
"""Excludes zero and one."""


def test_an_interval_that_leaves_zero_is_said_with_both_intervals() -> None:
    assert said(moved(INSIDE, ABOVE_ZERO)) == [
        (
            f"The 95% interval of the rate contained 0 ({MINUS}1.00 to 3.00) and now "
            "excludes it (0.50 to 1.50)."
        )
    ]


def test_an_interval_that_comes_to_hold_zero_is_said_the_other_way() -> None:
    assert said(moved(ABOVE_ZERO, INSIDE)) == [
        (
            "The 95% interval of the rate excluded 0 (0.50 to 1.50) and now contains "
            f"it ({MINUS}1.00 to 3.00)."
        )
    ]


def test_an_interval_that_begins_or_ends_at_zero_contains_it() -> None:
    assert said(moved(INSIDE, (1.0, 0.0, 2.0))) == []
    assert said(moved(INSIDE, (-1.0, -2.0, 0.0))) == []
    assert len(said(moved(INSIDE, (-1.0, -2.0, -0.01)))) == 1


def test_an_interval_that_jumps_over_zero_excludes_it_as_before() -> None:
    assert said(moved((1.0, 0.5, 1.5), (-1.0, -1.5, -0.5))) == []


# table, what identifies the row, and the value that means no effect there
NO_EFFECT: dict[str, tuple[str, dict[str, str], float | None]] = {
    "difference in slope": (
        "rate_of_decline",
        {"quantity": "slope_difference"},
        0,
    ),
    "ratio of slopes": ("rate_of_decline", {"quantity": "decline_ratio"}, 1),
    "ratio, other prior": ("prior_sensitivity", {"quantity": "decline_ratio"}, 1),
    "fractions slowed": (
        "rate_of_decline",
        {"quantity": "fraction_slowed_difference"},
        0,
    ),
    "mean slope": ("rate_of_decline", {"quantity": "mean_slope"}, None),
    "change": ("rate_of_decline", {"quantity": "change_at_horizon"}, None),
    "permutation test": ("slope_tests", {"method": "permutation test"}, 0),
    "ANCOVA difference": ("ancova", {"quantity": "difference"}, 0),
    "ANCOVA mean": ("ancova", {"quantity": "ls_mean"}, None),
    "mixed model, effect": ("mixed_models", {"parameter": "time x arm high"}, 0),
    "mixed model, time": ("mixed_models", {"parameter": "time"}, None),
    "mixed model, arm": ("mixed_models", {"parameter": "arm high"}, None),
    "no such table": ("influence", {"parameter": "time x arm high"}, None),
}


@pytest.mark.parametrize("name", NO_EFFECT)
def test_what_no_effect_is_depends_on_the_quantity(name: str) -> None:
    table, of, value = NO_EFFECT[name]
    leaves_zero = said(moved(INSIDE, ABOVE_ZERO, table=table, **of))
    leaves_both = said(moved(INSIDE, ABOVE_ONE, table=table, **of))
    assert [len(leaves_zero), len(leaves_both)] == [value == 0, value is not None]
    assert all(f" contained {value:g} (" in sentence for sentence in leaves_both)


def test_a_primary_mean_slope_is_asked_whether_it_is_level() -> None:
    (sentence,) = said(moved(INSIDE, ABOVE_ZERO, primary=True, quantity="mean_slope"))
    assert sentence.startswith(
        "The 95% interval of the primary estimate, the rate, contained 0 ("
    )


ABSENT: dict[str, tuple[Numbers | None, Numbers | None]] = {
    "in the old run": (None, ABOVE_ZERO),
    "in the new run": (INSIDE, None),
    "its lower end": (INSIDE, (1.0, None, 1.5)),
    "its upper end": ((1.0, -1.0, None), ABOVE_ZERO),
    "all its numbers": ((None, None, None), ABOVE_ZERO),
}


@pytest.mark.parametrize("name", ABSENT)
def test_what_one_run_has_not_is_no_changed_interval(name: str) -> None:
    old, new = ABSENT[name]
    assert said(moved(old, new)) == []


@pytest.mark.parametrize(
    ("levels", "begins"),
    [
        ((0.9, 0.9), "The 90% interval of the rate contained"),
        ((0.95, 0.9), "The interval of the rate (95% before, 90% after) contained"),
        ((None, 0.9), "The interval of the rate contained"),
        ((0.95, None), "The interval of the rate contained"),
    ],
)
def test_the_probability_of_an_interval_is_said_as_far_as_it_is_known(
    levels: tuple[float | None, float | None], begins: str
) -> None:
    (sentence,) = said(moved(INSIDE, ABOVE_ZERO), levels=levels)
    assert sentence.startswith(begins)


def test_the_sign_of_the_primary_estimate_is_printed_with_digits_of_its_interval() -> (
    None
):
    # a width of 0.02 has its second digit in the third decimal, one of 4 needs none
    # and gets two; the finer of both prints both
    old, new = (0.004, -0.006, 0.014), (-0.5, -2.5, 1.5)
    assert said(moved(old, new, primary=True)) == [
        (
            "The sign of the primary estimate, the rate, changed: 0.004 before, "
            f"{MINUS}0.500 after."
        )
    ]


def test_zero_counts_as_slower() -> None:
    zero, below, above = (0.0, -1.0, 1.0), (-0.1, -1.0, 1.0), (0.1, -1.0, 1.0)
    assert said(moved(zero, above, primary=True)) == []
    assert len(said(moved(zero, below, primary=True))) == 1


def test_a_primary_estimate_that_one_run_alone_has_has_no_changed_sign() -> None:
    assert said(moved(None, (-0.1, -1.0, 1.0), primary=True)) == []
    assert said(moved((-0.1, -1.0, 1.0), None, primary=True)) == []


def test_a_sign_and_an_interval_are_two_conclusions() -> None:
    found = estimate_conclusions(
        [moved(ABOVE_ZERO, (-0.5, -1.0, 0.5), primary=True)], LEVELS
    )
    assert [(f["kind"], f["primary"]) for f in found] == [
        ("sign", True),
        ("interval", True),
    ]


def test_the_primary_estimate_stands_first_and_the_others_in_their_order() -> None:
    others = [moved(INSIDE, ABOVE_ZERO) | {"label": name} for name in ("a", "b")]
    primary = moved(INSIDE, ABOVE_ZERO, primary=True)
    found = estimate_conclusions([others[0], primary, others[1]], LEVELS)
    assert [f["primary"] for f in found] == [True, False, False]
    assert [f["sentence"].split(" contained")[0] for f in found] == [
        "The 95% interval of the primary estimate, the rate,",
        "The 95% interval of the a",
        "The 95% interval of the b",
    ]


@pytest.mark.parametrize(
    ("limits", "told"),
    [({"estimate": 0.1}, True), ({"estimate": 0.05}, False), ({}, False)],
)
def test_a_move_within_monte_carlo_error_is_told(
    limits: dict[str, float], told: bool
) -> None:
    # moved by 0.0625, which is exact in binary
    estimate = moved((1.0, -0.01, 2.0), (1.0625, 0.01, 2.0), limits=limits)
    (sentence,) = said(estimate)
    assert sentence.endswith("moved within Monte Carlo error.") is told


def run_of(folder: Path, *fits: tuple[str, str, str, int, str]) -> RecordedRun:
    """Write what fits missed: model, outcomes, prior, attempt and gates."""
    columns = ["model", "outcomes", "prior", "attempt", "failures"]
    if fits:
        write_result_table(
            folder / "results/diagnostics/fits.csv",
            pd.DataFrame(fits, columns=columns),
            "synthetic",
        )
    return RecordedRun(folder, folder.name, None, "", {}, {})


def gates_said(folder: Path, old: list[Any], new: list[Any]) -> list[str]:
    found = gate_conclusions(
        run_of(folder / "old", *old), run_of(folder / "new", *new), NAMES
    )
    assert all((f["kind"], f["primary"]) == ("gates", False) for f in found)
    return [f["sentence"] for f in found]


def test_a_fit_that_comes_to_miss_or_to_meet_its_gates_is_said(tmp_path: Path) -> None:
    met = ("joint", "limb fvc", "default", 1, "")
    missed = ("single", "limb", "weak", 1, "3 divergences")
    assert gates_said(
        tmp_path,
        [met, missed],
        [(*met[:4], "R-hat 1.1"), (*missed[:4], "")],
    ) == [
        (
            "The joint fit of Limb score and fvc under the default prior met its gates "
            "and no longer does (R-hat 1.1)."
        ),
        (
            "The single fit of Limb score under the weak prior missed its gates "
            "(3 divergences) and now meets them."
        ),
    ]


def test_gates_missed_otherwise_are_no_changed_conclusion(tmp_path: Path) -> None:
    fit = ("joint", "limb", "default", 1)
    assert gates_said(tmp_path, [(*fit, "R-hat 1.1")], [(*fit, "3 divergences")]) == []


def test_the_last_attempt_decides_about_gates(tmp_path: Path) -> None:
    fit = ("joint", "limb", "default")
    twice = [(*fit, 1, "R-hat 1.1"), (*fit, 2, "")]
    assert gates_said(tmp_path, twice, [(*fit, 1, "")]) == []


def test_a_fit_that_one_run_alone_has_is_no_changed_verdict(tmp_path: Path) -> None:
    fit = ("joint", "limb", "default", 1, "")
    other = ("joint", "limb", "weak", 1, "R-hat 1.1")
    assert gates_said(tmp_path / "both", [fit], [other]) == []
    assert gates_said(tmp_path / "one", [], [other]) == []


def planned(primary: str | None) -> RecordedRun:
    """Make a run whose plan has this primary estimand; none, and it has no settings."""
    text = CONFIG.replace("primary: rate_total", f"primary: {primary}")
    settings = parse_settings(text, "config.yaml") if primary else None
    return RecordedRun(Path(), "run", settings, "", {}, {})


def test_another_primary_estimand_is_the_first_conclusion() -> None:
    assert primary_conclusions(planned("rate_total"), planned("rate_limb")) == [
        {
            "kind": "estimand",
            "primary": True,
            "sentence": "The primary estimand was rate_total and is now rate_limb.",
        }
    ]


def test_the_same_or_an_unknown_primary_estimand_is_none() -> None:
    total = planned("rate_total")
    assert primary_conclusions(total, total) == []
    assert primary_conclusions(planned(None), total) == []
    assert primary_conclusions(total, planned(None)) == []
