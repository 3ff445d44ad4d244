"""The bundled trial's raw files are what data/README.md says they are.

The design is the abstract's (Nagano et al., Neurol Res 2005;27:768-72): 9 patients, 3
against 0.5 ug/kg every 2 weeks for 40 weeks, no serious adverse events; ranges of the
Norris scale are those of the usual description, 21 and 13 items of 0 to 3.
"""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

ROOT = Path(__file__).parents[3]
DATA = ROOT / "data"
FILES = sorted(path.name for path in DATA.glob("*.csv"))
MEASURED = ["norris_limb", "norris_bulbar", "fvc_percent"]


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / name)


def texts(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / name, dtype=str, keep_default_na=False)


@pytest.fixture
def visits() -> pd.DataFrame:
    """Visits with the day from randomisation and the day and way of the end."""
    found = table("visits.csv").merge(table("subjects.csv"), on="subject_id")
    found = found.merge(table("events.csv"), on="subject_id")
    origin = pd.to_datetime(found["randomisation_date"])
    found["day"] = (pd.to_datetime(found["visit_date"]) - origin).dt.days
    found["last_day"] = (pd.to_datetime(found["event_date"]) - origin).dt.days
    return found


def test_the_committed_files_are_what_the_generating_values_give(
    tmp_path: Path,
) -> None:
    script = ROOT / "scripts" / "simulate_trial.py"
    subprocess.run(
        [sys.executable, script, DATA / "simulation.yaml", tmp_path], check=True
    )
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {name: (DATA / name).read_bytes() for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_files_are_utf_8_with_line_feeds(name: str) -> None:
    content = (DATA / name).read_bytes()
    assert content.decode("utf-8").endswith("\n")
    assert b"\r" not in content


def test_nine_patients_of_whom_four_have_the_high_dose() -> None:
    subjects = table("subjects.csv")
    assert subjects["subject_id"].tolist() == [f"IGF-{i:03d}" for i in range(1, 10)]
    assert subjects["arm"].value_counts().to_dict() == {"low": 5, "high": 4}
    assert subjects["randomisation_date"].str.startswith("2003-").all()


def test_the_total_is_limb_and_bulbar_and_blank_if_one_is() -> None:
    found = table("visits.csv")
    parts = found[["norris_limb", "norris_bulbar"]]
    total = found["norris_total"]
    assert (total.isna() == parts.isna().any(axis=1)).all()
    known = total.notna()
    assert (total[known] == parts[known].sum(axis=1)).all()


@pytest.mark.parametrize(
    ("column", "minimum", "maximum"),
    [
        ("norris_limb", 0, 63),
        ("norris_bulbar", 0, 39),
        ("norris_total", 0, 102),
        ("fvc_percent", 1, 200),
    ],
)
def test_outcomes_are_whole_numbers_on_their_scales(
    column: str, minimum: int, maximum: int
) -> None:
    written = texts("visits.csv")[column]
    values = written[written != ""]
    assert values.str.fullmatch(r"\d+").all()
    assert values.astype(int).between(minimum, maximum).all()


def test_visits_keep_the_schedule(visits: pd.DataFrame) -> None:
    assert set(visits["visit_week"]) == set(range(0, 41, 2))
    assert not visits.duplicated(["subject_id", "visit_week"]).any()
    first = visits[visits["visit_week"] == 0]
    assert len(first) == 9
    assert (first["day"] == 0).all()
    assert ((visits["day"] - 7 * visits["visit_week"]).abs() <= 3).all()


def test_some_visits_are_missed_and_some_values_not_recorded(
    visits: pd.DataFrame,
) -> None:
    completed = visits[visits["event"] == "completed"]
    assert 0 < 8 * 21 - len(completed) < 0.15 * 8 * 21
    assert 0 < visits[MEASURED].isna().to_numpy().sum() < 0.1 * 3 * len(visits)


def test_one_patient_withdrew_early_and_all_others_completed(
    visits: pd.DataFrame,
) -> None:
    events = texts("events.csv")
    assert events["subject_id"].tolist() == texts("subjects.csv")["subject_id"].tolist()
    withdrawn = events["event"] == "withdrawn"
    assert withdrawn.sum() == 1
    assert (events.loc[~withdrawn, "event"] == "completed").all()
    assert ((events["reason"] != "") == withdrawn).all()
    own = visits[visits["event"] == "withdrawn"]
    assert (own["last_day"] == 23 * 7).all()
    assert own["visit_week"].max() == 22
    assert (visits["day"] <= visits["last_day"]).all()


def test_each_dose_is_the_arms_and_given_at_a_visit(visits: pd.DataFrame) -> None:
    doses = texts("exposure.csv")
    merged = doses.merge(
        visits,
        left_on=["subject_id", "dose_date"],
        right_on=["subject_id", "visit_date"],
    )
    assert len(merged) == len(doses)
    assert (
        merged["dose_ug_per_kg"] == merged["arm"].map({"low": "0.5", "high": "3"})
    ).all()
    assert 0 < len(visits) - len(doses) < 0.1 * len(visits)


def test_no_adverse_event_is_serious_and_all_begin_in_the_trial() -> None:
    found = table("adverse_events.csv").merge(table("subjects.csv"), on="subject_id")
    found = found.merge(table("events.csv"), on="subject_id")
    assert len(found) == len(table("adverse_events.csv")) > 0
    assert (found["serious"] == "N").all()
    # ISO 8601 dates sort as text.
    assert (found["start_date"] >= found["randomisation_date"]).all()
    assert (found["start_date"] <= found["event_date"]).all()
    ended = found[found["end_date"].notna()]
    assert (ended["end_date"] >= ended["start_date"]).all()


def test_the_dictionary_has_every_column_of_every_file_and_no_other() -> None:
    dictionary = texts("data_dictionary.csv")
    described = {
        name: rows["column"].tolist() for name, rows in dictionary.groupby("file")
    }
    assert described == {name: list(texts(name).columns) for name in FILES}
    assert (dictionary["description"] != "").all()


def test_values_are_of_the_type_and_category_that_the_dictionary_says() -> None:
    pattern = {
        "integer": r"-?\d+",
        "decimal": r"-?\d+(\.\d+)?",
        "date": r"\d{4}-\d{2}-\d{2}",
        "text": r".+",
    }
    for row in texts("data_dictionary.csv").itertuples(index=False):
        written = texts(str(row.file))[str(row.column)]
        values = written[written != ""]
        if row.type == "category":
            assert set(values) <= set(str(row.permitted).split("; ")), row
        else:
            assert values.str.fullmatch(pattern[str(row.type)]).all(), row


def test_the_readmes_truth_is_the_generating_values() -> None:
    plan = yaml.safe_load((DATA / "simulation.yaml").read_text("utf-8"))
    readme = (DATA / "README.md").read_text("utf-8")
    number = r"-?\d+(?:\.\d+)?"
    for name, outcome in plan["outcomes"].items():
        row = re.search(rf"^\| {name} \|(.*)\|$", readme, re.MULTILINE)
        assert row is not None, name
        assert [float(x) for x in re.findall(number, row[1])] == [
            outcome["intercept"]["mean"],
            outcome["intercept"]["sd"],
            outcome["slope"]["mean"],
            outcome["slope"]["sd"],
            outcome["effect"]["high"],
            outcome["sd_residual"],
        ]


def test_the_readme_tells_how_far_this_draw_is_from_the_truth(
    visits: pd.DataFrame,
) -> None:
    known = visits[visits["norris_limb"].notna()]
    slopes: dict[str, list[float]] = {"low": [], "high": []}
    for _, own in known.groupby("subject_id"):
        months = own["day"] / 30.4375
        slope = np.polyfit(months, own["norris_limb"], 1)[0]
        slopes[own["arm"].iloc[0]].append(slope)
    difference = np.mean(slopes["high"]) - np.mean(slopes["low"])
    readme = (DATA / "README.md").read_text("utf-8")
    assert f"differs by {difference:.1f} points a month" in readme


def test_the_true_effects_have_the_direction_that_the_abstract_reports() -> None:
    plan = yaml.safe_load((DATA / "simulation.yaml").read_text("utf-8"))
    effects = {name: o["effect"]["high"] for name, o in plan["outcomes"].items()}
    assert effects["limb"] > 0
    assert effects["bulbar"] == effects["fvc"] == 0
