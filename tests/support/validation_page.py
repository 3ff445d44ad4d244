"""The page of published numbers beside ours, and a check that it is up to date."""

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path

from alsdecline.settings.trial import Settings
from support.published import Compared, half_a_digit

PAGE = Path(__file__).parents[2] / "docs" / "validation.md"

HEAD = """\
# Published numbers and ours

Trials that others ran and published, analysed by this pipeline from their raw files, by
a configuration alone ([tests/validation](../tests/validation)). This page is written by
`make validation` and compared with a new run by `make test-long`, estimates without a
prior of `sleepstudy` by `make test` too;
[development.md](development.md#adding-a-published-trial) says how to add one.

Ours agrees where it differs by no more than the tolerance: half a unit of the last
printed digit; for posterior means, 4 of their Monte Carlo errors and 2% of the
published standard error. Where one does not agree, the reason stands beside it. What
can only be compared by its sign is counted apart.
"""


def _shown(number: Compared) -> list[str]:
    """Return the cells of a row."""
    if number.tolerance == float("inf"):
        agrees = "same sign" if number.met else "**other sign**"
        cells = [f"{number.ours:.3f}", "", "sign"]
    else:
        digits = len(number.published.partition(".")[2])
        more = digits + 2 if digits or number.tolerance else 0
        gap = number.ours - float(number.published)
        agrees = "yes" if number.met else "**no**"
        cells = [
            f"{number.ours:.{more}f}",
            f"{gap:.{more}f}".replace("-0." + "0" * more, "0." + "0" * more),
            f"{number.tolerance:.2g}",
        ]
    return [number.quantity, number.published, *cells, agrees, number.note]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def render(
    trials: Mapping[str, Settings], compared: Mapping[str, Sequence[Compared]]
) -> str:
    """Write the page.

    Parameters
    ----------
    trials : mapping of str to Settings
        The configuration of each trial.
    compared : mapping of str to sequence of Compared
        Its numbers.

    Returns
    -------
    str
        Markdown.
    """
    parts = [HEAD]
    for name, settings in trials.items():
        numbers = compared[name]
        signs = [number for number in numbers if number.tolerance == float("inf")]
        others = [number for number in numbers if number not in signs]
        agree = f"{sum(n.met for n in others)} of {len(others)} agree"
        if signs:
            agree += f"; {sum(n.met for n in signs)} of {len(signs)} have the same sign"
        parts.append(
            f"## {settings.trial.title}\n\n"
            f"[{name}](../tests/validation/{name}/config.yaml). "
            f"{settings.trial.note}\n\n{agree}.\n"
        )
        for source, group in itertools.groupby(numbers, lambda number: number.source):
            head = ["quantity", "published", "ours", "difference", "tolerance"]
            lines = [_line([*head, "agrees", ""]), _line(["---"] * 7)]
            lines += [_line(_shown(number)) for number in group]
            parts.append(f"### {source}\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def differences(
    written: str, page: str, compared: Mapping[str, Sequence[Compared]]
) -> list[str]:
    """Find lines of the page as it is kept that a new run would write otherwise.

    Ours may differ between processors: sampled numbers within their tolerance, others
    by two units of the last digit that is kept. All else must be the same.
    """
    known = {
        number.quantity: number for numbers in compared.values() for number in numbers
    }
    old, new = written.splitlines(), page.splitlines()
    found = [f"{len(old)} lines, now {len(new)}"] if len(old) != len(new) else []
    for before, after in zip(old, new, strict=False):
        if before == after:
            continue
        cells, now = before.split(" | "), after.split(" | ")
        number = known.get(now[0].removeprefix("| "))
        if number is not None and cells[:2] == now[:2]:
            limit = 4 * half_a_digit(cells[2])
            limit += number.tolerance if number.sampled else 0.0
            if abs(float(cells[2]) - number.ours) <= limit:
                continue
        found.append(f"kept: {before}\nnow:  {after}")
    return found
