"""Which rows of the descriptive tables may be passed on, table by table.

Each function takes a table, the groups that are shown with their patients, and the
smallest count, and tells the rows.
"""

from collections.abc import Callable, Mapping

import pandas as pd

from alsdecline.analyses.disclosure import may_show_parts, may_show_subsets

Groups = Mapping[str, int]
"""Patients by group."""

ENDS = ("completed", "withdrawn", "died", "no record of the end")
"""Statuses of which each patient has one."""


def _none(frame: pd.DataFrame) -> pd.Series:
    return pd.Series(data=False, index=frame.index)


def _subsets(counts: pd.Series, total: int, limit: int) -> pd.Series:
    shown = may_show_subsets(counts.fillna(0).tolist(), total, limit)
    return pd.Series(shown, index=counts.index, dtype=bool)


def baseline(frame: pd.DataFrame, groups: Groups, limit: int) -> pd.Series:
    """Tell of counts of levels, mean and SD of numbers."""
    kept = _none(frame)
    for (name, arm), part in frame.groupby(["characteristic", "arm"], sort=False):
        if (total := groups.get(str(arm))) is None:
            continue
        if name == "Patients":
            kept[part.index] = part["statistic"] == "n"
        elif part["level"].notna().any():
            kept[part.index] = _levels(part, total, limit)
        else:
            kept[part.index] = _statistics(part, total, limit)
    return kept


def _levels(part: pd.DataFrame, total: int, limit: int) -> pd.Series:
    """Tell which levels may be counted; patients of unknown level are one more part."""
    counts = part[part["statistic"] == "n"]
    unknown = max(total - counts["value"].sum(), 0)
    *shown, _ = may_show_parts([*counts["value"], unknown], limit)
    levels = counts["level"][shown]
    return part["level"].isin(levels) & part["statistic"].isin(["n", "percent"])


def _statistics(part: pd.DataFrame, total: int, limit: int) -> pd.Series:
    """Tell which statistics of a number may be shown, if they are of enough patients.

    Of a number that is one of two, the mean is a count.
    """
    values = part.set_index("statistic")["value"]
    count = values.get("n", 0)
    shown = set()
    if count >= limit and values.get("max", 0) - values.get("min", 0) > 1:
        shown |= {"mean", "sd"}
    if count >= limit and may_show_subsets([count], total, limit)[0]:
        shown.add("n")
    return part["statistic"].isin(shown)


def disposition(frame: pd.DataFrame, groups: Groups, limit: int) -> pd.Series:
    """Statuses and populations, without reasons."""
    kept = _none(frame)
    for arm, part in frame[frame["reason"].isna()].groupby("arm", sort=False):
        if (total := groups.get(str(arm))) is None:
            continue
        is_end = part["status"].isin(ENDS)
        ends, subsets = part[is_end], part[~is_end]
        kept[subsets.index] = _subsets(subsets["n"], total, limit)
        if len(ends):
            kept[ends.index] = may_show_parts(ends["n"].tolist(), limit)
    return kept


def adverse_events(frame: pd.DataFrame, groups: Groups, limit: int) -> pd.Series:
    """Patients with any event and by term, of no severity by itself."""
    kept = _none(frame)
    whole = frame[frame["severity"].isna() & (frame["patients"] >= limit)]
    for arm, part in whole.groupby("arm", sort=False):
        if (total := groups.get(str(arm))) is not None:
            # terms are parts of the group, but hardly of each other
            told = [may_show_subsets([n], total, limit)[0] for n in part["patients"]]
            kept[part.index] = told
    return kept


def exposure(frame: pd.DataFrame, groups: Groups, limit: int) -> pd.Series:
    """Patients dosed, mean and SD of doses."""
    kept = _none(frame)
    for (quantity, arm), part in frame.groupby(["quantity", "arm"], sort=False):
        if (total := groups.get(str(arm))) is None:
            continue
        if "mean" in set(part["statistic"]):
            kept[part.index] = _statistics(part, total, limit)
        elif quantity == "patients dosed":
            kept[part.index] = _subsets(part["value"], total, limit)
    return kept


def numbers_analysed(frame: pd.DataFrame, groups: Groups, limit: int) -> pd.Series:
    """Patients analysed by outcome."""
    kept = _none(frame)
    for arm, part in frame.groupby("arm", sort=False):
        if (total := groups.get(str(arm))) is not None:
            kept[part.index] = _subsets(part["patients"], total, limit)
    return kept


def changes(frame: pd.DataFrame, groups: Groups, limit: int) -> pd.Series:
    """Means and SD at visits of enough patients; a mean of 0 and 1 is a count."""
    spread = frame["max"] - frame["min"]
    return frame["arm"].isin(list(groups)) & (frame["n"] >= limit) & (spread > 1)


def numbers_told(frame: pd.DataFrame, groups: Groups, limit: int) -> pd.Series:
    """Tell at which visits the number of patients may stand beside mean and SD."""
    kept = _none(frame)
    keys = [key for key in ("arm", "outcome", "analysis") if key in frame]
    for _, part in frame.groupby(keys, sort=False):
        total = groups[str(part["arm"].iloc[0])]
        kept[part.index] = _subsets(part["n"], total, limit)
    return kept


DESCRIBED: dict[
    str,
    tuple[Callable[[pd.DataFrame, Groups, int], pd.Series], tuple[str, ...]],
] = {
    "baseline_characteristics": (
        baseline,
        ("characteristic", "level", "statistic", "arm", "value"),
    ),
    "disposition": (disposition, ("status", "arm", "n", "percent")),
    "adverse_events": (adverse_events, ("term", "arm", "patients", "percent")),
    "exposure": (exposure, ("quantity", "statistic", "arm", "value")),
    "numbers_analysed": (
        numbers_analysed,
        ("outcome", "arm", "randomized", "patients"),
    ),
    "change_from_baseline": (
        changes,
        ("outcome", "visit", "week", "arm", "variable", "n", "mean", "sd"),
    ),
    "visits_compared": (changes, ("analysis", "variable", "arm", "n", "mean", "sd")),
}
"""Descriptive tables: which rows of each may be shown, and which columns."""
