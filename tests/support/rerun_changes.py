"""The rerun truth table: a change of a small trial or its code, and what is redone.

A change is made in a folder that has a copy of the project's code in ``project`` and
:func:`support.brief_trial.brief_trial`, analysed, in ``trial``.
"""

import ast
import dataclasses
import os
import shutil
import time
from pathlib import Path
from typing import Any

import yaml

from support.blinded_trial import edit_config
from support.trial_folder import (
    PROJECT,
    Edit,
    cell,
    content,
    removed,
    replaced,
    together,
)

ALWAYS_AFTER = {"report", "report_documents", "crate"}
"""Jobs that follow every other job."""

PLAN = {"write_plan"}
"""Follows every change of the settings, and those alone."""

DATA = {"validate", "accept", "ingest"}
FITS = {"fit_joint", "fit_single/fvc"}
PATIENT_LEVEL = {f"patient_level/{name}" for name in ("limb", "bulbar", "total", "fvc")}
FIGURES = {
    "figure_trajectories",
    "figure_patient_slopes",
    "figure_decline",
    "figure_effects/high",
    "figure_predictive_checks",
}
AFTER_A_FIT = {
    "diagnose",
    "gate",
    "tabulate_rates",
    "tabulate_parameters",
    "tabulate_influence",
    *FIGURES,
}
"""All figures, for none is drawn before the gate is passed."""

ALL = {
    *PLAN,
    *DATA,
    "label_datasets",
    "export_datasets",
    "describe",
    "tabulate_design",
    *FITS,
    *PATIENT_LEVEL,
    *AFTER_A_FIT,
    *ALWAYS_AFTER,
}

LIBRARY = "project/scripts/alsdecline"
VISITS = "trial/data/visits.csv"


def copy_project(folder: Path) -> None:
    """Put a copy of the code into a folder."""
    for name in ("rules", "scripts", "envs", "profiles"):
        shutil.copytree(PROJECT / name, folder / name)
    for name in ("Snakefile", "CITATION.cff"):
        shutil.copy2(PROJECT / name, folder)


def _touch_all(folder: Path) -> None:
    """Give every file but the results a time after the last run."""
    later = time.time() + 10
    for path in [
        *folder.glob("project/**/*"),
        folder / "trial/config.yaml",
        *folder.glob("trial/data/*"),
    ]:
        os.utime(path, (later, later))


def _lay_code_out_anew(folder: Path) -> None:
    """Write every module as the parser would, with a comment of its own."""
    for path in folder.glob("project/scripts/**/*.py"):
        code = ast.unparse(ast.parse(path.read_text(encoding="utf-8")))
        path.write_text(f"# laid out anew\n{code}\n", encoding="utf-8")


def _backwards(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _backwards(part[key]) for key in reversed(part)}
    return [_backwards(one) for one in part] if isinstance(part, list) else part


def _keys_backwards(folder: Path) -> None:
    path = folder / "trial/config.yaml"
    config = _backwards(yaml.safe_load(path.read_text(encoding="utf-8")))
    text = yaml.safe_dump(config, sort_keys=False)
    path.write_text(f"# keys in reverse\n{text}", encoding="utf-8")


def _settings(**changes: Any) -> Edit:
    return lambda folder: edit_config(folder / "trial", **changes)


def _labelled(place: tuple[str, ...], label: str) -> Edit:
    """Give the last entry of a list of the settings another label."""

    def edit(folder: Path) -> None:
        path = folder / "trial/config.yaml"
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
        part = config
        for key in place:
            part = part[key]
        part[-1]["label"] = label
        path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")

    return edit


def _older(file: str) -> Edit:
    return lambda folder: os.utime(folder / file, (1e9, 1e9))


def rewritten(data: bytes) -> bytes:
    """Rows in reverse, every cell quoted, CRLF, and a blank line at the end."""
    header, *rows = data.decode().splitlines()
    lines = [header, *reversed(rows)]
    quoted = [",".join(f'"{c}"' for c in line.split(",")) for line in lines]
    return ("\r\n".join(quoted) + "\r\n\r\n").encode()


