"""Every member of the family by a trial's configuration alone, from settings to report.

The bundled trial with few visits, covariates and variances by arm, every member on the
limb score, the primary estimand on the bounded one. The fits are as short as the
sampler's settings permit, and the gates are set for that.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from alsdecline.report.glossary import visible_text
from alsdecline.result_tables import read_result_table
from alsdecline.stable_files import read_parquet
from support.blinded_trial import edit_config
from support.brief_trial import NO_GATES, brief_trial
from support.configurations import Change, changed
from support.job_runs import analyse
from support.once import Once
from support.rerun_changes import copy_project
from support.trial_folder import copy_bundled_trial, keep_weeks, replaced

pytestmark = pytest.mark.runs

MEMBERS = ["single", "ratio", "curved", "robust", "bounded"]
LIMB = "priors.outcomes.limb"
COVARIATES = {
    "age": {"baseline_sd": 0.5, "slope_sd": 0.05},
    "onset_site": {"baseline_sd": 5, "slope_sd": 0.5},
}
CHANGES: list[Change] = [
    ("models.joint", ["limb", "bulbar"]),
    *((f"models.{member}", ["limb"]) for member in MEMBERS),
    (
        "models.covariates",
        [{"column": "age"}, {"column": "onset_site", "levels": ["limb", "bulbar"]}],
    ),
    ("models.variances_by_arm", True),
    *(
        (f"priors.outcomes.{k}.{key}", value)
        for k in ("limb", "bulbar")
        for key, value in (("log_sd_ratio_sd", 0.35), ("covariates", COVARIATES))
    ),
    (f"{LIMB}.curvature_sd", 0.1),
    (f"{LIMB}.sd_curvature", 0.1),
    ("priors.alternatives", {"weak": {"effect": 10}}),
    ("estimands.3", None),
    ("estimands.1.model", "bounded"),
    ("primary", "rate_limb"),
    ("sampler.chains", 2),
    ("sampler.tune", 100),
    ("sampler.draws", 100),
    ("sampler.further_draws", 100),
    ("gates", NO_GATES),
]


def near_lines(path: Path) -> None:
    """Put each patient's limb scores on a line, rounded to whole points."""
    visits = pd.read_csv(path)
    for _, own in visits.groupby("subject_id"):
        line = np.polynomial.Polynomial.fit(own["visit_week"], own["norris_limb"], 1)
        visits.loc[own.index, "norris_limb"] = (
            line(own["visit_week"]).round().astype("int64")
        )
    visits["norris_total"] = visits["norris_limb"] + visits["norris_bulbar"]
    visits.to_csv(path, index=False)


@pytest.fixture(scope="module")
def results(once: Once) -> Path:
    def make(folder: Path) -> None:
        copy_bundled_trial(folder)
        keep_weeks(folder, range(0, 41, 8))
        near_lines(folder / "data/visits.csv")
        path = folder / "config.yaml"
        content = changed(yaml.safe_load(path.read_text(encoding="utf-8")), *CHANGES)
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        analyse(folder, "--cores", "2")

    return once("members", make) / "results"


@pytest.mark.slow
def test_every_table_of_the_models_has_every_member(results: Path) -> None:
    for name in (
        "tables/rate_of_decline",
        "tables/prior_sensitivity",
        "tables/influence",
        "tables/parameters",
        "diagnostics/fits",
        "diagnostics/model_checks",
    ):
        table = read_result_table(results / f"{name}.csv")
        assert set(table["model"]) == {"joint", *MEMBERS}, name
    compared = read_result_table(results / "tables/model_comparison.csv")
    assert compared["model"].tolist() == MEMBERS
    assert (compared["patients"] == 9).all()
    assert (compared["difference"] <= 0).all()


@pytest.mark.slow
def test_every_member_gives_every_estimate(results: Path) -> None:
    rates = read_result_table(results / "tables/rate_of_decline.csv")
    limb = rates[rates["outcome"] == "limb"]
    by_model = {model: set(part["quantity"]) for model, part in limb.groupby("model")}
    assert set(map(frozenset, by_model.values())) == {
        frozenset(
            {
                "mean_slope",
                "change_at_horizon",
                "slope_difference",
                "decline_ratio",
                "decline_ratio_below_0.9",
                "decline_ratio_below_0.75",
            }
        )
    }
    rows = limb[limb["quantity"] == "slope_difference"].set_index("model")
    assert rows["estimand"].to_dict() == {
        model: "rate_limb" if model == "bounded" else "supplements rate_limb"
        for model in ["joint", *MEMBERS]
    }


@pytest.mark.slow
def test_parameters_have_covariates_and_gaussian_ones_variances_by_arm(
    results: Path,
) -> None:
    for member in MEMBERS:
        fit = results / "fits" / member / "limb"
        names = set(read_parquet(fit / "posterior.parquet"))
        pre = "logit_" if member == "bounded" else ""
        for covariate in ("age", "onset_site=bulbar"):
            assert f"{pre}covariate[limb,{covariate}]" in names
            assert f"{pre}covariate_slope[limb,{covariate}]" in names
        by_arm = "log_sd_ratio[residual:limb,high]" in names
        assert by_arm == (member not in {"robust", "bounded"})
        left_out = read_parquet(fit / "left_out.parquet")
        assert left_out["without"].nunique() == 9


@pytest.mark.slow
def test_the_report_names_every_member_in_words_and_what_bounded_cannot_do(
    results: Path,
) -> None:
    page = (results / "report.html").read_text(encoding="utf-8")
    text = visible_text(page)
    for words in (
        "The same from the joint model, which takes the measured outcomes together",
        "The same from the single model, which takes each outcome by itself",
        "The same from the ratio model, which has an arm multiply",
        "The same from the curved model, which lets the patients",
        "The same from the robust model, which has residuals of Student",
        "score is beta-binomial from 0 to the maximum of the scale",
        "Courses of the bounded model are no straight lines",
        "the intervals of the bounded model are too wide",
        "Every model has Age, years and Site of onset (bulbar, with limb",
        "SDs of slopes and residuals differ between the arms, except in the robust",
        "does not choose the model",
    ):
        assert words in text, words
    # rounding leaves a residual SD of 0.3, a binomial one at 45 of 63 has 3.6
    assert "Here they do: values of Norris limb vary about the patients" in text
    warned = text.index("Here they do")
    assert text.index("Rates of change, bounded model") < warned
    assert warned < text.index("The same from the joint model")


@pytest.mark.slow
def test_figures_show_every_member_of_an_outcome(results: Path) -> None:
    for name in ("effects_high", "predictive_checks"):
        size = (results / "figures" / f"{name}.svg").stat().st_size
        assert size > 20_000, name


def test_a_member_more_is_planned_and_fitted_from_its_declaration_alone(
    tmp_path: Path,
) -> None:
    """It has the mathematics of `single`."""
    copy_project(tmp_path / "project")
    replaced(
        "project/scripts/alsdecline/settings/members.py",
        "    robust: Annotated[",
        "    seventh: Annotated[list[str], Member()] = Field(default_factory=list)\n"
        "    robust: Annotated[",
    )(tmp_path)
    trial = brief_trial(tmp_path / "trial")
    edit_config(trial, models__seventh=["limb"])
    fit = "results/fits/seventh/limb/posterior.parquet"
    ran = analyse(trial, fit, project=tmp_path / "project")
    assert "fit_member/seventh/limb" in ran
    assert "slope[limb]" in read_parquet(trial / fit)
