"""What a prior is worth in patients, against the conjugate normal model."""

import math

import pytest

from alsdecline.analyses.prior_weight import patients_worth


@pytest.mark.parametrize(
    ("patients", "of_one", "prior_sd"), [(9, 2.4, 1.0), (40, 1, 3)]
)
def test_it_is_the_number_of_observations_that_make_the_same_posterior(
    patients: int, of_one: float, prior_sd: float
) -> None:
    """Values of variance `of_one`**2: a prior of SD s is worth of_one**2 / s**2."""
    weak_prior_sd = 10 * prior_sd
    precision = patients / of_one**2 + 1 / weak_prior_sd**2
    found = patients_worth(prior_sd, precision**-0.5, weak_prior_sd, patients)
    assert found == pytest.approx(of_one**2 / prior_sd**2)


def test_data_that_say_nothing_have_no_patients_to_count_in() -> None:
    assert patients_worth(1.0, 10.0, 10.0, 9) is None
    assert patients_worth(1.0, math.nan, 10.0, 9) is None
    assert patients_worth(1.0, 2.0, 10.0, 0) is None
