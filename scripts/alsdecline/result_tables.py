"""Every table of results, declared once: its columns, its keys, what it shows.

From the declaration follow how a table is read, the ids of its values, the name of its
analysis in a trace and how two runs of it are compared. A new table is an entry of
``_DECLARED``, and a new column a word in one. It is long because all stand here.
"""

import dataclasses
from pathlib import Path, PurePath
from typing import Any

import pandas as pd

from alsdecline.stable_files import restored, write_csv
from alsdecline.value_ids import ROW_ID, row_id

DATA_KIND = "data_kind"
"""Last column of a table of results: whether the data are real or synthetic."""


@dataclasses.dataclass(frozen=True)
class ResultTable:
    """A table of results.

    Attributes
    ----------
    name : str
        Its path under ``results/tables``, or under ``results`` if it lies elsewhere,
        without suffix; of a table by outcome, its folder.
    keys : tuple of str
        Columns whose cells tell its rows apart.
    text, numbers, flags : tuple of str
        All its columns, but the one that marks synthetic data.
    analysis, method, description : str
        Name of the analysis that it shows, of its method, and what that does.
    matched : tuple of str
        Columns by which its estimates are matched between two runs, none if they are
        not compared.
    by_outcome : bool
        Whether it is a folder with a file for each outcome.
    """

    name: str
    keys: tuple[str, ...]
    text: tuple[str, ...]
    numbers: tuple[str, ...]
    flags: tuple[str, ...]
    analysis: str
    method: str
    description: str
    matched: tuple[str, ...] = ()
    by_outcome: bool = False

    @property
    def columns(self) -> frozenset[str]:
        """Names of all columns that it may have."""
        return frozenset({*self.text, *self.numbers, *self.flags, DATA_KIND})


def _table(
    name: str,
    *,
    keys: str,
    text: str = "",
    numbers: str = "",
    flags: str = "",
    analysis: tuple[str, str, str],
    matched: str = "",
    by_outcome: bool = False,
) -> ResultTable:
    """Declare a table; columns are separated by blanks, `text` needs no keys."""
    return ResultTable(
        name,
        tuple(keys.split()),
        tuple(dict.fromkeys([*keys.split(), *text.split()])),
        tuple(numbers.split()),
        tuple(flags.split()),
        *analysis,
        matched=tuple(matched.split()),
        by_outcome=by_outcome,
    )


SUMMARY = "Summary by group"
_BY_ARM = "n, mean, SD, median and range by arm"
_COUNTS = "counts and percentages of patients by arm"
_POSTERIOR = "Bayesian hierarchical model of decline"
_SUMMARISED = "summary of the draws of a fit; docs/models.md describes the model"
_STATISTICS = "n mean sd median min max"
_ERRORS = "error_of_estimate error_of_lower error_of_upper"
_ESTIMATES = f"estimate sd lower upper probability {_ERRORS}"
_INFERENCE = "estimate se df lower upper p_value"

