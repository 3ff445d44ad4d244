"""The bundled trial with few and short fits, for tests of what runs and is kept."""

from pathlib import Path

import yaml

from support.blinded_trial import edit_config
from support.configurations import changed
from support.trial_folder import copy_bundled_trial, keep_weeks

WEEKS = (0, 2, 12, 26, 40)

NO_GATES = {
    "r_hat": 9.0,
    "ess": 1,
    "divergences": 10_000,
    "e_bfmi": 0.001,
    "interval_error": 9.0,
    "further_interval_error": 9.0,
}
"""Limits that the shortest of fits meets."""


def brief_trial(folder: Path) -> Path:
    """Put the trial into a folder; its numbers mean nothing.

    Five visits, the joint model of two outcomes and of their sum, and a fourth outcome
    by itself.
    """
    keep_weeks(copy_bundled_trial(folder), WEEKS)
    path = folder / "config.yaml"
    content = yaml.safe_load(path.read_text("utf-8"))
    changed(
        content,
        ("models", {"joint": ["limb", "bulbar"], "single": ["fvc"]}),
        ("estimands.3.model", "single"),
        ("sampler.chains", 2),
        ("sampler.tune", 100),
        ("sampler.draws", 100),
        ("sampler.further_draws", 100),
        ("gates", NO_GATES),
        ("priors.alternatives", {"weak": {"effect": 10}, "sceptical": {"effect": 0.3}}),
        ("figures.formats", ["svg"]),
    )
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder


def ask_for_one_fit(folder: Path) -> None:
    """Let the configuration of the bundled trial ask for one fit alone, a short one."""
    config = yaml.safe_load((folder / "config.yaml").read_text("utf-8"))
    (limb,) = [e for e in config["estimands"] if e["id"] == "rate_limb"]
    edit_config(
        folder,
        estimands=[limb | {"model": "single"}],
        primary="rate_limb",
        models={"single": ["limb"]},
        summaries__equality_of_effects=[],
        sampler__chains=2,
        sampler__tune=100,
        sampler__draws=100,
        sampler__further_draws=100,
        influence={"patients_at_most": 0},
        gates=NO_GATES,
        priors__alternatives={"weak": {"effect": 10}},
    )
