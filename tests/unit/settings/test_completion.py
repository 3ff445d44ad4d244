"""What a short configuration is completed with, and what is not guessed."""

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from alsdecline.plain_yaml import parse_yaml
from alsdecline.settings.completion import completed
from alsdecline.settings.file import (
    SettingsError,
    parse_configuration,
    read_configuration,
    read_settings,
)
from support.configurations import LONG, PILOT, changed
from support.short_trial import SHORT, short_rows, short_trial
from support.trial_folder import PROJECT

COMPLETE = {
    "bundled": (PROJECT / "config.yaml").read_text("utf-8"),
    "pilot": PILOT,
    "long": LONG,
    "one arm": (PROJECT / "tests/validation/sleepstudy/config.yaml").read_text("utf-8"),
}


@pytest.mark.parametrize("name", COMPLETE)
def test_nothing_is_filled_into_a_complete_configuration(name: str) -> None:
    written = parse_yaml(COMPLETE[name]).content
    before = copy.deepcopy(written)
    filled = completed(written, Path("/no such folder"))
    assert filled.content == before == written
    assert not filled.origins
    assert not filled.faults


def test_a_trial_of_one_file_and_two_arms_needs_twelve_lines(tmp_path: Path) -> None:
    assert len(SHORT.splitlines()) <= 12
    settings = read_settings(short_trial(tmp_path))
    assert settings.visits.weeks == [0, 4, 12, 52]
    assert settings.horizon_week == 52
    assert (settings.data.visits.time, settings.time_origin) == ("week", "baseline")
    assert settings.data.visits.columns == {"patient": "subject", "visit_week": "week"}
    assert settings.data.cutoff is None
    [outcome] = settings.outcomes
    assert outcome.label == "Letters read"
    assert (outcome.parameter, outcome.column) == ("LETTERSR", "letters_read")
    assert settings.models.single == ["letters_read"]
    assert not settings.models.joint
    [estimand] = settings.estimands
    assert (estimand.outcome, estimand.treatment) == ("letters_read", "active")
    assert (estimand.summary, estimand.model) == ("slope_difference", "single")
    assert settings.primary == estimand.id


def test_each_value_says_where_it_came_from(tmp_path: Path) -> None:
    origins = read_configuration(short_trial(tmp_path)).filled.origins
    assert "letters.csv has a column 'week'" in origins["data", "visits", "time"]
    assert "column 'week' of letters.csv" in origins["visits", "weeks"]
    slope = origins["priors", "outcomes", "letters_read", "slope"]
    assert "SD 8.16 of 4 baseline values / 12 months" in slope


def _with(text: str, *changes: tuple[str, Any]) -> str:
    return yaml.safe_dump(changed(yaml.safe_load(text), *changes), sort_keys=False)


def _refusal(path: Path) -> str:
    with pytest.raises(SettingsError) as refused:
        read_settings(path)
    return str(refused.value)


def test_what_is_written_stays_as_it_is(tmp_path: Path) -> None:
    written = {
        "visits": {"weeks": [0, 12, 52]},
        "sampler": {"draws": 2000},
        "priors": {"outcomes": {"letters_read": {"effect_sd": 3.0}}},
        "models": {"robust": ["letters_read"]},
    }
    config = _with(SHORT, *written.items())
    settings = read_settings(short_trial(tmp_path, config))
    assert settings.visits.weeks == [0, 12, 52]
    assert (settings.sampler.draws, settings.sampler.chains) == (2000, 4)
    priors = settings.priors.outcomes["letters_read"]
    assert priors.effect_sd == 3
    assert "effect_sd" not in priors.basis  # which is nobody's proposal
    assert priors.slope.mean == 0
    assert settings.estimands[0].model == "robust"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("arms.reference", None), "which of placebo, active are the others compared"),
        (("trial.disease", None), "key 'trial.disease' is missing"),
        (("trial.data_kind", None), "key 'trial.data_kind' is missing"),
        (("arms.groups", None), "key 'arms.groups' is missing"),
        (("scales", None), "outcomes.0: `scale` is missing: name one of norris_limb"),
        (("data.subjects.file", None), "data.subjects: `file` is missing"),
        (("outcomes", []), "outcomes is []"),
        (("scales.letters_read.better", None), "letters_read.better' is missing"),
    ],
)
def test_what_concerns_the_trial_is_not_guessed(
    tmp_path: Path, change: tuple[str, Any], says: str
) -> None:
    told = _refusal(short_trial(tmp_path, _with(SHORT, change)))
    assert says in told
    assert len(told.splitlines()) == 1  # and nothing of what follows from it


