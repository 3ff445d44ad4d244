"""Which models, with what: what a member needs, and what it cannot take, is told."""

import pytest
import yaml

from alsdecline.fits.planning import all_fits, fit_plan, primary_fit
from alsdecline.settings.file import parse_settings
from support.configurations import Change, changed, refusal
from support.trial_folder import PROJECT

TEXT = (PROJECT / "config.yaml").read_text(encoding="utf-8")
LIMB = "priors.outcomes.limb"
CURVED: tuple[Change, ...] = (
    ("models.curved", ["limb"]),
    (f"{LIMB}.curvature_sd", 0.1),
    (f"{LIMB}.sd_curvature", 0.2),
)
AGE = {"baseline_sd": 0.5, "slope_sd": 0.05}
OUTCOMES = ("limb", "bulbar", "fvc", "total")


def settings_text(*changes: Change) -> str:
    """Change the bundled configuration."""
    return yaml.safe_dump(changed(yaml.safe_load(TEXT), *changes), sort_keys=False)


def with_covariate(*covariates: dict[str, object]) -> tuple[Change, ...]:
    """Take covariates, each with a prior for every outcome."""
    priors = {str(one["column"]): AGE for one in covariates}
    return (
        ("models.covariates", list(covariates)),
        *((f"priors.outcomes.{k}.covariates", priors) for k in OUTCOMES),
    )


ONE_ARM: tuple[Change, ...] = (
    ("arms.groups", [{"id": "low", "label": "low", "dose": 0.5}]),
)

