"""The descriptive tables of the bundled trial, against its raw files.

Values are counted and worked out by hand from data/*.csv, or by plain pandas from them.
Arm high has patients 001, 003, 008 and 009, arm low the other five.
"""

import dataclasses
import math
from pathlib import Path

import pandas as pd
import pytest

from alsdecline.analyses import descriptions, dispositions
from alsdecline.datasets.adsl import subject_level
from alsdecline.datasets.bds import analysis_values, measured_values
from alsdecline.datasets.doses_and_events import adverse_event_records, dose_records
from alsdecline.raw.files import TrialFiles, read_trial_files
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.data_planning import data_plan
from alsdecline.settings.file import read_settings

ROOT = Path(__file__).parents[3]
HIGH = ["IGF-001", "IGF-003", "IGF-008", "IGF-009"]
LABELS = {
    "total": "Norris total",
    "limb": "Norris limb",
    "bulbar": "Norris bulbar",
    "fvc": "Forced vital capacity",
}
MEASURED = {"limb": "norris_limb", "bulbar": "norris_bulbar", "fvc": "fvc_percent"}


@pytest.fixture(scope="module")
def trial() -> tuple[DataPlan, TrialFiles]:
    plan = data_plan(read_settings(ROOT / "config.yaml"))
    files, findings = read_trial_files(plan, ROOT)
    assert findings == []
    return plan, files


@pytest.fixture(scope="module")
def adsl(trial: tuple[DataPlan, TrialFiles]) -> pd.DataFrame:
    return subject_level(*trial)


