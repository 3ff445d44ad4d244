"""Draws of two platforms say the same within Monte Carlo error, or they do not."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from alsdecline.audit.compared_fits import draws_agree, fits_agree, put_fits
from alsdecline.jobs.ledger import append, read_ledger
from alsdecline.jobs.records import read_record
from alsdecline.stable_files import write_json, write_text
from support.hand_runs import made_record


def draws(seed: int) -> pd.DataFrame:
    """Make 4 chains of 500 independent draws, of two priors.

    The errors are near 1 / sqrt(2000) = 0.022 of the mean, 0.028 of the median and
    0.06 of the interval's ends; six combined ones are 0.19, 0.24 and 0.5.
    """
    generator = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "chain": np.tile(np.repeat(np.arange(4), 500), 2),
            "draw": np.tile(np.arange(500), 8),
            "slope[limb]": generator.normal(-5, 1, 4000),
            "sd_slope[limb]": generator.gamma(2, 1, 4000),
            "prior": np.repeat(["weak", "sceptical"], 2000),
        }
    )


def test_draws_of_two_generators_agree() -> None:
    assert all(draws_agree(draws(seed), draws(seed + 1)) for seed in range(0, 10, 2))


Forge = Callable[[pd.DataFrame], pd.DataFrame]

FORGED: dict[str, Forge] = {
    "a mean moved": lambda d: d.assign(**{"slope[limb]": d["slope[limb]"] + 0.3}),
    "of one prior": lambda d: d.assign(
        **{"slope[limb]": d["slope[limb]"] + 0.3 * (d["prior"] == "weak")}
    ),
    "an interval halved": lambda d: d.assign(
        **{"slope[limb]": -5 + (d["slope[limb]"] + 5) / 2}
    ),
    "a draw less": lambda d: d.iloc[1:],
    "no number": lambda d: d.assign(**{"slope[limb]": np.nan}),
    "text": lambda d: d.assign(**{"slope[limb]": "1"}),
    "a parameter less": lambda d: d.drop(columns="slope[limb]"),
    "another name of a prior": lambda d: d.assign(prior="weak"),
}


@pytest.mark.parametrize("how", FORGED)
def test_draws_that_were_forged_do_not(how: str) -> None:
    assert not draws_agree(FORGED[how](draws(1)), draws(2))


def test_forged_draws_do_not_widen_what_is_allowed() -> None:
    """The errors are those of the draws made here."""
    wild = draws(1)
    wild["slope[limb]"] = -5 + 100 * (wild["slope[limb]"] + 5)
    assert not draws_agree(wild, draws(2))


def test_how_the_sampling_went_is_not_compared_but_has_to_be_json(
    tmp_path: Path,
) -> None:
    ours, theirs = tmp_path / "a.json", tmp_path / "b.json"
    write_text(theirs, '{"r_hat": 1.0}')
    for text, expected in (('{"r_hat": 1.1}', None), ("{", False)):
        write_text(ours, text)
        assert fits_agree(ours, theirs) is expected


def test_fits_are_put_into_a_run_with_record_and_line(tmp_path: Path) -> None:
    file, record = (
        "results/fits/joint/posterior.parquet",
        "results/records/fit_joint.json",
    )
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    line = {"event": "job", "status": "done", "job": "fit_joint", "ended": "1"}
    line |= {
        "depends": {},
        "inputs": {},
        "outputs": {file: "0"},
        "timed": {},
        "id": "9",
    }
    append(theirs, [line])
    for folder, text in ((ours, "recorded"), (theirs, "drawn here")):
        write_text(folder / file, text)
        write_json(folder / record, made_record("fit_joint", [file]))
    line = {"event": "job", "status": "done", "job": "fit_joint", "ended": "1"}
    line |= {
        "depends": {},
        "inputs": {},
        "outputs": {file: "0"},
        "timed": {},
        "id": "9",
    }
    append(theirs, [line])
    put_fits(ours, theirs)
    assert (theirs / file).read_text("utf-8") == "recorded"
    outputs = read_record(theirs / record)["outputs"]
    assert outputs[file]["size"] == len("recorded")
    chain = read_ledger(theirs)
    assert (chain.faults, chain.recovered, len(chain.lines)) == ([], [], 2)
    assert chain.lines[-1]["outputs"] == {file: outputs[file]["sha256"]}
