"""How much of the estimate is its prior, in words."""

import pandas as pd
import pytest

from alsdecline.report.prior_influence import power_scaling, prior_weight
from support.first_screen import PRIMARY, SCALED, WEAK, plan, results


def test_the_prior_is_worth_so_many_patients() -> None:
    """Its SD is 0.5; the weak posterior's .45, of nine patients, its prior's 5."""
    found = prior_weight(plan(), results(PRIMARY, WEAK))
    worth = 9 / 0.5**2 / (1 / 0.45**2 - 1 / 5**2)
    assert f"about {worth:.1f} of the 9 patients analysed" in found


def test_a_prior_that_weighs_hardly_anything_gets_no_number() -> None:
    found = prior_weight(plan(), results(PRIMARY, WEAK | {"sd": 0.04}))
    assert "less than 0.1 of the 9 patients analysed" in found


@pytest.mark.parametrize(
    ("to_prior", "to_likelihood", "verdict"),
    [
        (0.02, 0.12, "it does not rest on the prior"),
        (0.08, 0.02, "it rests on the prior more than on the data"),
        (
            0.06,
            0.12,
            "it moves with both, as where they disagree or the data are few",
        ),
    ],
)
def test_power_scaling_is_told_in_words(
    to_prior: float, to_likelihood: float, verdict: str
) -> None:
    tables = results(PRIMARY, WEAK)
    tables.tables["power_scaling"] = pd.DataFrame(
        [SCALED | {"to_prior": to_prior, "to_likelihood": to_likelihood}]
    )
    found = power_scaling(tables)
    assert found.endswith(f"the likelihood by {to_likelihood:.2f}: {verdict}.")
    assert found.ids == ("scaled:to_prior", "scaled:to_likelihood")
