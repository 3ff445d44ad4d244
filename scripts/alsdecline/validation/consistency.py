"""All checks of the raw tables against each other and against the plan."""

from collections.abc import Callable, Iterator
from pathlib import Path

from alsdecline.datasets.visit_times import with_visit_days
from alsdecline.raw.files import TrialFiles, read_trial_files
from alsdecline.raw.findings import Finding, sort_findings
from alsdecline.raw.private_findings import with_pseudonyms, without_identities
from alsdecline.settings.data_plan import DataPlan
from alsdecline.validation.accepted import with_accepted
from alsdecline.validation.chronology import (
    early_consents,
    events_before_screening,
    records_after_end,
    records_before_consent,
    visits_far_behind,
    visits_out_of_order,
)
from alsdecline.validation.copies import copied_visits, patients_alike
from alsdecline.validation.dates import dates_after_death, distant_cutoffs, early_dates
from alsdecline.validation.doses import (
    doses_of_other_arms,
    open_periods,
    overlapping_periods,
)
from alsdecline.validation.events import (
    completions_off_schedule,
    deaths_not_told,
    distant_dates,
    events_without_severity,
)
from alsdecline.validation.follow_ups import without_follow_ups
from alsdecline.validation.groups import (
    alike_levels,
    empty_arms,
    pooled_groups_of_a_label,
)
from alsdecline.validation.history import dates_out_of_order, numbers_out_of_order
from alsdecline.validation.items import (
    missing_items,
    reversed_items,
    shorter_versions,
)
from alsdecline.validation.markers import markers_as_texts, sentinel_numbers
from alsdecline.validation.outliers import values_off_course
from alsdecline.validation.overruled import with_overruled
from alsdecline.validation.parts_apart import totals_apart
from alsdecline.validation.patients import (
    alike_patients,
    differing_arms,
    duplicates,
    missing_covariates,
    unallocated_patients,
    unknown_patients,
)
from alsdecline.validation.scale_versions import mixed_versions
from alsdecline.validation.sums import wrong_totals
from alsdecline.validation.units import exchanged_columns
from alsdecline.validation.usual import unusual_values
from alsdecline.validation.visit_schedule import (
    visits_before_screening,
    visits_mostly_before,
    visits_off_schedule,
)
from alsdecline.validation.visits import (
    absent_values,
    differing_baselines,
    patients_without_follow_up,
    patients_without_visits,
)
from alsdecline.validation.year_slips import (
    slips_of_years,
    without_what_years_explain,
)

CHECKS: tuple[Callable[[DataPlan, TrialFiles], Iterator[Finding]], ...] = (
    unknown_patients,
    alike_patients,
    duplicates,
    unallocated_patients,
    differing_arms,
    empty_arms,
    alike_levels,
    markers_as_texts,
    sentinel_numbers,
    wrong_totals,
    missing_items,
    totals_apart,
    shorter_versions,
    mixed_versions,
    reversed_items,
    pooled_groups_of_a_label,
    missing_covariates,
    patients_without_visits,
    patients_without_follow_up,
    absent_values,
    differing_baselines,
    visits_off_schedule,
    visits_before_screening,
    visits_mostly_before,
    unusual_values,
    values_off_course,
    exchanged_columns,
    copied_visits,
    patients_alike,
    doses_of_other_arms,
    open_periods,
    overlapping_periods,
    early_dates,
    dates_after_death,
    deaths_not_told,
    completions_off_schedule,
    events_without_severity,
    distant_dates,
    distant_cutoffs,
    slips_of_years,
    visits_out_of_order,
    visits_far_behind,
    records_after_end,
    events_before_screening,
    early_consents,
    records_before_consent,
    dates_out_of_order,
    numbers_out_of_order,
)


def check_consistency(plan: DataPlan, files: TrialFiles) -> list[Finding]:
    """Check the tables against each other and the plan.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    files : TrialFiles
        The typed tables; cells that could not be read are missing.

    Returns
    -------
    list of Finding
        Unknown and repeated records, wrong sums, absent covariates and baselines,
        visits out of their windows, doses and dates that contradict the arm, the
        randomisation or the death of the patient.
    """
    return [finding for check in CHECKS for finding in check(plan, files)]


def check_trial(plan: DataPlan, folder: Path) -> tuple[TrialFiles, list[Finding]]:
    """Read all raw files of a trial and check them by every rule, in one pass.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    folder : Path
        The trial's folder.

    Returns
    -------
    TrialFiles
        The typed tables; cells that could not be read are missing.
    list of Finding
        Sorted, each once; of one cause one. None shows a text by which a patient can be
        known; where patients have pseudonyms, none shows an identifier, a date or a
        text of a cell.
    """
    files, findings = _found(plan, folder)
    if plan.pseudonyms:
        # what is alike in identifiers is so no more in pseudonyms
        _, bare = _found(plan.model_copy(update={"pseudonyms": ""}), folder)
        findings = with_pseudonyms(plan, findings, bare)
    return files, sort_findings(findings)


def _found(plan: DataPlan, folder: Path) -> tuple[TrialFiles, list[Finding]]:
    files, findings = read_trial_files(plan, folder)
    files = with_visit_days(plan, files)
    findings += check_consistency(plan, files)
    findings = with_overruled(plan, without_follow_ups(plan, findings))
    findings = with_accepted(plan, files, findings)
    findings = without_what_years_explain(files, findings)
    return files, without_identities(findings, files.identities)
