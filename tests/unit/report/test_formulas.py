"""The formulas of a model have what its declaration has, and nothing else."""

import itertools
import re

import pytest

from alsdecline.models.structure import Structure
from alsdecline.report.formulas import (
    BETWEEN,
    FIXED,
    FREEDOM,
    OVERDISPERSION,
    RATIO,
    SD_RATIO,
    WITHIN,
    formulas_of,
)
from alsdecline.report.formulas import (
    CONCENTRATION as PHI,
)
from alsdecline.settings.members import FAMILY

PARAMETERS = (
    FIXED
    | {
        "log_ratio": RATIO,
        "log_sd_ratio": SD_RATIO,
        "correlation": "R",
        "sd_residual": WITHIN,
    }
    | dict.fromkeys(("sd_intercept", "sd_slope", "sd_curvature"), BETWEEN)
)
"""Symbols by the names of the model's parameters."""


def structures() -> list[tuple[str, Structure]]:
    found = []
    choices = itertools.product(
        FAMILY, ((), ("high",), ("mid", "high")), ((), ("age",)), (False, True)
    )
    for model, arms, covariates, by_arm in choices:
        member = FAMILY[model]
        found.append(
            (
                model,
                Structure(
                    ("limb", "fvc") if member.together else ("limb",),
                    "low",
                    arms,
                    covariates,
                    curved=member.squared_time,
                    ratio=member.arms_multiply,
                    variances_by_arm=by_arm and member.gaussian,
                ),
            )
        )
    return found


def plain(lines: list[str]) -> list[str]:
    """Write sub- and superscripts as _ and ^."""
    written = (re.sub(r"<sub>(.*?)</sub>", r"_\1", str(line)) for line in lines)
    return [
        re.sub(r"</?i>", "", re.sub(r"<sup>(.*?)</sup>", r"^\1", line))
        for line in written
    ]


@pytest.mark.parametrize(("model", "structure"), structures())
def test_each_parameter_of_the_declaration_has_its_symbol_and_no_other_stands_there(
    model: str, structure: Structure
) -> None:
    lines, used = formulas_of(structure, FAMILY[model])
    expected = {
        PARAMETERS[name.partition("[")[0]] for name in structure.parameter_names
    }
    if model == "robust":
        expected.add(FREEDOM)
    if model == "bounded":
        expected = expected - {WITHIN} | {OVERDISPERSION}
    no_parameters = {"t", "x", "n", "q", "u, v", "u, v, w"}
    assert set(used) - no_parameters == expected
    text = "".join(plain(lines))
    assert all(symbol in text for symbol in expected)


SIGMA, TAU, THETA = WITHIN, BETWEEN, RATIO
LINE = "y_ij = (a + u_i) + (b + d_arm(i) + v_i) t_ij + e_ij"
WRITTEN = {
    "joint": [
        "y_ikj = (a_k + u_ik) + (b_k + d_k,arm(i) + v_ik) t_ikj + e_ikj",
        f"e_ikj ~ Normal(0, {SIGMA}_k^2)",
        f"(u_i, v_i) ~ Normal(0, diag({TAU}) R diag({TAU}))",
    ],
    "single": [LINE],
    "ratio": [f"y_ij = (a + u_i) + (b + v_i) exp({THETA}_arm(i)) t_ij + e_ij"],
    "curved": [
        LINE.removesuffix(" + e_ij") + " + (c + f_arm(i) + w_i) t_ij^2 + e_ij",
    ],
    "robust": [
        LINE,
        f"e_ij / {SIGMA} ~ Student-t({FREEDOM})",
    ],
    "bounded": [
        f"y_ij ~ Beta-binomial(n, q_ij {PHI}, (1 \N{MINUS SIGN} q_ij) {PHI})",
        f"{PHI} = {OVERDISPERSION}^\N{MINUS SIGN}2",
        "logit(q_ij) = (a + u_i) + (b + d_arm(i) + v_i) t_ij",
    ],
}
"""As docstrings of :mod:`alsdecline.models` and the specification have them."""


@pytest.mark.parametrize("model", WRITTEN)
def test_formulas_of_two_arms_are_those_of_the_specification(model: str) -> None:
    outcomes = ("limb", "fvc") if model == "joint" else ("limb",)
    member = FAMILY[model]
    structure = Structure(
        outcomes,
        "low",
        ("high",),
        curved=member.squared_time,
        ratio=member.arms_multiply,
    )
    lines, _ = formulas_of(structure, member)
    assert plain(list(lines))[: len(WRITTEN[model])] == WRITTEN[model]


def test_covariates_shift_intercept_and_slope_and_one_arm_has_no_effect() -> None:
    lines, _ = formulas_of(Structure(("limb",), "low", (), ("age",)), FAMILY["single"])
    assert plain(list(lines))[0] == (
        "y_ij = (a + \N{N-ARY SUMMATION}_c \N{GREEK SMALL LETTER GAMMA}_c x_i,c + u_i) "
        "+ (b + \N{N-ARY SUMMATION}_c \N{GREEK SMALL LETTER DELTA}_c x_i,c + v_i) t_ij "
        "+ e_ij"
    )


def test_where_arms_vary_differently_slopes_and_residuals_have_factors() -> None:
    structure = Structure(("limb",), "low", ("high",), variances_by_arm=True)
    lines, _ = formulas_of(structure, FAMILY["single"])
    written = plain(list(lines))
    assert written[1] == f"e_ij ~ Normal(0, [{SIGMA} exp({SD_RATIO}_e,arm(i))]^2)"
    assert written[-1] == f"SD of v_i: {TAU}_v exp({SD_RATIO}_v,arm(i))"