_DECLARED = (
    _table(
        "baseline_characteristics",
        keys="characteristic level statistic arm",
        numbers="value",
        analysis=(
            "Baseline characteristics",
            SUMMARY,
            "counts, percentages, mean, SD, median and range by arm",
        ),
    ),
    _table(
        "disposition",
        keys="status reason arm",
        numbers="n percent",
        analysis=("Disposition of patients", SUMMARY, _COUNTS),
    ),
    _table(
        "exposure",
        keys="quantity statistic arm",
        numbers="value",
        analysis=("Exposure", SUMMARY, "statistics of the patients' doses by arm"),
    ),
    _table(
        "adverse_events",
        keys="term severity arm",
        numbers="patients percent events patient_years rate",
        analysis=(
            "Adverse events",
            SUMMARY,
            f"{_COUNTS}, events, and events a patient-year",
        ),
    ),
    _table(
        "numbers_analysed",
        keys="outcome arm",
        text="without",
        numbers="randomized patients values",
        analysis=("Numbers analysed", SUMMARY, _COUNTS),
    ),
    _table(
        "change_from_baseline",
        keys="outcome visit arm variable",
        numbers=f"week {_STATISTICS}",
        analysis=(
            "Values and changes from baseline by visit",
            SUMMARY,
            "n, mean, SD, median and range by arm and scheduled visit",
        ),
    ),
    _table(
        "design",
        keys="outcome arm property",
        numbers="value",
        analysis=(
            "What a trial of this size can show",
            "Properties of the design",
            "power and errors of a comparison of mean slopes, under assumptions",
        ),
    ),
    _table(
        "interval_properties",
        keys="arm analysis effect",
        text="outcome note",
        numbers="effect trials coverage coverage_error bias bias_error excludes_zero "
        "excludes_zero_error width divergent",
        analysis=(
            "What intervals of this design are worth",
            "Repeated trials of known effects",
            "coverage, bias and chance of excluding zero, by formula and by simulation",
        ),
    ),
    _table(
        "rate_of_decline",
        keys="outcome model quantity arm",
        text="estimand reason",
        numbers=_ESTIMATES,
        flags="passed",
        matched="model outcome quantity arm",
        analysis=("Rates of decline", _POSTERIOR, _SUMMARISED),
    ),
    _table(
        "prior_sensitivity",
        keys="outcome model quantity arm prior",
        text="estimand reason",
        numbers=_ESTIMATES,
        flags="passed",
        matched="model outcome quantity arm prior",
        analysis=("Estimates under each prior", _POSTERIOR, _SUMMARISED),
    ),
    _table(
        "influence",
        keys="outcome model quantity arm prior without",
        text="estimand reason",
        numbers=_ESTIMATES,
        flags="passed",
        analysis=("Estimates without each patient", _POSTERIOR, _SUMMARISED),
    ),
    _table(
        "patient_slopes",
        keys="patient",
        text="outcome arm",
        numbers="n_visits slope intercept se first_time last_time",
        by_outcome=True,
        analysis=(
            "Patients' own slopes",
            "Ordinary least squares",
            "a straight line through each patient's values",
        ),
    ),
    _table(
        "slope_tests",
        keys="arm test",
        text="estimand outcome method excluded p_least_without p_most_without "
        "without_covariates reason",
        numbers="estimate lower upper p_value n_treated n_reference n_allocations "
        "smallest_attainable_p standard_error degrees_of_freedom prior_predictive_p "
        "mean_treated mean_reference p_least p_most",
        flags="exact",
        by_outcome=True,
        matched="outcome method arm",
        analysis=(
            "Tests of patients' slopes",
            "Permutation, Welch's, Wilcoxon's tests, least squares",
            "difference between the arms in the patients' own slopes",
        ),
    ),
    _table(
        "parameters",
        keys="model outcomes prior parameter",
        text="reason",
        numbers="mean sd lower upper mcse",
        analysis=("Parameters of the models", _POSTERIOR, _SUMMARISED),
    ),
    _table(
        "model_comparison",
        keys="outcome model",
        text="unreliable",
        numbers="patients elpd se difference se_difference refitted pareto_k",
        analysis=(
            "Comparison of the models of one outcome",
            "Leave-one-patient-out cross-validation",
            "log predictive density of each patient given the others",
        ),
    ),
    _table(
        "visits_compared",
        keys="analysis variable arm",
        numbers=_STATISTICS,
        analysis=("Values at the visits compared", SUMMARY, _BY_ARM),
    ),
    _table(
        "ancova",
        keys="analysis quantity arm versus",
        text="note",
        numbers=_INFERENCE,
        matched="analysis quantity arm versus",
        analysis=(
            "Comparison of arms at a visit",
            "Analysis of covariance",
            "linear model by ordinary least squares",
        ),
    ),
    _table(
        "mixed_models",
        keys="analysis parameter",
        text="note",
        numbers=_INFERENCE,
        matched="analysis parameter",
        analysis=(
            "Linear mixed models",
            "Linear mixed model",
            "restricted maximum likelihood",
        ),
    ),
    _table(
        "diagnostics/fits",
        keys="model outcomes prior attempt",
        text="r_hat_of ess_bulk_of ess_tail_of interval_error_of failures",
        numbers="attempt target_accept r_hat ess_bulk ess_tail interval_error "
        "divergences e_bfmi",
        flags="passed",
        analysis=(
            "Convergence of the fits",
            "Convergence diagnostics",
            "R-hat, effective sample sizes, divergences and E-BFMI of the draws",
        ),
    ),
    _table(
        "diagnostics/model_checks",
        keys="model outcome statistic",
        numbers="observed lower median upper tail_probability",
        flags="warning",
        analysis=(
            "Checks of the models against the data",
            "Predictive checks",
            "statistics of the data among those of replicated data",
        ),
    ),
    _table(
        "diagnostics/power_scaling",
        keys="model outcome quantity arm",
        numbers="to_prior to_likelihood",
        analysis=(
            "Power-scaling of the primary estimate",
            "Power-scaling by importance sampling",
            "distance that the posterior moves as prior or likelihood is scaled",
        ),
    ),
    _table(
        "validation/findings",
        keys="rule file row column",
        text="severity value message",
        numbers="row",
        analysis=("Findings on the raw data", "Validation", "rules on raw records"),
    ),
)

