"""Write the page of the models' calibration, from the ranks that are shipped.

    python benchmarks/calibration_page.py [--to docs]

Writes ``calibration.md`` and ``pictures/calibration.png`` there, of what
``benchmarks/calibration.py`` made. Of ranks of other code than the present the page
says so.
"""

import argparse
import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SCRIPTS = PROJECT / "scripts"
sys.path.insert(0, str(SCRIPTS))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from calibration import (  # noqa: E402
    SHIPPED,
    asked_of,
    calibrated_fits,
    made_by,
    ranks_file,
)
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

from alsdecline.design.calibration import N_KEPT  # noqa: E402
from alsdecline.design.rank_uniformity import (  # noqa: E402
    difference_band,
    ecdf_differences,
    holm,
    p_values,
    uniform_depths,
)
from alsdecline.stable_files import write_text, write_whole  # noqa: E402

SEED = 20050727
N_NULL = 200_000
"""Simulated sets of uniform ranks: the least p-value is 1 in so many."""

LEVEL = 0.95
"""Of the bands in the figure, for each quantity by itself."""

FALSE_ALARM = 1e-3
"""Of all quantities of all fits together (Holm)."""

BESIDE = ["replicate", "divergences", "poor", "code", "settings", "processor"]
"""Columns that are no quantity."""

TEXTS = ["code", "settings", "processor"]
EARLIER = "made with earlier code"
DPI = 90


@dataclasses.dataclass(frozen=True)
class Shipped:
    """The ranks of one fit.

    Attributes
    ----------
    name : str
        Of the fit.
    asked : int
        Replicates that are asked for.
    table : DataFrame
        A row a replicate.
    now : dict of str to str
        By what code and settings replicates would be made now.
    """

    name: str
    asked: int
    table: pd.DataFrame
    now: dict[str, str]

    @property
    def quantities(self) -> list[str]:
        """Names of what was ranked."""
        return [name for name in self.table if name not in BESIDE]

    @property
    def ranks(self) -> np.ndarray:
        """Ranks, shape (n, Q)."""
        return self.table[self.quantities].to_numpy(np.int64)

    @property
    def null(self) -> np.ndarray:
        """Depths of so many uniform ranks."""
        return uniform_depths(len(self.table), N_KEPT, N_NULL, SEED)

    @property
    def code(self) -> str:
        """Digest of the code that made it, and whether that is an earlier one."""
        (made,) = set(self.table["code"])
        return f"`{made}`" if made == self.now["code"] else f"`{made}`, {EARLIER}"


def read_shipped() -> list[Shipped]:
    """Read the ranks of the fits that have any."""
    found = []
    for plan, design in calibrated_fits():
        path = ranks_file(SHIPPED.parent, plan)
        if path.is_file():
            table = pd.read_csv(path, dtype=dict.fromkeys(TEXTS, str))
            now = made_by(plan, design)
            found.append(Shipped(plan.name, asked_of(plan), table, now))
    return found


def uniformity(shipped: Sequence[Shipped]) -> pd.DataFrame:
    """Say of each quantity how uniform its ranks are.

    Returns
    -------
    DataFrame
        ``fit``, ``quantity``; ``mean`` and ``sd`` of the ranks as parts of the largest;
        ``p`` of uniformity and ``adjusted_p``, by Holm over all rows.
    """
    parts = [
        pd.DataFrame(
            {
                "fit": one.name,
                "quantity": one.quantities,
                "mean": one.ranks.mean(axis=0) / N_KEPT,
                "sd": one.ranks.std(axis=0) / N_KEPT,
                "p": p_values(one.ranks, N_KEPT, one.null),
            }
        )
        for one in shipped
    ]
    table = pd.concat(parts, ignore_index=True)
    return table.assign(adjusted_p=holm(table["p"].to_numpy()))


