"""What makes a data plan of the settings, blinded or not."""

from typing import Any

from alsdecline.settings.catalogue import scale_found, usual_range
from alsdecline.settings.data import Arm, Arms
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.privacy import fingerprint, pseudonym_key
from alsdecline.settings.trial import Settings

POOLED = Arm(id="pooled", label="All patients")
"""The one arm that all patients are in while the trial is blinded."""


def unblinded_data_plan(settings: Settings) -> DataPlan:
    """Take from the settings what the analysis datasets depend on, arms and all."""
    return DataPlan(
        study=settings.trial.id,
        data=settings.data,
        arms=settings.arms,
        scales={
            outcome.scale: scale.model_copy(update={"source": ""})
            for outcome in settings.outcomes
            if (scale := scale_found(outcome.scale, settings.scales))
        },
        usual={
            outcome.scale: usual
            for outcome in settings.outcomes
            if (usual := usual_range(outcome.scale)) and outcome.usual is None
        },
        outcomes=settings.outcomes,
        visits=settings.visits,
        time_origin=settings.time_origin,
        populations=settings.populations,
        covariates=settings.models.covariates,
    )


def _without(columns: dict[str, Any], column: str) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if name != column}


def data_plan(settings: Settings) -> DataPlan:
    """Take from the settings what the analysis datasets depend on.

    While the trial is blinded, nothing by which arms could be told is in it: neither
    their names, nor the column or file of the allocation, nor the doses. Who was dosed
    is not known then; time that counts from the first dose counts from randomisation.
    """
    plan = unblinded_data_plan(settings)
    if not settings.trial.blinded:
        return plan
    subjects = plan.data.subjects.model_copy(
        update={
            "columns": _without(plan.data.subjects.columns, "arm"),
            "recode": _without(plan.data.subjects.recode, "arm"),
        }
    )
    return plan.model_copy(
        update={
            "blinded": True,
            "data": plan.data.model_copy(
                update={"subjects": subjects, "allocation": None, "exposure": None}
            ),
            "arms": Arms(reference=POOLED.id, groups=[POOLED]),
            "time_origin": (
                "randomisation"
                if plan.time_origin == "first_dose"
                else plan.time_origin
            ),
            "populations": {
                flag: population
                for flag, population in plan.populations.items()
                if not population.dosed
            },
        }
    )


def counted_values(settings: Settings) -> tuple[str, bool]:
    """Tell which values descriptions count as those that the models use.

    Returns
    -------
    population : str
        Flag of the population; empty for all.
    until_last_dose : bool
        Whether values after the last dose do not count.

    While the trial is blinded nobody knows who was dosed, and until when: a population
    that asks for it is not told apart, and values after the last dose count.
    """
    population = settings.analysed_population
    if not settings.trial.blinded:
        return population, settings.until_last_dose
    return population if population in data_plan(settings).populations else "", False


def keyed_plan(settings: Settings) -> DataPlan:
    """Return the data plan with the fingerprint of the key that pseudonyms need.

    Raises
    ------
    DataError
        If the key is not there.
    """
    plan = data_plan(settings)
    if not settings.privacy.pseudonymise:
        return plan
    known = fingerprint(pseudonym_key(), plan.study)
    return plan.model_copy(update={"pseudonyms": known})


def for_validation(plan: DataPlan) -> DataPlan:
    """Leave out the labels that no finding on the raw data prints.

    Parameters
    ----------
    plan : DataPlan
        From :func:`data_plan`.

    Returns
    -------
    DataPlan
        Arms, characteristics and populations are labelled by their names.
    """
    subjects = plan.data.subjects
    characteristics = [
        c.model_copy(update={"label": c.column}) for c in subjects.characteristics
    ]
    subjects = subjects.model_copy(update={"characteristics": characteristics})
    groups = [arm.model_copy(update={"label": arm.id}) for arm in plan.arms.groups]
    return plan.model_copy(
        update={
            "data": plan.data.model_copy(update={"subjects": subjects}),
            "arms": plan.arms.model_copy(update={"groups": groups}),
            "populations": {
                flag: population.model_copy(update={"label": flag})
                for flag, population in plan.populations.items()
            },
        }
    )


def for_ingest(plan: DataPlan) -> DataPlan:
    """Leave out labels and what is usual: no analysis dataset depends on either.

    Parameters
    ----------
    plan : DataPlan
        From :func:`data_plan`.

    Returns
    -------
    DataPlan
        As :func:`for_validation`; outcomes too are labelled by their ids, scales are
        without words, and how severe findings are is not in it.
    """
    checked = for_validation(plan)
    subjects = checked.data.subjects
    characteristics = [
        c.model_copy(update={"usual": None}) for c in subjects.characteristics
    ]
    subjects = subjects.model_copy(update={"characteristics": characteristics})
    return checked.model_copy(
        update={
            "data": checked.data.model_copy(
                update={"subjects": subjects, "severities": {}}
            ),
            "usual": {},
            "outcomes": [
                outcome.model_copy(update={"label": outcome.id, "usual": None})
                for outcome in plan.outcomes
            ],
            "scales": {
                name: scale.without_words() for name, scale in plan.scales.items()
            },
        }
    )