def _nothing(_: Path) -> None:
    pass


@dataclasses.dataclass(frozen=True)
class Change:
    """A row of the table.

    Attributes
    ----------
    edit : callable
        Makes the change in the folder.
    redone : set of str
        Exactly the jobs that run then.
    differing : set of str, optional
        The jobs of which a result or the record comes out otherwise than it was, where
        the row says so.
    """

    edit: Edit
    redone: set[str]
    differing: set[str] | None = None


CHANGES = {
    "nothing": Change(_nothing, set(), set()),
    "all scripts, settings and raw files touched": Change(_touch_all, set(), set()),
    "layout and comments of all code": Change(_lay_code_out_anew, set(), set()),
    "order of keys in the settings": Change(_keys_backwards, set(), set()),
    "logic of the module that draws one figure": Change(
        replaced(f"{LIBRARY}/figures/decline.py", "linewidth=1.8", "linewidth=2.2"),
        {"figure_decline", *ALWAYS_AFTER},
    ),
    "logic of the module of the permutation test": Change(
        replaced(
            f"{LIBRARY}/analyses/permutation.py",
            "x[z].mean() - x[~z].mean()",
            "np.median(x[z]) - np.median(x[~z])",
        ),
        {
            *PATIENT_LEVEL,
            "figure_patient_slopes",
            "figure_effects/high",
            *ALWAYS_AFTER,
        },
    ),
    "a prior of the model of one outcome": Change(
        _settings(priors__outcomes__fvc__sd_slope=3.4),
        {*PLAN, "fit_single/fvc", *AFTER_A_FIT, *ALWAYS_AFTER},
    ),
    "the width of figures": Change(
        _settings(figures__width_inches=7), {*PLAN, *FIGURES, *ALWAYS_AFTER}
    ),
    "an adverse event renamed in a file with an older time": Change(
        together(
            replaced(
                "trial/data/adverse_events.csv",
                "Back pain,2003-05-09",
                "Neck pain,2003-05-09",
            ),
            _older("trial/data/adverse_events.csv"),
        ),
        {*DATA, "export_datasets", "describe", *ALWAYS_AFTER},
    ),
    "a raw file rewritten with the same records": Change(
        content(VISITS, rewritten),
        {*DATA, *ALWAYS_AFTER},
        # accept depends on the findings alone, and there are none
        {"validate", "ingest", *ALWAYS_AFTER},
    ),
    "a bulbar score of one visit corrected": Change(
        # IGF-001 at week 2, whose scores are 55, 27 and 82
        together(
            cell(VISITS, 3, "norris_bulbar", "26"),
            cell(VISITS, 3, "norris_total", "81"),
        ),
        {
            *DATA,
            "label_datasets",
            "export_datasets",
            "describe",
            "fit_joint",
            "patient_level/bulbar",
            "patient_level/total",
            *AFTER_A_FIT,
            *ALWAYS_AFTER,
        },
    ),
    "the label of an arm": Change(
        _labelled(("arms", "groups"), "higher dose"),
        {*PLAN, "label_datasets", "export_datasets", *FIGURES, *ALWAYS_AFTER},
    ),
    "the label of an outcome": Change(
        _labelled(("outcomes",), "Norris scale"),
        # findings name outcomes by their labels
        {
            *PLAN,
            *DATA,
            "label_datasets",
            "export_datasets",
            "describe",
            *FIGURES,
            *ALWAYS_AFTER,
        },
    ),
    "the description of a setting": Change(
        replaced(
            f"{LIBRARY}/settings/analysis.py",
            "Iterations of each chain to adapt.",
            "How many iterations of each chain adapt it.",
        ),
        set(),
        set(),
    ),
    "the source of a prior": Change(
        _settings(priors__outcomes__limb__basis__slope__source="A registry."),
        {*PLAN, *ALWAYS_AFTER},
    ),
    "the source of a scale": Change(
        replaced(
            f"{LIBRARY}/settings/scales.yaml", "limb + bulbar", "the sum of its parts"
        ),
        ALWAYS_AFTER,
    ),
    "a word that only the report prints": Change(
        replaced(
            f"{LIBRARY}/report/member_words.py",
            "takes each outcome by itself",
            "takes one outcome by itself",
        ),
        ALWAYS_AFTER,
    ),
    "logic of what only checks ask of a model": Change(
        replaced(
            f"{LIBRARY}/models/gaussian/checked.py",
            "noise = rng.standard_normal(course.size)",
            "noise = 1.5 * rng.standard_normal(course.size)",
        ),
        {*AFTER_A_FIT, *ALWAYS_AFTER},
    ),
    "a new numeric column of one table": Change(
        replaced(
            f"{LIBRARY}/declared_tables.py",
            'numbers="mean sd lower upper mcse",',
            'numbers="mean sd lower upper mcse median",',
        ),
        ALL - PLAN - DATA - FITS - {"label_datasets", "export_datasets"},
    ),
    "two assumptions of the design swapped": Change(
        _settings(design__sd_slope=3.0, design__sd_residual=2.2),
        {*PLAN, "tabulate_design", *ALWAYS_AFTER},
    ),
    "a rule of decision added to the plan": Change(
        _settings(
            decision={
                "success": {"probability": 0.9},
                "basis": "posterior",
                "reason": "Made up",
            }
        ),
        {*PLAN, "tabulate_decision", *ALWAYS_AFTER},
    ),
    "a simulated design added": Change(
        _settings(
            simulated_design={
                "trials": 20,
                "scenarios": {
                    "even": {"patients": {"low": 4, "high": 4}},
                    "more": {"patients": {"low": 4, "high": 4}, "sizes": [4, 8]},
                    "drawn": {
                        "patients": {"low": 4, "high": 4},
                        "design_prior": {"high": {"mean": 0, "sd": 1}},
                    },
                },
            }
        ),
        {
            *PLAN,
            "simulate_design/even/00000000-00000019",
            "simulate_design/drawn/00000000-00000019",
            "simulate_design/more_n4/00000000-00000019",
            "simulate_design/more_n8/00000000-00000019",
            "tabulate_operating_characteristics",
            "figure_operating_characteristics",
            "tabulate_averaged_errors",
            "figure_averaged_errors",
            "tabulate_sample_sizes",
            "figure_sample_sizes",
            *ALWAYS_AFTER,
        },
    ),
    "an analysis dataset deleted": Change(
        removed("trial/results/data/bds/limb.parquet"), {"ingest"}, set()
    ),
    "the table behind a figure deleted": Change(
        removed("trial/results/tables/patient_slopes/limb.csv"),
        {
            "patient_level/limb",
            "figure_patient_slopes",
            "figure_effects/high",
            *ALWAYS_AFTER,
        },
        set(),
    ),
    "a figure deleted": Change(
        removed("trial/results/figures/decline.svg"),
        {"figure_decline", *ALWAYS_AFTER},
        set(),
    ),
    "the report deleted": Change(
        removed("trial/results/report.html"), ALWAYS_AFTER, set()
    ),
    "the lock": Change(
        content("project/envs/requirements.txt", lambda lock: lock + b"# edited\n"), ALL
    ),
}


def at_once(*names: str) -> Change:
    """Make a row of several, of which none redoes what another does before the report.

    Whether each by itself has the report written anew, its own row tells.
    """
    changes = [CHANGES[name] for name in names]
    own = [job for change in changes for job in change.redone - ALWAYS_AFTER]
    assert len(own) == len(set(own)), names
    same = all(change.differing == set() for change in changes)
    return Change(
        together(*(change.edit for change in changes)),
        set[str]().union(*(change.redone for change in changes)),
        set() if same else None,
    )
