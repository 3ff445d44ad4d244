"""Fills in the priors that a configuration leaves out, each with its reason."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alsdecline.settings.baseline_values import baseline_values, unread_baseline
from alsdecline.settings.catalogue import known_slope, scale_found
from alsdecline.settings.filled_in import PROPOSED, Filled
from alsdecline.settings.members import FAMILY
from alsdecline.settings.proposed_priors import no_spread, proposed_priors
from alsdecline.settings.scales import Scale
from alsdecline.settings.visits import Visits
from alsdecline.time_units import TimeUnit, weeks_as

KEYS = ("baseline", "slope", "effect_sd", "sd_baseline", "sd_slope", "sd_residual")

EXAMPLE = (
    "give its priors, as in priors: {{outcomes: {{{}: {{baseline: {{mean: 50, "
    "sd: 25}}, slope: {{mean: 0, sd: 1}}, {}sd_baseline: 15, sd_slope: 1.5, "
    "sd_residual: 10}}}}}}"
)


def _lacking(filled: Filled, outcome: str, alone: bool) -> list[str]:
    given = filled.at("priors", "outcomes", outcome) or {}
    needed = [key for key in KEYS if not (alone and key == "effect_sd")]
    return [key for key in needed if given.get(key) is None]


def _duration(filled: Filled, unit: TimeUnit) -> float:
    """Return the time from time zero to the last scheduled visit."""
    visits = Visits.model_validate(filled.at("visits") or {})
    schedule = visits.schedule
    return weeks_as(unit, schedule[-1]) if schedule else 0.0


def _scale(filled: Filled, outcome: Mapping[str, Any]) -> Scale | None:
    own = {
        name: Scale.model_validate(scale)
        for name, scale in (filled.at("scales") or {}).items()
        if {"minimum", "better"} <= scale.keys()
    }
    return scale_found(str(outcome.get("scale")), own)


def fill_priors(filled: Filled, folder: Path) -> None:
    """Propose priors of the outcomes that are fitted and lack some.

    Raises
    ------
    NoCellsError
        If their baseline values cannot be read.
    """
    alone = len(filled.at("arms", "groups")) == 1
    models = filled.at("models") or {}
    fitted = {name for member in FAMILY for name in models.get(member) or []}
    given = filled.at("priors", "outcomes") or {}
    names = [outcome["id"] for outcome in filled.at("outcomes")]
    for name in given:
        if name not in names and _lacking(filled, name, alone):
            message = f"{name!r} is no outcome; use one of {', '.join(names)}"
            filled.refuse(("priors", "outcomes", name), message)
    unit: TimeUnit = filled.at("time_unit") or "months"
    unit = unit if unit.endswith("s") else f"{unit}s"  # type: ignore[assignment]
    duration = _duration(filled, unit)
    for i, outcome in enumerate(filled.at("outcomes")):
        name = outcome["id"]
        needed = name in fitted or name in given
        lacking = _lacking(filled, name, alone) if needed else []
        scale = _scale(filled, outcome)
        if not lacking or scale is None:
            continue
        if duration <= 0:
            message = "no visit is scheduled after time zero, for which priors hold"
            filled.refuse(("visits",), message)
            return
        values = baseline_values(filled, folder, outcome, scale)
        if why := no_spread(values):
            effect = "" if alone else "effect_sd: 1, "
            filled.refuse(
                ("outcomes", i),
                f"no priors of {name!r} can be proposed: {why}"
                f"{unread_baseline(filled, folder, outcome)}; "
                + EXAMPLE.format(name, effect),
            )
            continue
        known = known_slope(outcome["scale"], filled.at("trial", "disease") or "")
        own = given.get(name) or {}
        found = proposed_priors(values, duration, unit, known, own)
        for key in lacking:
            value, reason = found[key]
            at = ("priors", "outcomes", name)
            filled.fill((*at, key), value, reason)
            basis = {"source": PROPOSED, "reason": reason}
            filled.fill((*at, "basis", key), basis, "")