# what is changed in the bundled configuration, and what must be said
FAULTS: dict[str, tuple[tuple[Change, ...], str]] = {
    "an outcome that is none": (
        (("models.robust", ["limp"]),),
        "models.robust.0: 'limp' is no outcome; did you mean 'limb'? There are total, ",
    ),
    "an outcome twice": (
        (("models.ratio", ["limb", "limb"]),),
        "models.ratio.1: outcome 'limb' is there 2 times; keep one",
    ),
    "an estimand's model without the outcome": (
        (("models.robust", ["limb"]), ("estimands.0.model", "robust")),
        "estimands.0.outcome: 'total' is no outcome of model 'robust'; use one of limb",
    ),
    "curved without the prior of its mean": (
        (*CURVED[:1], CURVED[2]),
        "priors.outcomes.limb: `curvature_sd` is missing, which `curved` needs",
    ),
    "curved without the prior of its SD": (
        CURVED[:2],
        "priors.outcomes.limb: `sd_curvature` is missing, which `curved` needs",
    ),
    "a ratio of one arm": (
        (*ONE_ARM, ("models.ratio", ["limb"])),
        "models.ratio: there is one arm alone, and nothing to compare; use `single`",
    ),
    "a bounded score without a maximum": (
        (("models.bounded", ["fvc"]),),
        (
            "models.bounded.0: scale 'fvc_percent' of 'fvc' is not one of whole points "
            "from 0 to a whole maximum; use `single` or `robust`"
        ),
    ),
    "a bounded score off the scale's range": (
        (("models.bounded", ["limb"]), (f"{LIMB}.baseline.mean", 63)),
        "priors.outcomes.limb.baseline.mean: must be above 0 and below 63",
    ),
    "variances by arm of one arm": (
        (*ONE_ARM, ("models.variances_by_arm", True)),
        "models.variances_by_arm: there is one arm alone, and nothing to differ",
    ),
    "variances by arm without their prior": (
        (("models.variances_by_arm", True),),
        (
            "priors.outcomes.fvc: `log_sd_ratio_sd` is missing, which "
            "`variances_by_arm` needs"
        ),
    ),
    "variances by arm in no model that has them": (
        (
            ("models", {"robust": ["limb"], "variances_by_arm": True}),
            ("estimands.0.model", "robust"),
        ),
        "models.variances_by_arm: has no use in robust and bounded; leave it out",
    ),
    "a covariate that is none": (
        with_covariate({"column": "weight"}),
        (
            "models.covariates.0.column: 'weight' is no characteristic of the "
            "subjects; use one of age, sex,"
        ),
    ),
    "a covariate twice": (
        with_covariate({"column": "age"}, {"column": "age"}),
        "models.covariates.1: covariate 'age' is there 2 times; keep one",
    ),
    "a category without levels": (
        with_covariate({"column": "sex"}),
        "models.covariates.0: 'sex' is a category; name its values under `levels`",
    ),
    "a level twice": (
        with_covariate({"column": "sex", "levels": ["F", "F"]}),
        "models.covariates.0.levels.1: level 'F' is there 2 times; keep one",
    ),
    "levels of a number": (
        with_covariate({"column": "age", "levels": ["50", "60"]}),
        "models.covariates.0.levels: 'age' is a number; leave `levels` out",
    ),
    "a covariate without a prior": (
        (("models.covariates", [{"column": "age"}]),),
        (
            "priors.outcomes.limb: `covariates` has no 'age'; give its "
            "`baseline_sd` and `slope_sd`"
        ),
    ),
    "a prior of no covariate": (
        ((f"{LIMB}.covariates", {"age": AGE}),),
        (
            "priors.outcomes.limb.covariates.age: 'age' is no covariate of the models; "
            "there is none"
        ),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_does_not_go_together_is_refused_in_a_line(fault: str) -> None:
    changes, says = FAULTS[fault]
    told = [line.partition(": ")[2] for line in refusal(settings_text(*changes))]
    assert [line for line in told if line.startswith(says)], told


def test_prorated_totals_are_no_bounded_scores() -> None:
    """They need not be whole; the pilot's scale is not one of whole points either."""
    text = settings_text(
        ("models.bounded", ["limb"]),
        ("outcomes.1.items", [f"i{n}" for n in range(21)]),
        ("outcomes.1.column", None),
        ("outcomes.1.missing_items", "prorate"),
    )
    told = "\n".join(refusal(text))
    assert "models.bounded.0: totals of 'limb' are prorated and may be no whole" in told


def test_means_of_repeated_values_are_no_bounded_scores() -> None:
    text = settings_text(("models.bounded", ["limb"]), ("visits.repeats", "mean"))
    told = "\n".join(refusal(text))
    assert (
        "models.bounded.0: means of repeated values of 'limb' may be no whole" in told
    )


def test_every_member_has_a_fit_of_its_own_in_the_order_of_the_family() -> None:
    members = ("robust", "bounded", "ratio")
    changes = [(f"models.{member}", ["limb"]) for member in members]
    text = settings_text(*changes, *CURVED, ("models.single", ["limb"]))
    plans = all_fits(parse_settings(text, "config.yaml"))
    assert [plan.name for plan in plans] == [
        "joint",
        *(f"{m}/limb" for m in ("single", "ratio", "curved", "robust", "bounded")),
    ]
    maxima = {plan.model: plan.maxima for plan in plans}
    assert maxima["bounded"] == {"limb": 63}
    assert maxima["robust"] == {}


@pytest.mark.parametrize("model", ["ratio", "curved", "robust", "bounded"])
def test_the_primary_estimand_may_rest_on_any_member(model: str) -> None:
    text = settings_text(
        *CURVED,
        (f"models.{model}", ["limb"]),
        ("estimands.1.model", model),
        ("primary", "rate_limb"),
    )
    assert primary_fit(parse_settings(text, "config.yaml")).name == f"{model}/limb"


def test_a_fit_depends_on_the_settings_of_its_own_member_alone() -> None:
    """The horizon moves estimates of curves only, and their priors no other fit."""
    plain = parse_settings(settings_text(*CURVED), "config.yaml")
    others = parse_settings(
        settings_text(
            *CURVED,
            ("summaries.horizon_week", 20),
            (f"{LIMB}.curvature_sd", 0.3),
            (f"{LIMB}.log_ratio_sd", 0.5),
        ),
        "config.yaml",
    )
    assert fit_plan(plain, "single", "limb") == fit_plan(others, "single", "limb")
    assert fit_plan(plain, "curved", "limb") != fit_plan(others, "curved", "limb")


def test_a_category_has_a_column_for_each_level_but_the_first() -> None:
    covariates = [{"column": "age"}, {"column": "sex", "levels": ["F", "M", "X"]}]
    settings = parse_settings(settings_text(*with_covariate(*covariates)), "c.yaml")
    plan = fit_plan(settings, "single", "limb")
    assert plan.structure.covariates == ("age", "sex=M", "sex=X")
    assert [(t.column, t.level) for t in plan.covariates] == [
        ("AGE", None),
        ("SEX", "M"),
        ("SEX", "X"),
    ]
