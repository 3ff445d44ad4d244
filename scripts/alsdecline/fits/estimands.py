"""Which estimand of the plan a number is about."""

from collections.abc import Sequence

from alsdecline.settings.analysis import Estimand


def estimand_of(
    estimands: Sequence[Estimand], outcome: str, arm: str, quantity: str, model: str
) -> str:
    """Name the estimand that a number is about.

    Parameters
    ----------
    estimands : sequence of Estimand
        Those of the plan.
    outcome, arm : str
        What the number is of; the arm may be the reference.
    quantity : str
        What the number is; only a summary of an estimand can be its estimate.
    model : str
        The model that it comes from; empty where it comes from none.

    Returns
    -------
    str
        The id of the estimand that it estimates, or ``supplements`` and the id of the
        one that it is beside; empty where the outcome has none.
    """
    mine = [e for e in estimands if e.outcome == outcome]
    if not mine:
        return ""
    nearest = max(
        mine,
        key=lambda e: (e.treatment == arm, e.summary == quantity, e.model == model),
    )
    if (nearest.treatment, nearest.summary, nearest.model) == (arm, quantity, model):
        return nearest.id
    return f"supplements {nearest.id}"
