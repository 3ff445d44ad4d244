"""Checks of the decision rule against the rest of the settings."""

from collections.abc import Iterator

from alsdecline.settings.check_references import Problem
from alsdecline.settings.trial import Settings


def decision_problems(settings: Settings) -> Iterator[Problem]:
    """Yield what is wrong with the decision rule, with its place.

    Parameters
    ----------
    settings : Settings
        All settings, each valid by itself.

    Yields
    ------
    Problem
        Place and message.
    """
    rule = settings.decision
    if rule is None:
        return
    primary = next((e for e in settings.estimands if e.id == settings.primary), None)
    written = rule.success.model_fields_set
    if primary and primary.summary == "mean_slope" and "margin" not in written:
        message = (
            "`margin` is missing: the mean slope to be better than, for 0 is not "
            "the natural one; write below it, for example: `margin: -1`"
        )
        yield ("decision", "success"), message
