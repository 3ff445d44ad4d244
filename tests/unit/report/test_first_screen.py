"""The facts beside the answer say losses as losses, whichever way a scale runs."""

import pandas as pd
import pytest

from alsdecline.report.first_screen import told_change
from alsdecline.value_ids import ROW_ID


@pytest.mark.parametrize(
    ("better", "ends", "said"),
    [
        ("higher", (-31.6, -42.2, -20.8), "lost 31.6 points (20.8 to 42.2)"),
        ("higher", (-9.4, -26.0, 6.8), "lost 9.4 points (gained 6.8 to lost 26.0)"),
        ("higher", (5.0, 2.0, 8.0), "gained 5.0 points (2.0 to 8.0)"),
        ("lower", (5.0, 2.0, 8.0), "worse by 5.0 points (2.0 to 8.0)"),
        (
            "lower",
            (5.0, -2.0, 8.0),
            "worse by 5.0 points (better by 2.0 to worse by 8.0)",
        ),
        ("lower", (-5.0, -8.0, -2.0), "better by 5.0 points (2.0 to 8.0)"),
    ],
)
def test_a_change_is_a_loss_or_a_gain_with_the_ends_in_order(
    better: str, ends: tuple[float, float, float], said: str
) -> None:
    errors = {f"error_of_{n}": 0.2 for n in ("estimate", "lower", "upper")}
    numbers = dict(zip(("estimate", "lower", "upper"), ends, strict=True))
    row = pd.Series({**numbers, **errors, ROW_ID: "row"})
    cell = told_change(row, better, "points")
    assert cell.replace("\N{NO-BREAK SPACE}", " ") == said
    assert cell.ids[0] == "row:estimate"
    values = [abs(numbers[one.partition(":")[2]]) for one in cell.ids]
    assert [said.index(f"{value:.1f}") for value in values] == sorted(
        said.index(f"{value:.1f}") for value in values
    )
