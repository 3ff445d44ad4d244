"""Kenward and Roger's inference by R's pbkrtest, for the tests to compare with.

    python benchmarks/kenward_roger.py

Needs R with lme4 and pbkrtest, and the published trials. Writes
``tests/validation/kenward_roger.json``.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT / "scripts"), str(PROJECT / "tests")]

from support.reml_trials import RemlTrial, reml_trials  # noqa: E402

OUT = PROJECT / "tests/validation/kenward_roger.json"


def by_r(trial: RemlTrial) -> dict[str, object]:
    """Fit a trial in R."""
    columns = {"y": trial.response, "id": trial.groups}
    for letter, design in (("f", trial.fixed), ("r", trial.random)):
        columns |= {f"{letter}{i}": v for i, v in enumerate(design.values(), start=1)}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "trial.csv"
        pd.DataFrame(columns).to_csv(file, index=False, float_format="%.17g")
        script = PROJECT / "benchmarks/kenward_roger.R"
        done = subprocess.run(
            ["Rscript", script, file], capture_output=True, text=True, check=True
        )
    found: dict[str, object] = json.loads(done.stdout)
    q = len(trial.random)
    covariance = np.array(found["random_covariance"]).reshape(q, q)
    return found | {"random_covariance": covariance.tolist()}


def main() -> None:
    """Write the numbers of all trials."""
    shared = Path(os.environ.get("ALSDECLINE_REFERENCE", PROJECT.parent / "shared"))
    trials = reml_trials(shared)
    numbers = {name: by_r(trial) for name, trial in trials.items()}
    OUT.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
    print(f"{len(numbers)} trials written to {OUT}")


if __name__ == "__main__":
    main()
