"""Data that others made with errors on purpose: each is found, nothing else is fatal.

31 rows of R's package qualitycontrol (als_data): one visit a patient, the items of
ALSFRS-R, ages, onset and dates. What is wrong there is said in its SOURCE.md.
"""

from pathlib import Path

from support.hand_trial import findings_in, plan_of

ITEMS = [f"p{number}" for number in range(1, 10)] + ["x1r", "x2r", "x3r"]
PLAN = plan_of(
    {
        "id": "alsfrs_r",
        "label": "ALSFRS-R",
        "parameter": "ALSFRSR",
        "scale": "alsfrs_r",
        "column": None,
        "items": ITEMS,
    },
    data={
        "subjects": {
            "file": "als_data.csv",
            "columns": {"patient": "subjid", "randomisation_date": "baseline_date"},
            "characteristics": [
                {
                    "column": "age_at_baseline",
                    "label": "Age",
                    "kind": "number",
                    "usual": [18, 90],
                },
                {
                    "column": "age_at_onset",
                    "label": "Age at onset",
                    "kind": "number",
                    "usual": [18, 90],
                },
                {"column": "onset", "label": "Onset", "kind": "category"},
            ],
        },
        "visits": {
            "file": "als_data.csv",
            "columns": {"patient": "subjid", "visit_date": "baseline_date"},
        },
        "events": {
            "file": "als_data.csv",
            # the file is of deaths alone: whatever stands there, it is one
            "columns": {"patient": "subjid", "date": "death_date", "event": "onset"},
            "recode": {"event": {"*": "died"}},
        },
    },
    arms={
        "reference": "all_of_them",
        "groups": [{"id": "all_of_them", "label": "All"}],
    },
    visits={"weeks": [0], "window_days": 0, "windows": [{"week": 0, "target_day": 1}]},
    covariates=[{"column": "onset", "levels": ["bulbar", "spinal", "respiratory"]}],
)


def test_each_planted_error_is_found_and_nothing_else_is_fatal(
    reference: Path, tmp_path: Path
) -> None:
    content = (reference / "data/qualitycontrol_als/als_data.csv").read_bytes()
    _, findings = findings_in(
        tmp_path, PLAN, subjects=content, visits=content, events=content
    )
    fatal = {(f.rule, f.row, f.column) for f in findings if f.severity == "fatal"}
    assert fatal == {
        ("covariate", 3, "onset"),  # bulba
        ("not_a_date", 4, "death_date"),  # 9999-12-30
        ("range", 7, "x2r"),  # 5 of 4 points
        ("before_randomisation", 25, "death_date"),  # death before baseline
        ("after_death", 25, "baseline_date"),
        ("duplicate_patient", 32, "subjid"),  # 30 twice
        ("duplicate_event", 32, "subjid"),
    }
    warnings = {(f.rule, f.row, f.column) for f in findings if f.severity == "warning"}
    assert warnings == {
        ("items_missing", 12, "p8"),
        ("items_missing", 13, "p8"),
        ("items_missing", 14, "p8"),
        *(("no_values", row, "") for row in (12, 13, 14)),
        ("unusual", 16, "age_at_onset"),  # 376
        ("unusual", 29, "age_at_onset"),  # -23
    }
