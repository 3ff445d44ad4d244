"""Trials of one outcome by their folders alone: burden, on which higher is worse.

Patients' ids begin with zeros, and there is no file but subjects and visits. All data
are simulated here.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import yaml

from support.configurations import Change, changed
from support.trial_folder import PROJECT

FIRST = np.datetime64("2020-03-02")
"""The day of every patient's randomisation."""

OUTCOME = "priors.outcomes.burden"


def write_burden_trial(
    folder: Path,
    slopes: Mapping[str, float],
    *,
    patients: int,
    weeks: Sequence[int],
    between: float,
    seed: int,
    changes: Sequence[Change],
) -> None:
    """Write configuration and raw files of a trial into a folder.

    Parameters
    ----------
    folder : Path
        Where to; made here.
    slopes : mapping of str to float
        True mean slope of each arm in points a month, the reference first.
    patients : int
        How many, allocated to the arms in turn.
    weeks : sequence of int
        Of the visits.
    between : float
        SD of the slopes between patients; that of the baselines is 5, of a value 1.
    seed : int
        Of the simulation.
    changes : sequence of Change
        What the configuration has otherwise.
    """
    folder.mkdir()
    config = yaml.safe_load((PROJECT / "config.yaml").read_text(encoding="utf-8"))
    config["data"] = {
        "subjects": {"file": "subjects.csv"},
        "visits": {"file": "visits.csv"},
        "cutoff": "2021-12-31",
    }
    groups = [{"id": arm, "label": f"arm {arm} ($)"} for arm in slopes]
    config["arms"] = {"reference": next(iter(slopes)), "groups": groups}
    config["scales"] = {
        "burden": {
            "name": "burden",
            "unit": "points",
            "minimum": 0,
            "maximum": 100,
            "better": "lower",
            "source": "made up for this test",
        }
    }
    outcome = {"id": "burden", "label": "Burden", "parameter": "BURDEN"}
    config["outcomes"] = [outcome | {"scale": "burden", "column": "burden"}]
    config["visits"] = {"weeks": list(weeks), "window_days": 6}
    config["models"] = {"single": ["burden"]}
    prior = config["priors"]["outcomes"]["total"]
    del prior["basis"]
    config["priors"]["outcomes"] = {"burden": prior}
    config["priors"]["alternatives"] = {"weak": {"effect": 10}}
    changed(
        config,
        (f"{OUTCOME}.baseline", {"mean": 30, "sd": 15}),
        ("design.simulated", None),
        ("sampler.draws", 1000),
        ("gates.interval_error", 0.2),
        ("summaries.horizon_week", weeks[-1]),
        ("summaries.equality_of_effects", []),
        *changes,
    )
    text = yaml.safe_dump(config, allow_unicode=True, sort_keys=False)
    (folder / "config.yaml").write_text(text, encoding="utf-8")

    rng, arms = np.random.default_rng(seed), list(slopes)
    subjects, visits = ["patient,arm,randomisation_date"], []
    for number in range(patients):
        patient, arm = f"{number + 1:03d}", arms[number % len(arms)]
        subjects.append(f"{patient},{arm},{FIRST}")
        start, slope = rng.normal(30, 5), rng.normal(slopes[arm], between)
        for week in weeks:
            day = FIRST + np.timedelta64(7 * week, "D")
            value = start + slope * 7 * week / 30.4375 + rng.normal(0, 1)
            visits.append(f"{patient},{day},{week},{max(value, 0):.2f}")
    (folder / "subjects.csv").write_text("\n".join(subjects) + "\n")
    header = "patient,visit_date,visit_week,burden\n"
    (folder / "visits.csv").write_text(header + "\n".join(visits) + "\n")
