"""Checks that every patient has the covariates that the models take."""

from collections.abc import Iterator

import pandas as pd

from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding
from alsdecline.settings.data_plan import DataPlan

OR_LEAVE_OUT = "or take the covariate out of `models: covariates:` in config.yaml"


def missing_covariates(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find patients without a covariate, or with a level that is not the plan's."""
    subjects = files.tables["subjects"]
    for covariate in plan.covariates:
        column, levels = covariate.column, covariate.levels
        values = subjects[column]
        strange = values.isna() | (bool(levels) & ~values.isin(levels))
        for _, subject in subjects[strange].iterrows():
            value = subject[column]
            wrong = "is none of the levels" if pd.notna(value) else "is missing"
            of = f" ({', '.join(levels)})" if levels else ""
            message = (
                f"{column} of patient {subject['patient']}, a covariate of the models, "
                f"{wrong}{of}; correct it, {OR_LEAVE_OUT}"
            )
            yield files.finding(
                "subjects",
                "fatal",
                "covariate",
                subject[ROW],
                column,
                value,
                message,
            )
