"""What may be passed on tells of no patient; the rest is there."""

import pandas as pd

from alsdecline.report.shareable import ALL, groups_shown, shown_table

LIMIT = 5


def _characteristics(low: int, high: int) -> pd.DataFrame:
    """Return a table of two arms: sex, 3 women on low, and age."""
    rows = []
    for arm, n in (("low", low), ("high", high), ("all", low + high)):
        rows += [
            ("Patients", None, "n", arm, n),
            ("Sex", "F", "n", arm, 3),
            ("Sex", "F", "percent", arm, 300 / n),
            ("Sex", "M", "n", arm, n - 3),
            ("Sex", "M", "percent", arm, 100 - 300 / n),
            *(
                ("Age", None, name, arm, value)
                for name, value in {
                    "n": n,
                    "mean": 61.512345,
                    "sd": 9.25,
                    "median": 60.0,
                    "min": 43.0,
                    "max": 79.0,
                }.items()
            ),
            *(
                ("On riluzole, 1 or 0", None, name, arm, value)
                for name, value in {"n": n, "mean": 0.1, "min": 0, "max": 1}.items()
            ),
        ]
    rows.append(("Sex", "F", "standardised_difference", "high", 0.3))
    columns = ["characteristic", "level", "statistic", "arm", "value"]
    return pd.DataFrame(rows, columns=columns).astype({"value": "float64"})


def test_arms_are_shown_or_all_together_never_both() -> None:
    assert groups_shown(_characteristics(20, 30), LIMIT) == {"low": 20, "high": 30}
    assert groups_shown(_characteristics(20, 4), LIMIT) == {ALL: 24}
    assert groups_shown(_characteristics(2, 2), LIMIT) == {}


def test_of_a_characteristic_no_small_count_and_no_patients_value_is_shown() -> None:
    table = _characteristics(20, 30)
    shown = shown_table(
        "baseline_characteristics", table, groups_shown(table, LIMIT), LIMIT
    )
    assert "Sex" not in set(shown.frame["characteristic"])
    age = shown.frame[shown.frame["characteristic"] == "Age"]
    assert set(age["statistic"]) == {"n", "mean", "sd"}
    assert set(age["value"]) == {20, 30, 61.5, 9.25}
    binary = shown.frame[shown.frame["characteristic"].str.contains("riluzole")]
    assert set(binary["statistic"]) == {"n"}
    assert shown.left_out == len(table) - len(shown.frame)


ENDS = pd.DataFrame(
    {
        "status": [
            "randomized",
            "dosed",
            "completed",
            "withdrawn",
            "withdrawn",
            "died",
        ],
        "reason": [None, None, None, None, "moved away", None],
        "arm": "low",
        "n": [40.0, 38.0, 25.0, 3.0, 3.0, 12.0],
        "percent": [100, 95, 62.5, 7.5, 7.5, 30],
    }
)


def test_of_the_disposition_a_small_end_is_hidden_with_another_one() -> None:
    shown = shown_table("disposition", ENDS, {"low": 40}, LIMIT).frame
    # 38 dosed of 40 would tell of 2; 3 withdrawn are 40 less 25 and 12
    assert shown["status"].tolist() == ["randomized", "died"]
    assert "reason" not in shown


def test_of_adverse_events_terms_of_enough_patients_are_shown_without_events() -> None:
    table = pd.DataFrame(
        {
            "term": ["any", "any", "Fall", "Fever", "Nausea"],
            "severity": [None, "mild", None, None, None],
            "arm": "low",
            "patients": [30.0, 20.0, 12.0, 2.0, 38.0],
            "percent": 1.0,
            "events": [60.0, 30.0, 12.0, 2.0, 38.0],
        }
    )
    shown = shown_table("adverse_events", table, {"low": 40}, LIMIT).frame
    assert shown["term"].tolist() == ["any", "Fall"]
    assert "events" not in shown


def test_at_visits_numbers_that_tell_who_is_missing_are_not_there() -> None:
    table = pd.DataFrame(
        {
            "outcome": "limb",
            "visit": ["Week 0", "Week 4", "Week 8", "Week 12"],
            "week": [0.0, 4.0, 8.0, 12.0],
            "arm": "low",
            "variable": "AVAL",
            "n": [40.0, 38.0, 30.0, 4.0],
            "mean": 50.0,
            "sd": 5.0,
            "median": 50.0,
            "min": 40.0,
            "max": 60.0,
        }
    )
    shown = shown_table("change_from_baseline", table, {"low": 40}, LIMIT).frame
    assert shown["week"].tolist() == [0, 4, 8]
    assert shown["n"].fillna(-1).tolist() == [40, -1, 30]
    assert not {"median", "min", "max"} & set(shown)


def test_with_a_small_arm_there_are_no_estimates() -> None:
    table = pd.DataFrame(
        {"outcome": ["limb"], "test": ["welch"], "estimate": [1.0], "n_treated": [4]}
    ).reindex(
        columns=[
            *("estimand", "outcome", "test", "method", "arm", "estimate", "lower"),
            *("upper", "p_value", "n_treated", "excluded"),
        ]
    )
    shown = shown_table("slope_tests", table, {ALL: 24}, LIMIT)
    assert (len(shown.frame), shown.why) == (0, "an arm has fewer than 5 patients")
    shown = shown_table("slope_tests", table, {"low": 20, "high": 30}, LIMIT)
    assert len(shown.frame) == 1
    assert not {"n_treated", "excluded"} & set(shown.frame)