MISNAMED: dict[str, tuple[dict[str, Any], str]] = {
    "outcome of an estimand": (
        {"estimands": [{"id": "rate", "outcome": "leters"}]},
        "estimands.0.outcome: 'leters' is no outcome; use one of letters_read",
    ),
    "outcome of priors": (
        {"priors": {"outcomes": {"leters": {"effect_sd": 1}}}},
        "priors.outcomes.leters: 'leters' is no outcome; use one of letters_read",
    ),
    "outcome of a model": (
        {"models": {"single": ["leters"]}},
        "no model gives 'letters_read'; name it under `models`",
    ),
    "mean slope of one of two arms": (
        {
            "estimands": [
                {"id": "r", "outcome": "letters_read", "summary": "mean_slope"}
            ]
        },
        "`treatment` is missing: which of placebo, active is it of?",
    ),
    "schedule without follow-up": (
        {"visits": {"weeks": [0]}},
        "visits: no visit is scheduled after time zero",
    ),
}


@pytest.mark.parametrize("name", MISNAMED)
def test_what_is_misnamed_is_told_and_not_what_it_leaves_open(
    tmp_path: Path, name: str
) -> None:
    more, says = MISNAMED[name]
    told = _refusal(short_trial(tmp_path, SHORT + yaml.safe_dump(more)))
    assert says in told
    assert len(told.splitlines()) == 1


def test_a_reference_that_is_no_arm_is_told_as_that(tmp_path: Path) -> None:
    told = _refusal(short_trial(tmp_path, _with(SHORT, ("arms.reference", "plcebo"))))
    assert "arms.reference: 'plcebo' is no arm; use one of placebo, active" in told
    assert len(told.splitlines()) == 1


def test_each_remedy_for_what_is_missing_can_be_pasted(tmp_path: Path) -> None:
    told = _refusal(short_trial(tmp_path, _with(SHORT, ("scales", None))))
    scale = told.rsplit("as in ", 1)[1]
    config = _with(SHORT, ("scales", None)) + f"{scale}\n"
    read_settings(short_trial(tmp_path, config))
    told = _refusal(short_trial(tmp_path, SHORT.replace("  reference: placebo\n", "")))
    reference = told.rsplit("As in ", 1)[1]
    config = SHORT.replace("reference: placebo", reference)
    assert read_settings(short_trial(tmp_path, config)).arms.reference == "placebo"


def test_of_three_arms_the_one_that_is_compared_is_not_guessed(tmp_path: Path) -> None:
    arms = [{"id": arm} for arm in ("placebo", "active", "half")]
    config = _with(SHORT, ("arms.groups", arms))
    told = _refusal(short_trial(tmp_path, config))
    assert "which of active, half is compared with placebo?" in told
    estimand = {"id": "rate", "outcome": "letters_read", "treatment": "half"}
    named = short_trial(tmp_path, _with(config, ("estimands", [estimand])))
    assert read_settings(named).estimands[0].treatment == "half"


def test_one_arm_has_a_slope_and_no_comparison(tmp_path: Path) -> None:
    arms = {"groups": [{"id": "active"}]}
    recoded = [row.replace("placebo", "active") for row in short_rows()]
    path = short_trial(tmp_path, _with(SHORT, ("arms", arms)), recoded)
    settings = read_settings(path)
    assert settings.arms.reference == "active"
    assert settings.estimands[0].summary == "mean_slope"
    assert settings.priors.outcomes["letters_read"].effect_sd is None
    assert settings.design is None
    assert settings.summaries.ratio_thresholds == []


