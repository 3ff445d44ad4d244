"""What an estimate of a result table is called in a sentence."""

import dataclasses
from collections.abc import Mapping

from alsdecline.changes.estimates import ANCOVA, MIXED_MODELS, RATES, TESTS
from alsdecline.fits.plan import DEFAULT
from alsdecline.settings.analysis import Estimand
from alsdecline.settings.trial import Settings

BELOW = "decline_ratio_below_"


@dataclasses.dataclass(frozen=True)
class Names:
    """Labels in the settings of a run.

    Attributes
    ----------
    outcomes, arms : mapping of str to str
        Labels by id.
    analyses : mapping of (str, str) to str
        Labels of supplementary analyses by their table and id.
    reference : str
        Id of the reference arm.
    horizon : str
        Of the change by the model.
    """

    outcomes: Mapping[str, str]
    arms: Mapping[str, str]
    analyses: Mapping[tuple[str, str], str]
    reference: str
    horizon: str

    @classmethod
    def of(cls, settings: Settings | None) -> "Names":
        """Take the labels from settings; without any, ids stand for them."""
        if settings is None:
            return cls({}, {}, {}, "the reference", "the horizon")
        extra = settings.supplementary
        analyses = {(ANCOVA.name, a.id): a.label for a in extra.ancova}
        analyses |= {(MIXED_MODELS.name, a.id): a.label for a in extra.mixed_models}
        return cls(
            {o.id: o.label for o in settings.outcomes},
            {arm.id: arm.label for arm in settings.arms.groups},
            analyses,
            settings.arms.reference,
            settings.visits.name_of(settings.horizon_week),
        )

    def _arm(self, arm: str) -> str:
        return self.arms.get(arm, arm)

    def _analysis(self, table: str, analysis: str) -> str:
        return self.analyses.get((table, analysis), analysis)

    def _quantity(self, identity: Mapping[str, str]) -> str:
        """Say what a row of the rates is about."""
        quantity = identity["quantity"]
        outcomes = [self.outcomes.get(o, o) for o in identity["outcome"].split("-")]
        outcome, arm = outcomes[0], self._arm(identity["arm"])
        against = f"{arm} against {self._arm(self.reference)}"
        if quantity == "mean_slope":
            return f"mean slope of {outcome} on {arm}"
        if quantity == "change_at_horizon":
            return f"change of {outcome} to {self.horizon} by the model on {arm}"
        if quantity == "slope_difference":
            return f"difference in mean slope of {outcome}, {against}"
        if quantity == "fraction_slowed_difference":
            pair = " and ".join(outcomes)
            return f"difference in the fraction slowed of {pair}, {against}"
        if quantity.startswith(BELOW):
            threshold = quantity.removeprefix(BELOW)
            return f"ratio of mean slopes of {outcome} below {threshold}, {against}"
        ratio = "ratio of mean slopes" if quantity == "decline_ratio" else quantity
        return f"{ratio} of {outcome}, {against}"

    def called(self, table: str, identity: Mapping[str, str]) -> str:
        """Name an estimate.

        Parameters
        ----------
        table : str
            The table that it stands in.
        identity : mapping of str to str
            What identifies it there.

        Returns
        -------
        str
            To follow an article.
        """
        if table == TESTS.name:
            what = self._quantity({**identity, "quantity": "slope_difference"})
            return f"{what} ({identity['method']})"
        if table == ANCOVA.name:
            analysis = self._analysis(table, identity["analysis"])
            quantity = identity["quantity"].replace("_", " ")
            arm, versus = self._arm(identity["arm"]), self._arm(identity["versus"])
            arms = f"{arm} against {versus}" if versus else arm
            return f"{quantity}{f', {arms}' if arms else ''} ({analysis})"
        if table == MIXED_MODELS.name:
            analysis = self._analysis(table, identity["analysis"])
            return f"{identity['parameter']} ({analysis})"
        model, prior = identity["model"], identity["prior"]
        return f"{self._quantity(identity)} ({model} model, {prior} prior)"


def is_estimate_of(estimand: Estimand, identity: Mapping[str, str]) -> bool:
    """Tell whether a row of the rates is the estimate of an estimand."""
    return {key: identity.get(key) for key in RATES.matched} == {
        "model": estimand.model,
        "outcome": estimand.outcome,
        "quantity": estimand.summary,
        "arm": estimand.treatment,
    } and identity["prior"] == DEFAULT