TABLES: dict[str, ResultTable] = {table.name: table for table in _DECLARED}
"""All tables by name."""


def table_of(name: str) -> ResultTable | None:
    """Return the declaration of a table by its name; None where it has none.

    Parameters
    ----------
    name : str
        From :func:`alsdecline.value_ids.table_name`; of a table by outcome, with the
        outcome after its folder.
    """
    folder, _, _ = name.partition("/")
    found = TABLES.get(name) or TABLES.get(folder)
    return found if found and (found.name == name or found.by_outcome) else None


def table_in(file: PurePath) -> ResultTable:
    """Return the declaration of the table that a file holds, wherever it lies.

    Raises
    ------
    ValueError
        If no such table is declared.
    """
    for table in _DECLARED:
        named = file.parent.name if table.by_outcome else file.stem
        if named == PurePath(table.name).name:
            return table
    raise ValueError(f"{file}: declare its table in alsdecline/result_tables.py")


def write_result_table(path: Path, frame: pd.DataFrame, data_kind: str) -> None:
    """Write a table of results, marked in every row as of real or synthetic data.

    Raises
    ------
    ValueError
        If the table, or one of its columns, is not declared: it would be misread.
    """
    table = table_in(path)
    if strange := [name for name in frame.columns if name not in table.columns]:
        raise ValueError(
            f"{path}: {', '.join(strange)} of {table.name} in "
            "alsdecline/result_tables.py is not declared; say whether it is text, a "
            "number or a flag"
        )
    write_csv(path, frame.assign(**{DATA_KIND: data_kind}))


def read_result_table(path: Path) -> pd.DataFrame:
    """Read a table of results; an arm called 1 or NA stays text.

    Parameters
    ----------
    path : Path
        The CSV file of a declared table.

    Returns
    -------
    DataFrame
        Empty cells are missing.

    Raises
    ------
    ValueError
        If the table is not declared.
    """
    table = table_in(path)
    known = dict.fromkeys(table.numbers, "float64")
    known |= dict.fromkeys(table.flags, "boolean")
    names = pd.read_csv(path, dtype="str", nrows=0).columns
    dtypes: dict[Any, Any] = {name: known.get(name, "object") for name in names}
    frame = pd.read_csv(path, dtype=dtypes, keep_default_na=False, na_values=[""])
    texts = [name for name in frame.columns if frame[name].dtype == "object"]
    return frame.assign(**{name: restored(frame[[name]])[name] for name in texts})


def _cell_text(value: Any) -> str:
    """Return a cell as it stands in the CSV file."""
    if pd.isna(value):
        return ""
    return f"{value + 0.0:.12g}" if isinstance(value, float) else str(value)


def row_ids(name: str, frame: pd.DataFrame) -> list[str]:
    """Return the ids of a table's rows: those of its values up to the colon.

    Parameters
    ----------
    name : str
        Of the table; rows of one that is not declared are numbered.
    frame : DataFrame
        All its rows in the file's order, cells as text or as
        :func:`read_result_table` reads them.

    Returns
    -------
    list of str
        No two are alike.
    """
    table = table_of(name)
    keys = [key for key in (table.keys if table else ()) if key in frame.columns]
    seen: dict[str, int] = {}
    ids = []
    for cells in zip(*(frame[key] for key in keys), strict=True):
        row = row_id(name, *map(_cell_text, cells))
        seen[row] = seen.get(row, 0) + 1
        ids.append(row if seen[row] == 1 else f"{row}#{seen[row]}")
    return ids or [f"{name}#{i}" for i in range(1, len(frame) + 1)]


def with_row_ids(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Add the ids of the rows to a table, in the column :data:`ROW_ID`."""
    return frame.assign(**{ROW_ID: row_ids(name, frame)})