def test_a_fault_that_a_filled_in_value_has_names_what_it_came_from(
    tmp_path: Path,
) -> None:
    outcomes = [{"id": "first", "label": "Letters read"}, {"id": "letters_read"}]
    scales = {o["id"]: {"minimum": 0, "better": "higher"} for o in outcomes}
    outcomes[0]["column"] = "letters_read"
    config = _with(SHORT, ("outcomes", outcomes), ("scales", scales))
    told = _refusal(short_trial(tmp_path, config))
    assert "label 'Letters read' is there 2 times" in told
    assert "(filled in: the id; write the key to have another)" in told


def test_parameters_of_ids_that_begin_alike_differ(tmp_path: Path) -> None:
    names = ["letters_read", "letters_right", "letters_rest"]
    scales = {name: {"minimum": 0, "better": "higher"} for name in names}
    config = _with(
        SHORT, ("outcomes", [{"id": name} for name in names]), ("scales", scales)
    )
    header, *rows = short_rows()
    rows = [f"{row},1,{i}" for i, row in enumerate(rows)]
    rows = [row.replace(",1,", f",{i % 5},") for i, row in enumerate(rows)]
    path = short_trial(
        tmp_path, config, [f"{header},letters_right,letters_rest", *rows]
    )
    parameters = [outcome.parameter for outcome in read_settings(path).outcomes]
    assert parameters == ["LETTERSR", "LETTERS2", "LETTERS3"]


def test_an_absent_or_foreign_raw_file_is_told_with_its_remedy(tmp_path: Path) -> None:
    path = short_trial(tmp_path)
    (tmp_path / "letters.csv").unlink()
    told = _refusal(path)
    assert "letters.csv: no such raw file; put it there, or correct `file:`" in told
    (tmp_path.parent / "outside.csv").write_text("\n".join(short_rows()), "utf-8")
    foreign = SHORT.replace("letters.csv", "../outside.csv")
    assert "put the file into the trial's folder" in _refusal(
        short_trial(tmp_path, foreign)
    )


def test_no_raw_file_is_read_where_nothing_is_missing() -> None:
    text = COMPLETE["bundled"]
    alone = parse_configuration(text, "config.yaml")
    assert parse_configuration(text, "config.yaml", Path("/none")) == alone


def test_the_configuration_that_the_readme_shows_is_whole(tmp_path: Path) -> None:
    readme = (PROJECT / "README.md").read_text("utf-8")
    [config] = re.findall(r"```yaml\n(trial:.*?)```", readme, flags=re.DOTALL)
    path = short_trial(tmp_path, config)
    rows = ["patient,arm,week,score"]
    rows += [f"P{i},placebo,{week},{40 - i}" for i in range(4) for week in (0, 8)]
    (tmp_path / "visits.csv").write_text("\n".join(rows), "utf-8")
    assert read_settings(path).visits.weeks == [0, 8]


def test_of_a_workbook_with_a_sheet_a_table_no_sheet_is_guessed() -> None:
    """The visits would else be looked for in the sheet of the subjects."""
    written = parse_yaml(COMPLETE["bundled"]).content
    data = written["data"]
    for name, sheet in (("subjects", "Who"), ("visits", ""), ("exposure", "Doses")):
        data[name]["file"] = "data/trial.xlsx"
        if sheet:
            data[name]["sheet"] = sheet
    filled = completed(written, Path("/no such folder")).content["data"]
    assert filled["subjects"]["sheet"] == "Who"
    assert "sheet" not in filled["visits"]
    del data["exposure"]["sheet"]
    filled = completed(written, Path("/no such folder")).content["data"]
    assert filled["visits"]["sheet"] == "Who"
