"""Labels are no keys: rows that are labelled alike stay apart, and are traced apart."""

import pandas as pd
import pytest
import yaml

from alsdecline.analyses import descriptions, dispositions
from alsdecline.datasets.adsl import subject_level, with_population_flags
from alsdecline.datasets.bds import analysis_values, measured_values
from alsdecline.datasets.doses_and_events import adverse_event_records
from alsdecline.declared_tables import TABLES
from alsdecline.raw.files import read_trial_files
from alsdecline.settings.data_planning import data_plan
from alsdecline.settings.file import read_settings
from alsdecline.stable_files import write_parquet
from alsdecline.trace.registry import BEHIND
from alsdecline.trace.results import TrialResults
from support.data_faults import ADVERSE
from support.trial_folder import cell, copy_bundled_trial

LABELS = {
    "age": "Norris limb at baseline",
    "sex": "Patients",
    "onset_site": "Norris limb at baseline (age)",
    "months_since_onset": "a/b:c {x} <b>",
    "riluzole": "limb",
}
"""Of characteristics: an outcome's row, the first row, an outcome's id and others."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> TrialResults:
    """Write the datasets of the bundled trial, labelled so that names collide."""
    folder = copy_bundled_trial(tmp_path_factory.mktemp("labels") / "trial")
    cell(ADVERSE, 2, "term", "any serious")(folder)
    config = folder / "config.yaml"
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    for characteristic in content["data"]["subjects"]["characteristics"]:
        characteristic["label"] = LABELS[characteristic["column"]]
    content["populations"] = {
        "FASFL": {"label": "Analysed", "dosed": True},
        "PPFL": {"label": "Analysed", "values_after_baseline": ["fvc"]},
    }
    config.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    plan = data_plan(read_settings(config))
    files, _ = read_trial_files(plan, folder)
    adsl = subject_level(plan, files)
    values = analysis_values(plan, measured_values(plan, files, adsl), adsl)
    datasets = {
        "adsl": with_population_flags(plan, adsl, values),
        "adae": adverse_event_records(plan, files),
        **{f"bds/{name}": frame for name, frame in values.items()},
    }
    for name, frame in datasets.items():
        write_parquet(folder / f"results/data/{name}.parquet", frame)
    return TrialResults(folder)


def _baseline(results: TrialResults) -> pd.DataFrame:
    values = {o.id: results.bds(o.id) for o in results.plan.outcomes}
    return descriptions.baseline_characteristics(
        results.dataset("data/adsl"),
        descriptions.baseline_values(values),
        {o.id: o.label for o in results.plan.outcomes},
        results.plan.arms,
        results.plan.data.subjects.characteristics,
    )


def test_each_mean_at_baseline_is_traced_to_its_own_values(
    results: TrialResults,
) -> None:
    name = "baseline_characteristics"
    rows = _baseline(results)
    assert not rows.duplicated(list(TABLES[name].keys)).any()
    adsl = results.dataset("data/adsl")
    traced = set()
    for row in rows[rows["statistic"] == "mean"].to_dict("records"):
        behind = BEHIND[name](results, name, {k: str(v) for k, v in row.items()}, "")
        selected = behind.selections[-1]
        frame = adsl if selected.dataset == "adsl" else None
        if frame is None:
            frame = results.bds(selected.dataset.removeprefix("bds/"))
        values = frame[behind.variable].iloc[selected.rows]
        assert values.astype(float).mean() == pytest.approx(row["value"])
        traced.add((selected.dataset, behind.variable))
    assert ("adsl", "AGE") in traced
    assert ("bds/limb", "AVAL") in traced


def test_an_outcome_keeps_its_name_and_a_characteristic_gets_its_column(
    results: TrialResults,
) -> None:
    names = [*_baseline(results)["characteristic"].unique()]
    assert names == [
        "Patients",
        "Norris limb at baseline (age)",
        "Patients (sex)",
        "Norris limb at baseline (age) (onset_site)",
        "a/b:c {x} <b>",
        "limb",
        "Norris total at baseline",
        "Norris limb at baseline",
        "Norris bulbar at baseline",
        "Forced vital capacity at baseline",
    ]


def test_populations_of_one_label_are_traced_to_their_own_flags(
    results: TrialResults,
) -> None:
    recorded = dispositions.Recorded(exposure=True, events=True, adverse_events=True)
    labels = {flag: p.label for flag, p in results.plan.populations.items()}
    rows = dispositions.disposition(
        results.dataset("data/adsl"), results.plan.arms, recorded, labels
    )
    assert not rows.duplicated(list(TABLES["disposition"].keys)).any()
    inside = rows[rows["status"] == "in the population"]
    flags = {
        row["reason"]: BEHIND["disposition"](results, "disposition", row, "n").variable
        for row in inside.to_dict("records")
    }
    assert flags == {"Analysed": "FASFL", "Analysed (PPFL)": "PPFL"}


def test_a_term_called_as_a_summary_is_counted_and_traced_apart(
    results: TrialResults,
) -> None:
    adsl, events = results.dataset("data/adsl"), results.dataset("data/adae")
    years = dispositions.years_followed(adsl, {"limb": results.bds("limb")})
    rows = dispositions.adverse_events(adsl, events, results.plan.arms, years)
    assert not rows.duplicated(list(TABLES["adverse_events"].keys)).any()
    together = rows[rows["arm"] == "all"].set_index("term")["events"]
    assert together["any serious"] == 0
    assert together["any serious (term)"] == 1
    row = {"term": "any serious (term)", "severity": "", "arm": "all"}
    behind = BEHIND["adverse_events"](results, "adverse_events", row, "events")
    assert behind.variable == "AETERM"
    assert "AETERM = any serious" in behind.data_subset
