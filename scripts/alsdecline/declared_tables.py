"""Every table of results, declared once: its columns, its keys, what it shows.

From the declaration follow how a table is read, the ids of its values, the name of its
analysis in a trace and how two runs of it are compared. A new table is an entry of
``_DECLARED``, and a new column a word in one. It is long because all stand here.
"""

import dataclasses
from pathlib import PurePath

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
        "operating_characteristics",
        keys="scenario arm method",
        text="curve",
        numbers="patients reference_patients effect trials "
        "failed rejected rejected_error bias bias_error rmse "
        "rmse_error coverage coverage_error width type_s type_s_error type_m "
        "type_m_error missed_gates probability_q05 probability_q05_error "
        "probability_q25 probability_q25_error probability_q50 probability_q50_error "
        "probability_q75 probability_q75_error probability_q95 probability_q95_error "
        "threshold threshold_error success success_error futile futile_error",
        analysis=(
            "What simulated designs would show",
            "Repeated trials of known effects",
            "type I error or power, bias, coverage and errors of significant estimates",
        ),
    ),
    _table(
        "compared_rules",
        keys="scenario arm method rule",
        numbers="margin probability trials success success_error difference "
        "difference_error calibrated calibrated_error calibrated_success "
        "calibrated_success_error calibrated_difference calibrated_difference_error",
        analysis=(
            "Decision rules compared",
            "Repeated trials of known effects",
            "share of the same trials that each rule calls a success",
        ),
    ),
    _table(
        "averaged_errors",
        keys="scenario arm method counted",
        numbers="prior_mean prior_sd trials benefit benefit_error assurance "
        "assurance_error type_i_error type_i_error_error power power_error "
        "false_success false_success_error missed_benefit missed_benefit_error",
        analysis=(
            "Errors of simulated designs averaged over a design prior",
            "Repeated trials whose true effects are drawn",
            "assurance, averaged type I error and power, false successes",
        ),
    ),
    _table(
        "sample_sizes",
        keys="curve arm method counted",
        numbers="wanted reference_patients lower upper",
        analysis=(
            "Sizes of simulated designs",
            "Repeated trials of several sizes",
            "size at which the wanted share of trials is significant or a success",
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
        "decision_rule",
        keys="statement",
        text="estimand outcome model quantity arm reason",
        numbers="margin probability error threshold",
        flags="met",
        analysis=(
            "The plan's decision rule",
            "Decision rule",
            "posterior probability of being better than a margin, and its threshold",
        ),
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
    _table(
        "lineage/decisions",
        keys="file rows patient visit column kind",
        text="arm value new_value rule who when why",
        numbers="decided_in",
        analysis=("Decisions on the data", "Validation", "the file of decisions"),
    ),
    _table(
        "data/variables",
        keys="dataset variable",
        text="label kind column",
        analysis=("Variables for others' programs", "Export", "what each is called"),
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
    raise ValueError(f"{file}: declare its table in alsdecline/declared_tables.py")
