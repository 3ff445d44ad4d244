"""A population that an estimand names restricts all that is estimated."""

from pathlib import Path

import pytest

from alsdecline.result_tables import read_result_table
from alsdecline.stable_files import read_parquet
from alsdecline.trace.results import TrialResults
from alsdecline.trace.value import Tracer
from support.blinded_trial import edit_config
from support.brief_trial import ask_for_one_fit, brief_trial
from support.job_runs import analyse
from support.once import Once
from support.trial_folder import without_rows

pytestmark = pytest.mark.runs

TABLES = [
    f"results/tables/{name}.csv"
    for name in (
        "numbers_analysed",
        "design",
        "prior_sensitivity",
        "patient_slopes/limb",
        "slope_tests/limb",
    )
]


@pytest.fixture(scope="module")
def folder(once: Once) -> Path:
    """Analyse the patients who were dosed; IGF-009 was not."""

    def make(folder: Path) -> None:
        brief_trial(folder)
        ask_for_one_fit(folder)
        without_rows("data/exposure.csv", "IGF-009,")(folder)
        dosed = {"DOSEDFL": {"label": "Dosed", "dosed": True}}
        edit_config(folder, populations=dosed, estimands__0__population="DOSEDFL")
        analyse(folder, *TABLES, "--cores", "2")

    return once("population", make)


def test_who_is_outside_has_no_part_in_fits_tests_and_counts(folder: Path) -> None:
    adsl = read_parquet(folder / "results/data/adsl.parquet").set_index("USUBJID")
    assert adsl.loc["IGF-009", "DOSEDFL"] == "N"
    slopes = read_result_table(folder / "results/tables/patient_slopes/limb.csv")
    assert len(slopes) == 8
    assert "IGF-009" not in set(slopes["patient"])
    analysed = read_result_table(folder / "results/tables/numbers_analysed.csv")
    of_limb = analysed[analysed["outcome"] == "limb"]
    assert of_limb["patients"].sum() == of_limb["randomized"].sum() == 8
    design = read_result_table(folder / "results/tables/design.csv")
    sizes = design.set_index("property")["value"]
    assert sizes["n_treated"] + sizes["n_reference"] == 8


@pytest.mark.slow
def test_a_fit_is_that_of_a_trial_without_the_others(
    folder: Path, tmp_path: Path
) -> None:
    """The same draws, to the last bit."""
    alone = brief_trial(tmp_path / "alone")
    ask_for_one_fit(alone)
    for file in ("subjects", "visits", "exposure", "events", "adverse_events"):
        path = alone / f"data/{file}.csv"
        lines = path.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("IGF-009")]
        path.write_text("".join(kept), "utf-8")
    fit = "results/fits/single/limb/posterior.parquet"
    analyse(alone, fit)
    assert (folder / fit).read_bytes() == (alone / fit).read_bytes()


@pytest.mark.parametrize(
    "cell",
    [
        "numbers_analysed.csv:2:patients",
        "numbers_analysed.csv:3:randomized",
        "prior_sensitivity.csv:2:estimate",
        "slope_tests/limb.csv:2:p_value",
        "design.csv:2:value",
    ],
)
def test_a_trace_leads_to_nobody_outside(folder: Path, cell: str) -> None:
    found = Tracer(TrialResults(folder)).trace(f"results/tables/{cell}")
    assert found["analysisSet"] == "Dosed: ADSL.DOSEDFL = Y"
    listed = {row["USUBJID"] for raw in found["raw"] for row in raw["rows"]}
    assert listed
    assert "IGF-009" not in listed
