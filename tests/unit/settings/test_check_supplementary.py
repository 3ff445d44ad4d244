"""Supplementary analyses in the configuration: a wrong one is told with its line.

The faults are put into the configuration of CDISC Pilot 01 (tests/validation), and a
mixed model is added to it.
"""

import pytest

from support.configurations import PILOT, refusal, spoilt

MODEL = """\
  mixed_models:
    - id: slopes
      label: Slopes
      outcome: adas
      population: EFFFL
      baseline: response
      random: [intercept, slope]
      time_unit: month
"""
TEXT = PILOT.replace("supplementary:\n", f"supplementary:\n{MODEL}")
FIRST = "    - id: adas_week_24"
WEEK_24 = "      week: 24\n      response: change\n"
HERE = "supplementary.ancova.0"

# what is replaced, by what, text of the line that is named, and what is said of it
FAULTS: dict[str, tuple[str, str, str, str]] = {
    "unknown outcome": (
        "      outcome: cibic\n",
        "      outcome: cibik\n",
        "outcome: cibik",
        "supplementary.ancova.3.outcome: 'cibik' is no outcome; did you mean 'cibic'",
    ),
    "week that is not scheduled": (
        WEEK_24,
        "      week: 26\n      response: change\n",
        "week: 26",
        f"{HERE}.week: 26 is not scheduled; use one of 0, 8, 16, 24",
    ),
    "week 0": (
        WEEK_24,
        "      week: 0\n      response: change\n",
        "week: 0",
        f"{HERE}.week is 0: input should be greater than 0. The scheduled week.",
    ),
    "neither change nor value": (
        WEEK_24,
        "      week: 24\n      response: both\n",
        "response: both",
        f"{HERE}.response is 'both': input should be 'change' or 'value'.",
    ),
    "unknown population": (
        "      outcome: adas\n      population: EFFFL\n      baseline",
        "      outcome: adas\n      population: ITTFL\n      baseline",
        "population: ITTFL",
        (
            "supplementary.mixed_models.0.population: 'ITTFL' is no population; use "
            "one of EFFFL"
        ),
    ),
    "nothing carried forward": (
        "  carry_forward: baseline",
        "  carry_forward: none",
        FIRST,
        (
            f"{HERE}.carried_forward: nothing is carried forward; say how below "
            "`visits:`, for example: `carry_forward: post_baseline`"
        ),
    ),
    "factor that is a number": (
        "      baseline: false\n      factors: [SITEGR1]",
        "      baseline: false\n      factors: [AGE]",
        "factors: [AGE]",
        (
            "supplementary.ancova.3.factors.0: 'AGE' is no category of the subjects; "
            "use one of SEX, RACE, SITEGR1"
        ),
    ),
    "factor that is pooled elsewhere": (
        "      baseline: false\n      factors: [SITEGR1]",
        "      baseline: false\n      factors: [SITEID]",
        "factors: [SITEID]",
        "supplementary.ancova.3.factors.0: 'SITEID' is no category of the subjects",
    ),
    "factor twice": (
        "      baseline: false\n      factors: [SITEGR1]",
        "      baseline: false\n      factors: [SEX, SEX]",
        "factors: [SEX, SEX]",
        "supplementary.ancova.3.factors.1: column 'SEX' is there 2 times; keep one",
    ),
    "covariate that is a category": (
        "      baseline: false\n      factors: [SITEGR1]",
        "      baseline: false\n      covariates: [SEX]",
        "covariates: [SEX]",
        (
            "supplementary.ancova.3.covariates.0: 'SEX' is no number of the subjects; "
            "use one of AGE"
        ),
    ),
    "covariate that is called as a value is": (
        "{column: AGE,",
        "{column: BASE,",
        "covariates: [BASE]",
        (
            "supplementary.ancova.3.covariates.0: 'BASE' is a column of the values "
            "too; use another name"
        ),
    ),
    "dose response without doses": (
        "    - {id: Pbo, label: Placebo, dose: 0}",
        "    - {id: Pbo, label: Placebo}",
        FIRST,
        f"{HERE}.dose_response: every arm needs a `dose` for it",
    ),
    "analysis twice": (
        "    - id: adas_week_16",
        "    - id: adas_week_24",
        "    - id: adas_week_24",
        "supplementary.ancova.1: analysis 'adas_week_24' is there 2 times; give",
    ),
    "mixed model without random effects": (
        "random: [intercept, slope]",
        "random: []",
        "random: []",
        "supplementary.mixed_models.0.random is []: one at least is needed",
    ),
    "unknown random effect": (
        "random: [intercept, slope]",
        "random: [intercept, arm]",
        "random: [intercept, arm]",
        (
            "supplementary.mixed_models.0.random.1 is 'arm': input should be "
            "'intercept' or 'slope'. Effects that vary between patients."
        ),
    ),
    "random effect twice": (
        "random: [intercept, slope]",
        "random: [slope, slope]",
        "random: [slope, slope]",
        "supplementary.mixed_models.0.random.1: effect 'slope' is there 2 times",
    ),
    "unknown unit of time": (
        "time_unit: month",
        "time_unit: decade",
        "time_unit: decade",
        (
            "supplementary.mixed_models.0.time_unit is 'decade': input should be "
            "'days', 'weeks', 'months' or 'years'. Unit of time that slopes are per"
        ),
    ),
    "key misspelt": (
        "time_unit: month",
        "time_units: month",
        "time_units: month",
        (
            "unknown key 'supplementary.mixed_models.0.time_units'; did you mean "
            "'time_unit'?"
        ),
    ),
}
WITH_COVARIATE = {
    "covariate that is called as a value is": (
        "      baseline: false\n      factors: [SITEGR1]",
        "      baseline: false\n      covariates: [BASE]",
    )
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_line_and_what_is_permitted(name: str) -> None:
    old, new, at, says = FAULTS[name]
    text = spoilt(TEXT, old, new)
    if name in WITH_COVARIATE:
        text = spoilt(text, *WITH_COVARIATE[name])
    told = refusal(text)
    key = [k for k in says.split(": ")[0].split(" ")[0].split(".") if not k.isdigit()][
        -1
    ]
    lines = text.split("\n")
    # the last line that has the text, or the first after it that has the key
    here = max(i for i, line in enumerate(lines) if at in line)
    after = [i for i, line in enumerate(lines) if i >= here and f"{key}:" in line]
    number = (here if key == "ancova" or says.startswith("unknown") else after[0]) + 1
    assert [t for t in told if t.startswith(f"config.yaml, line {number}: {says}")], (
        told
    )


def test_all_supplementary_faults_are_told_at_once() -> None:
    text = spoilt(TEXT, "random: [intercept, slope]", "random: [slope, slope]")
    text = spoilt(text, WEEK_24, "      week: 26\n      response: change\n")
    text = spoilt(text, "outcome: cibic\n", "outcome: cibik\n")
    told = [line.split(": ")[1] for line in refusal(text)]
    assert told == [
        "supplementary.mixed_models.0.random.1",
        "supplementary.ancova.0.week",
        "supplementary.ancova.3.outcome",
    ]