@pytest.fixture(scope="module")
def values(
    trial: tuple[DataPlan, TrialFiles], adsl: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    return analysis_values(trial[0], measured_values(*trial, adsl), adsl)


def raw(name: str) -> pd.DataFrame:
    frame = pd.read_csv(ROOT / "data" / f"{name}.csv")
    high = frame["subject_id"].isin(HIGH)
    return frame.assign(group=high.map({True: "high", False: "low"}))


def cell(frame: pd.DataFrame, value: str = "value", **keys: object) -> float:
    """Return the value of the one row with these keys."""
    for column, key in keys.items():
        frame = frame[frame[column] == key]
    assert len(frame) == 1, f"{len(frame)} rows with {keys}"
    return float(frame[value].item())


def test_numbers_are_described_by_their_usual_statistics() -> None:
    # 2, 4, 9: mean 5, deviations -3, -1, 4, sum of squares 26
    found = descriptions.number_statistics(pd.Series([4.0, None, 9.0, 2.0]))
    assert found == pytest.approx(
        {"n": 3, "mean": 5, "sd": math.sqrt(13), "median": 4, "min": 2, "max": 9}
    )


def test_one_number_has_no_sd_and_none_has_a_count_alone() -> None:
    one = descriptions.number_statistics(pd.Series([7.0]))
    assert (one["n"], one["mean"], one["median"]) == (1, 7, 7)
    assert math.isnan(one["sd"])
    assert descriptions.number_statistics(pd.Series([None, None])) == {"n": 0}


@pytest.fixture(scope="module")
def baseline(
    trial: tuple[DataPlan, TrialFiles],
    adsl: pd.DataFrame,
    values: dict[str, pd.DataFrame],
) -> pd.DataFrame:
    plan, _ = trial
    return descriptions.baseline_characteristics(
        adsl,
        descriptions.baseline_values(values),
        LABELS,
        plan.arms,
        plan.data.subjects.characteristics,
    )


@pytest.mark.parametrize(
    ("arm", "statistic", "expected"),
    [
        # 80, 47, 54, 50: sum of squared deviations from 57.75 is 684.75
        ("high", "n", 4),
        ("high", "mean", 57.75),
        ("high", "sd", math.sqrt(684.75 / 3)),
        ("high", "median", 52),
        # 61, 47, 45, 56, 77: sum of squared deviations from 57.2 is 660.8
        ("low", "mean", 57.2),
        ("low", "sd", math.sqrt(660.8 / 4)),
        ("low", "median", 56),
        ("low", "min", 45),
        ("low", "max", 77),
        ("all", "mean", 517 / 9),
        ("all", "median", 54),
    ],
)
def test_ages_are_described_by_arm(
    baseline: pd.DataFrame, arm: str, statistic: str, expected: float
) -> None:
    found = cell(baseline, characteristic="Age, years", arm=arm, statistic=statistic)
    assert found == pytest.approx(expected)


def test_arms_are_compared_in_standard_deviations(baseline: pd.DataFrame) -> None:
    """Ages 57.75 and 57.2; women are 1 of 4 on high and 3 of 5 on low."""
    keys = {"arm": "high", "statistic": "standardised_difference"}
    ages = cell(baseline, characteristic="Age, years", **keys)
    spread = math.sqrt((684.75 / 3 + 660.8 / 4) / 2)
    assert ages == pytest.approx((57.75 - 57.2) / spread)
    women = cell(baseline, characteristic="Sex", level="F", **keys)
    shares = math.sqrt((0.25 * 0.75 + 0.6 * 0.4) / 2)
    assert women == pytest.approx((0.25 - 0.6) / shares)
    of_arms = baseline.loc[baseline["statistic"] == keys["statistic"], "arm"]
    assert set(of_arms) == {"high"}


def test_who_does_not_vary_has_no_standardised_difference() -> None:
    same = pd.Series([1.0, 1.0])
    assert math.isnan(descriptions.standardised_difference(same, same, shares=True))
    assert math.isnan(
        descriptions.standardised_difference(same, same[:0], shares=False)
    )


def test_categories_are_counted_by_arm(baseline: pd.DataFrame) -> None:
    sex = baseline[baseline["characteristic"] == "Sex"]
    counts = {
        (arm, level): cell(sex, arm=arm, level=level, statistic="n")
        for arm in ("low", "high", "all")
        for level in ("F", "M")
    }
    assert counts == {
        ("low", "F"): 3,
        ("low", "M"): 2,
        ("high", "F"): 1,
        ("high", "M"): 3,
        ("all", "F"): 4,
        ("all", "M"): 5,
    }
    assert cell(sex, arm="low", level="F", statistic="percent") == pytest.approx(60)
    assert cell(sex, arm="high", level="F", statistic="percent") == pytest.approx(25)


@pytest.mark.parametrize("outcome", MEASURED)
def test_baselines_are_the_values_of_week_0(
    baseline: pd.DataFrame, outcome: str
) -> None:
    label = LABELS[outcome]
    week_0 = raw("visits").query("visit_week == 0")
    for arm, group in [*week_0.groupby("group"), ("all", week_0)]:
        scores = group[MEASURED[outcome]]
        for statistic, expected in {
            "n": len(scores),
            "mean": scores.mean(),
            "sd": scores.std(),
            "median": scores.median(),
        }.items():
            found = cell(
                baseline,
                characteristic=f"{label} at baseline",
                arm=arm,
                statistic=statistic,
            )
            assert found == pytest.approx(expected)


def test_what_became_of_the_patients_is_counted(
    trial: tuple[DataPlan, TrialFiles], adsl: pd.DataFrame
) -> None:
    recorded = dispositions.Recorded(True, True, True)
    table = dispositions.disposition(adsl, trial[0].arms, recorded)
    counts = {
        (r.status, r.reason, r.arm): r.n for r in table.itertuples() if r.arm != "all"
    }
    assert counts == {
        ("randomized", "", "low"): 5,
        ("randomized", "", "high"): 4,
        ("dosed", "", "low"): 5,
        ("dosed", "", "high"): 4,
        ("completed", "", "low"): 4,
        ("completed", "", "high"): 4,
        ("withdrawn", "", "low"): 1,  # IGF-004
        ("withdrawn", "", "high"): 0,
        ("withdrawn", "patient's decision", "low"): 1,
        ("withdrawn", "patient's decision", "high"): 0,
        ("died", "", "low"): 0,
        ("died", "", "high"): 0,
        ("no record of the end", "", "low"): 0,
        ("no record of the end", "", "high"): 0,
    }
    assert cell(table, "n", status="completed", reason="", arm="all") == 8
    percent = cell(table, "percent", status="withdrawn", reason="", arm="low")
    assert percent == pytest.approx(20)


def test_doses_are_counted_by_arm_and_patient(
    trial: tuple[DataPlan, TrialFiles], adsl: pd.DataFrame
) -> None:
    table = dispositions.exposure(adsl, dose_records(*trial), trial[0].arms)
    doses = raw("exposure").assign(
        date=lambda frame: pd.to_datetime(frame["dose_date"])
    )
    assert cell(table, quantity="doses given, all patients", arm="all") == 164
    for arm, group in doses.groupby("group"):
        by_patient = group.groupby("subject_id")
        days = (by_patient["date"].max() - by_patient["date"].min()).dt.days
        assert (
            cell(table, quantity="patients dosed", arm=arm)
            == {"low": 5, "high": 4}[arm]
        )
        assert cell(table, quantity="doses given, all patients", arm=arm) == len(group)
        for quantity, expected in {
            "doses given": by_patient.size(),
            "days from first to last dose": days,
            "dose, µg/kg": pd.Series({"low": 0.5, "high": 3.0}[arm], index=days.index),
        }.items():
            for statistic in ("mean", "median", "min", "max"):
                found = cell(table, quantity=quantity, arm=arm, statistic=statistic)
                assert found == pytest.approx(getattr(expected, statistic)())


@pytest.mark.parametrize(
    ("term", "severity", "arm", "patients", "events"),
    [
        ("any", "", "high", 4, 18),
        ("any", "", "low", 4, 7),  # all but IGF-006
        ("any", "", "all", 8, 25),
        ("any", "severe", "high", 1, 1),
        ("any", "severe", "low", 0, 0),
        ("any", "moderate", "low", 1, 3),  # IGF-004
        ("any serious", "", "all", 0, 0),
        ("any related", "", "high", 3, 3),  # IGF-001, 008, 009
        ("any related", "", "low", 1, 1),
        ("Nasopharyngitis", "", "high", 2, 4),
        ("Nasopharyngitis", "", "low", 2, 2),
        ("Nausea", "", "low", 0, 0),
    ],
)
def test_adverse_events_are_counted_by_patient_and_by_event(
    trial: tuple[DataPlan, TrialFiles],
    adsl: pd.DataFrame,
    term: str,
    severity: str,
    arm: str,
    patients: int,
    events: int,
) -> None:
    years = pd.Series(1.0, index=adsl["USUBJID"])
    table = dispositions.adverse_events(
        adsl, adverse_event_records(*trial), trial[0].arms, years
    )
    keys = {"term": term, "severity": severity, "arm": arm}
    assert cell(table, "patients", **keys) == patients
    assert cell(table, "events", **keys) == events
    size = {"high": 4, "low": 5, "all": 9}[arm]
    assert cell(table, "percent", **keys) == pytest.approx(100 * patients / size)
    assert cell(table, "patient_years", **keys) == size
    assert cell(table, "rate", **keys) == pytest.approx(events / size)


def test_patients_are_followed_to_their_end_else_to_their_last_value() -> None:
    days = pd.to_datetime(["2020-01-01", "2020-01-01", "2020-01-01", "2020-01-01"])
    ends = pd.to_datetime(["2021-01-01", None, None, "2019-12-30"])
    adsl = pd.DataFrame({"USUBJID": ["P1", "P2", "P3", "P4"], "ZERODT": days})
    adsl["EOSDT"] = ends
    seen = pd.DataFrame(
        {
            "USUBJID": ["P1", "P2", "P2", "P2"],
            "ADT": pd.to_datetime(["2021-06-01", "2020-01-31", "2020-03-01", None]),
            "AVAL": [1.0, 1.0, 1.0, None],
            "DTYPE": ["", "", "LOCF", ""],
        }
    )
    # 2020 has 366 days; of P3 nothing is known, and nobody is followed backwards
    years = dispositions.years_followed(adsl, {"score": seen})
    assert years.to_dict() == {"P1": 366 / 365.25, "P2": 30 / 365.25, "P3": 0, "P4": 0}


def test_every_adverse_event_is_counted_under_its_term(
    trial: tuple[DataPlan, TrialFiles], adsl: pd.DataFrame
) -> None:
    years = pd.Series(1.0, index=adsl["USUBJID"])
    table = dispositions.adverse_events(
        adsl, adverse_event_records(*trial), trial[0].arms, years
    )
    expected = raw("adverse_events")["term"].value_counts().to_dict()
    counts = table[(table["arm"] == "all") & ~table["term"].str.startswith("any")]
    assert dict(zip(counts["term"], counts["events"], strict=True)) == expected


@pytest.mark.parametrize("outcome", MEASURED)
def test_values_and_changes_are_described_by_visit_and_arm(
    trial: tuple[DataPlan, TrialFiles],
    values: dict[str, pd.DataFrame],
    outcome: str,
) -> None:
    table = descriptions.change_from_baseline(values, trial[0].arms)
    table = table[table["outcome"] == outcome]
    visits = raw("visits").rename(columns={MEASURED[outcome]: "AVAL"})
    week_0 = visits[visits["visit_week"] == 0].set_index("subject_id")["AVAL"]
    visits["CHG"] = visits["AVAL"] - visits["subject_id"].map(week_0)
    n_checked = 0
    for (week, arm), group in visits.groupby(["visit_week", "group"]):
        for variable in ("AVAL", "CHG"):
            scores = group[variable].dropna()
            keys = {"week": week, "arm": arm, "variable": variable}
            if variable == "CHG" and week == 0:
                continue
            for statistic, expected in {
                "n": len(scores),
                "mean": scores.mean(),
                "sd": scores.std(),
                "median": scores.median(),
                "min": scores.min(),
                "max": scores.max(),
            }.items():
                found = cell(table, statistic, **keys)
                assert found == pytest.approx(expected, nan_ok=True)
                n_checked += 1
    # 21 visits of two arms, value and change but for week 0, six statistics each
    assert n_checked == (21 * 2 * 2 - 2) * 6
    assert len(table) == 21 * 2 * 2 - 2


def test_changes_of_the_total_are_those_of_its_parts_together(
    trial: tuple[DataPlan, TrialFiles], values: dict[str, pd.DataFrame]
) -> None:
    table = descriptions.change_from_baseline(values, trial[0].arms)
    visits = raw("visits")
    visits["total"] = visits["norris_limb"] + visits["norris_bulbar"]
    at_40 = visits[visits["visit_week"] == 40].set_index("subject_id")
    at_0 = visits[visits["visit_week"] == 0].set_index("subject_id")
    change = (at_40["total"] - at_0["total"]).dropna()
    high = change.index.isin(HIGH)
    keys = {"outcome": "total", "week": 40, "variable": "CHG"}
    assert cell(table, "mean", arm="high", **keys) == pytest.approx(change[high].mean())
    assert cell(table, "mean", arm="low", **keys) == pytest.approx(change[~high].mean())


def test_a_trial_without_doses_and_adverse_events_is_described(
    trial: tuple[DataPlan, TrialFiles], adsl: pd.DataFrame
) -> None:
    plan, files = trial
    none = dataclasses.replace(
        files,
        tables={name: files.tables[name] for name in ("subjects", "visits")},
    )
    undosed = subject_level(plan, none)
    doses = dispositions.exposure(undosed, dose_records(plan, none), plan.arms)
    assert cell(doses, quantity="patients dosed", arm="all") == 0
    assert cell(doses, quantity="doses given, all patients", arm="all") == 0
    events = adverse_event_records(plan, none)
    table = dispositions.adverse_events(
        undosed, events, plan.arms, pd.Series(1.0, index=undosed["USUBJID"])
    )
    assert cell(table, "patients", term="any", arm="all") == 0
    nothing = dispositions.Recorded(False, False, False)
    status = dispositions.disposition(undosed, plan.arms, nothing)
    assert set(status["status"]) == {"randomized"}
    assert cell(status, "n", status="randomized", arm="all") == len(adsl)


def test_numbers_analysed_name_who_has_no_value(
    trial: tuple[DataPlan, TrialFiles], adsl: pd.DataFrame
) -> None:
    plan, files = trial
    values = analysis_values(plan, measured_values(plan, files, adsl), adsl)
    limb = values["limb"]
    without = limb[limb["USUBJID"] != "IGF-001"]
    table = descriptions.numbers_analysed(adsl, {"limb": without}, plan.arms)
    high = table[table["arm"] == "high"].iloc[0]
    assert (high["randomized"], high["patients"]) == (4, 3)
    assert high["without"] == "IGF-001"
    assert table["values"].sum() == len(without)
