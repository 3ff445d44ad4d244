"""Clean trials of the bundled design, simulated, and the findings that they have."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from alsdecline.raw.findings import Finding
from alsdecline.simulation.files import raw_files
from alsdecline.simulation.plan import read_plan
from support.hand_trial import findings_in, plan_of
from support.trial_folder import PROJECT, findings_of

ITEMS = [f"q{number}" for number in range(1, 13)]
DOMAINS = np.repeat(range(4), 3)
"""Bulbar, fine motor, gross motor, respiratory: three items of ALSFRS-R each."""


def simulated_trial(folder: Path, seed: int, every_weeks: int = 2) -> list[Finding]:
    """Write the bundled trial anew from a seed, and return what is found in it."""
    generating = (PROJECT / "data/simulation.yaml").read_text(encoding="utf-8")
    plan = yaml.safe_load(generating)
    plan["trial"]["seed"] = seed
    plan["visits"]["every_weeks"] = every_weeks
    (folder / "data").mkdir(parents=True, exist_ok=True)
    config = (PROJECT / "config.yaml").read_bytes()
    (folder / "config.yaml").write_bytes(config)
    (folder / "simulation.yaml").write_text(yaml.safe_dump(plan), encoding="utf-8")
    for name, frame in raw_files(read_plan(folder / "simulation.yaml")).items():
        (folder / "data" / name).write_text(frame.to_csv(index=False))
    return findings_of(folder)


def trial_of_items(folder: Path, seed: int, patients: int = 9) -> list[Finding]:
    """Write visits with the items of ALSFRS-R, 2% of them missing; return findings.

    Each domain starts and falls by itself (a mean of 3.3 points an item, and of 0.07 a
    month); an item's points vary by 0.4 about it.
    """
    rng = np.random.default_rng(seed)
    weeks = np.arange(0, 41, 4)
    start = rng.normal(3.3, 0.6, (patients, 4))
    slope = np.minimum(rng.normal(-0.07, 0.06, (patients, 4)), 0.02)
    months = weeks / 4.345
    level = start[:, None, :] + slope[:, None, :] * months[None, :, None]
    items = level[:, :, DOMAINS] + rng.normal(0, 0.4, (patients, weeks.size, 12))
    points = np.clip(np.rint(items), 0, 4)
    points[rng.random(points.shape) < 0.02] = np.nan
    names = [f"P{number}" for number in range(patients)]
    dates = pd.Timestamp("2020-01-06") + pd.to_timedelta(7 * weeks, unit="D")
    rows = [
        [
            name,
            week,
            str(dates[j].date()),
            *points[i, j],
        ]
        for (i, name), (j, week) in itertools.product(
            enumerate(names), enumerate(weeks)
        )
    ]
    visits = pd.DataFrame(rows, columns=["patient", "visit_week", "visit_date", *ITEMS])
    subjects = pd.DataFrame({"patient": names})
    subjects["arm"] = ["a" if i % 2 else "b" for i in range(patients)]
    subjects["randomisation_date"] = "2020-01-06"
    plan = plan_of(
        {
            "id": "alsfrs_r",
            "scale": "alsfrs_r",
            "column": None,
            "items": ITEMS,
            "missing_items": "prorate",
        },
        visits={"weeks": weeks.tolist()},
    )
    _, found = findings_in(
        folder,
        plan,
        subjects=subjects.to_csv(index=False),
        visits=visits.to_csv(index=False, float_format="%g"),
    )
    return found