def _panel(axes: Axes, one: Shipped) -> None:
    """Draw the ECDFs of one fit, less that of uniform ranks, on their band."""
    n = len(one.table)
    lower, upper = difference_band(n, N_KEPT, one.null, LEVEL)
    at = np.arange(1, N_KEPT + 1) / (N_KEPT + 1)
    axes.fill_between(at, lower, upper, color="#dddddd", linewidth=0, step="mid")
    outside = 0
    for drawn in ecdf_differences(one.ranks, N_KEPT):
        out = bool(((drawn < lower - 1e-12) | (drawn > upper + 1e-12)).any())
        outside += out
        colour, width = ("#D55E00", 1.1) if out else ("#0072B2", 0.6)
        axes.step(at, drawn, where="mid", color=colour, linewidth=width)
    axes.axhline(0, color="black", linewidth=0.5)
    share = f"{outside} of {len(one.quantities)} leave the band"
    axes.set_title(f"{one.name}, {n} replicates\n{share}", fontsize=9)
    axes.tick_params(labelsize=8)


def draw(shipped: Sequence[Shipped]) -> Figure:
    """Draw all fits, a panel each."""
    rows = -(-len(shipped) // 3)
    figure = Figure(figsize=(9, 2.6 * rows + 0.4), layout="constrained")
    panels = figure.subplots(rows, 3, sharex=True, squeeze=False).ravel()
    for axes, one in zip(panels, shipped, strict=False):
        _panel(axes, one)
    for axes in panels[len(shipped) :]:
        axes.set_axis_off()
    figure.supxlabel("Rank of the truth, as part of the largest", fontsize=9)
    figure.supylabel("ECDF less that of uniform ranks", fontsize=9)
    return figure


def fits_table(shipped: Sequence[Shipped], found: pd.DataFrame) -> list[str]:
    """Return the lines of the table of fits."""
    head = (
        "fit",
        "replicates, of those asked for",
        "quantities",
        "least adjusted p",
        "too few effective draws",
        "with divergences",
        "code of the model",
    )
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for one in shipped:
        own = found[found["fit"] == one.name]
        least = own.loc[own["adjusted_p"].idxmin()]
        of = f" (`{least['quantity']}`)" if least["adjusted_p"] < 1 else ""
        lines.append(
            f"| {one.name} | {len(one.table)} of {one.asked} | {len(own)} "
            f"| {least['adjusted_p']:.2g}{of} | {int(one.table['poor'].sum())} "
            f"| {int((one.table['divergences'] > 0).sum())} | {one.code} |"
        )
    return lines


def quantities_table(found: pd.DataFrame) -> list[str]:
    """Return the lines of the table of quantities."""
    lines = [
        "| fit | quantity | mean rank | SD of ranks | p | adjusted p |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.fit} | `{row.quantity}` | {row.mean_rank:.3f} | {row.sd:.3f} "
        f"| {row.p:.2g} | {row.adjusted_p:.2g} |"
        for row in found.rename(columns={"mean": "mean_rank"}).itertuples()
    ]
    return lines


def verdict(found: pd.DataFrame) -> str:
    """Say in a sentence which quantities fail."""
    wrong = found[found["adjusted_p"] <= FALSE_ALARM]
    if wrong.empty:
        return (
            f"None of the {len(found)} quantities fails, of the replicates told below."
        )
    names = ", ".join(f"`{q}` of {f}" for f, q in wrong[["fit", "quantity"]].to_numpy())
    return f"Ranks of these are **not** uniform: {names}."


def page(shipped: Sequence[Shipped]) -> str:
    """Write the page."""
    template = (SHIPPED.parent / "page.md").read_text(encoding="utf-8")
    found = uniformity(shipped)
    return template.format(
        verdict=verdict(found),
        fits="\n".join(fits_table(shipped, found)),
        quantities="\n".join(quantities_table(found)),
    )


def main() -> None:
    """Write page and picture."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--to", type=Path, default=PROJECT / "docs")
    folder = parser.parse_args().to
    shipped = read_shipped()
    write_text(folder / "calibration.md", page(shipped))
    picture = draw(shipped)
    write_whole(
        folder / "pictures/calibration.png",
        lambda path: picture.savefig(
            path, dpi=DPI, format="png", metadata={"Software": None}
        ),
    )


if __name__ == "__main__":
    main()
