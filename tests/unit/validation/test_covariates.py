"""Covariates come from the subjects file, and who has none is told before anything."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from alsdecline.fits.data import fit_patients
from alsdecline.fits.plan import CovariateTerm, FitPlan
from alsdecline.fits.planning import fit_plan
from alsdecline.settings.file import read_settings
from support.hand_trial import findings_in, plan_of, told
from support.trial_folder import PROJECT

CHARACTERISTICS = [
    {"column": "age", "label": "Age", "kind": "number"},
    {"column": "site", "label": "Site of onset", "kind": "category"},
]
COVARIATES = [{"column": "age"}, {"column": "site", "levels": ["limb", "bulbar"]}]
HEADER = "patient,arm,randomisation_date,age,site\n"
REMEDY = "correct it, or take the covariate out of `models: covariates:` in config.yaml"


def findings_of(folder: Path, *rows: str) -> list[str]:
    plan = plan_of(
        data={"subjects": {"characteristics": CHARACTERISTICS}}, covariates=COVARIATES
    )
    subjects = HEADER + "\n".join(rows) + "\n"
    return told(findings_in(folder, plan, subjects=subjects)[1])


def test_every_patient_without_a_covariate_is_named_with_row_and_remedy(
    tmp_path: Path,
) -> None:
    found = findings_of(
        tmp_path, "P1,a,2020-01-01,,limb", "P2,b,2020-02-01,61,respiratory"
    )
    fatal = [line for line in found if line.startswith("fatal")]
    assert len(fatal) == 2
    assert "subjects.csv" in fatal[0]
    assert "row 2, column age: age of" in fatal[0]
    assert (
        "age of patient P1, a covariate of the models, is missing; enter it if it is "
        "known, or take" in fatal[0]
    )
    assert (
        "site of patient P2, a covariate of the models, is none of the levels (limb, "
        f"bulbar); {REMEDY}" in fatal[1]
    )


def test_a_level_in_other_capitals_is_told_with_its_meaning(tmp_path: Path) -> None:
    rows = "P1,a,2020-01-01,50,limb", "P2,b,2020-02-01,61,Bulbar"
    (found,) = findings_of(tmp_path, *rows)
    assert "say so by `recode: {site: {Bulbar: bulbar}}`, correct it" in found


def test_a_trial_with_all_covariates_has_no_finding(tmp_path: Path) -> None:
    rows = "P1,a,2020-01-01,50,limb", "P2,b,2020-02-01,61,bulbar"
    assert findings_of(tmp_path, *rows) == []


@pytest.fixture
def plan() -> FitPlan:
    plan = fit_plan(read_settings(PROJECT / "config.yaml"), "single", "limb")
    terms = [
        CovariateTerm(name="age", setting="age", column="AGE", level=None),
        CovariateTerm(
            name="site=bulbar", setting="site", column="SITE", level="bulbar"
        ),
    ]
    return plan.model_copy(update={"covariates": terms})


def test_patients_of_a_fit_are_those_with_a_value_and_have_their_covariates(
    plan: FitPlan,
) -> None:
    values = pd.DataFrame(
        {
            "USUBJID": ["P3", "P1", "P1", "P2"],
            "ARMCD": ["low", "high", "high", "low"],
            "ARELTM": [0.0, 0.0, 28.0, 0.0],
            "AVAL": [40.0, 41.0, 39.0, np.nan],
            "DTYPE": "",
        }
    )
    adsl = pd.DataFrame(
        {
            "USUBJID": ["P1", "P2", "P3"],
            "AGE": [50.0, 60.0, 70.0],
            "SITE": ["bulbar", "limb", "limb"],
        }
    )
    patients = fit_patients(plan, {"limb": values}, adsl)
    assert patients.to_dict("list") == {
        "patient": ["P1", "P3"],
        "arm": ["high", "low"],
        "age": [50.0, 70.0],
        "site=bulbar": [1.0, 0.0],
    }
