"""What is known of patients is found as pandas' own map finds it."""

import numpy as np
import pandas as pd
import pytest

from alsdecline.datasets.of_patients import of_patients

RECORDS = pd.Series(
    ["p2", "p1", None, "p3", "p2", "p9"], index=[4, 2, 7, 1, 0, 9], dtype="object"
)
DAYS = pd.to_datetime(["2003-03-17", "2003-04-01", "2003-05-05"])


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([1.5, np.nan, 3.0], id="numbers"),
        pytest.param([1, 2, 3], id="whole numbers"),
        pytest.param(["low", "high", "low"], id="texts"),
        pytest.param(["low", None, "low"], id="texts and none"),
        pytest.param(list(DAYS), id="days"),
        pytest.param([DAYS[0], pd.NaT, DAYS[2]], id="days and none"),
    ],
)
@pytest.mark.parametrize("given", ["mapping", "series"])
@pytest.mark.parametrize("texts", ["object", "str"])
def test_it_is_as_map_has_it(values: list[object], given: str, texts: str) -> None:
    """Values, index, name and dtype, where a patient is missing and where not."""
    known = dict(zip(["p1", "p2", "p3"], values, strict=True))
    of = known if given == "mapping" else pd.Series(known)
    for records in (RECORDS, RECORDS[RECORDS.isin(list(known))]):
        asked = records.astype(texts).rename("USUBJID")
        pd.testing.assert_series_equal(of_patients(asked, of), asked.map(of))


def test_nothing_is_known_of_anybody() -> None:
    """All is missing."""
    assert of_patients(RECORDS, {}).isna().all()
    assert of_patients(RECORDS, pd.Series(dtype="datetime64[s]")).isna().all()


def test_no_record_is_there() -> None:
    """The result is as empty."""
    assert of_patients(RECORDS[:0], {"p1": 1.0}).empty
