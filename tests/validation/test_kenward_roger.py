"""Kenward and Roger's inference against R's pbkrtest, on ten fits.

The numbers of R are made by ``benchmarks/kenward_roger.py``. One fit is singular: a
parameter at its boundary stays among the variances, here and in pbkrtest.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from alsdecline.analyses.kenward_roger import kenward_roger
from alsdecline.analyses.linear_model import t_inference
from alsdecline.analyses.mixed_model import fit_mixed_model, parameter_table
from support.reml_trials import RemlTrial, reml_trials

BY_R = json.loads(Path(__file__).with_name("kenward_roger.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def trials(reference: Path) -> dict[str, RemlTrial]:
    return reml_trials(reference)


def test_one_fit_is_singular() -> None:
    assert [name for name, numbers in BY_R.items() if numbers["singular"]] == [
        "singular"
    ]


@pytest.mark.parametrize("name", BY_R)
def test_inference_is_that_of_r_where_its_variances_are_put_in(
    trials: dict[str, RemlTrial], name: str
) -> None:
    trial, by_r = trials[name], BY_R[name]
    covariance, df = kenward_roger(
        np.column_stack(list(trial.fixed.values())),
        np.column_stack(list(trial.random.values())),
        pd.factorize(trial.groups)[0],
        np.array(by_r["random_covariance"]),
        by_r["residual_variance"],
    )
    se = np.sqrt(np.diag(covariance))
    tested = t_inference(by_r["estimate"], se, df, 0.95)
    for column in ("se", "df", "p_value"):
        assert tested[column].tolist() == pytest.approx(by_r[column], rel=1e-6, abs=0)


@pytest.mark.parametrize("name", BY_R)
def test_inference_is_that_of_r_at_our_own_optimum(
    trials: dict[str, RemlTrial], name: str
) -> None:
    trial, by_r = trials[name], BY_R[name]
    table = parameter_table(fit_mixed_model(*_arguments(trial)), 0.95)
    tested = table.iloc[: len(trial.fixed)]
    for column in ("estimate", "se", "df", "p_value"):
        assert tested[column].tolist() == pytest.approx(by_r[column], rel=1e-3, abs=0)


def _arguments(trial: RemlTrial) -> tuple:
    return trial.response, trial.fixed, trial.groups, trial.random
