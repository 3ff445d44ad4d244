"""What the rules share: the settings, their digests, and names of files."""

import sys
from pathlib import Path

PROJECT = Path(workflow.basedir)
SCRIPTS = PROJECT / "scripts"
sys.path.insert(0, str(SCRIPTS))

from alsdecline import digests
from alsdecline.before_planning import plan_or_exit, raw_files
from alsdecline.data_plan import data_plan
from alsdecline.fit_plan import (
    all_fits,
    estimand_of,
    fit_plan,
    primary_fit,
)
from alsdecline.plan_priors import prior_effect_sd, prior_of
from alsdecline.scales import scale_named

SETTINGS = plan_or_exit(workflow.config_settings.overwrite_config)
DATA_KIND = SETTINGS.trial.data_kind
REFERENCE = SETTINGS.arms.reference
TREATED = [arm.id for arm in SETTINGS.arms.groups if arm.id != REFERENCE]
OUTCOMES = [outcome.id for outcome in SETTINGS.outcomes]
# those of which slopes are estimated
MODELLED = [
    name
    for name in OUTCOMES
    if name in {*SETTINGS.joint_outcomes, *SETTINGS.models.fitted}
]
POPULATIONS = {flag: p.label for flag, p in SETTINGS.populations.items()}
SCALES = {o.id: scale_named(o.scale, SETTINGS.scales) for o in SETTINGS.outcomes}
FITS = all_fits(SETTINGS)
PRIMARY = primary_fit(SETTINGS)
MAIN_FITS = [plan for plan in FITS if plan.model == PRIMARY.model]
PRIMARY_ESTIMAND = next(e for e in SETTINGS.estimands if e.id == SETTINGS.primary)
FIGURES = [
    "trajectories",
    "patient_slopes",
    "decline",
    *[f"effects_{arm}" for arm in TREATED],
    "predictive_checks",
]

ENVIRONMENT = "../envs/environment.yaml"
ENV = digests.file_digest_param("env", {"lock": PROJECT / "envs/requirements.txt"})
RAW_FILES = raw_files(SETTINGS)
RAW = digests.file_digest_param("raw", {name: Path(name) for name in RAW_FILES})
GATE = "results/diagnostics/primary_gate.json"


wildcard_constraints:
    outcome="[a-z][a-z0-9_]*",
    arm="[A-Za-z0-9][A-Za-z0-9_.-]*",


def code(script, *others):
    """Digest of what a script and all that it imports from the library mean."""
    return digests.code_digest(SCRIPTS / script, [SCRIPTS / name for name in others])


def plain(value):
    """A setting as JSON has it."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list) else value


def spec(**parts):
    """The settings that a rule uses, and from which alone its script reads them."""
    return digests.spec_param(plain(parts))


def bds(*outcomes):
    """Analysis datasets of outcomes, all if none is named."""
    return [f"results/data/bds/{name}.parquet" for name in outcomes or OUTCOMES]


def outcomes_of(analyses):
    """Analysis datasets that analyses use, each once."""
    return bds(*dict.fromkeys(analysis.outcome for analysis in analyses))


def gated(*paths):
    """Files that are planned anew after ingest.

    All that comes later takes its inputs so. Where ingest ran again and a file came out
    with the bytes it had, what follows from it is not redone.
    """

    def files(wildcards):
        checkpoints.ingest.get()
        named = [str(path).format(**wildcards) for path in paths]
        return named[0] if len(named) == 1 else named

    return files


def of_fits(*names, fits=FITS):
    """Files of fits, of all if not told which."""
    return [f"results/fits/{plan.name}/{name}" for plan in fits for name in names]


def of_modelled(path):
    """A file of every outcome of which slopes are estimated."""
    return expand(path, outcome=MODELLED)


def figure_formats(name):
    """A figure in all formats."""
    return [f"results/figures/{name}.{form}" for form in SETTINGS.figures.formats]


def slope_sign(outcome):
    """1 where a higher score is better, else -1."""
    return 1 if SCALES[outcome].better == "higher" else -1
