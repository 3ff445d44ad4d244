"""A minimal Snakemake workflow in the usual form, and changes that are made to it.

Scripts that share a module, params taken from the configuration, Snakemake's own
triggers; each script notes in ``ran.txt`` that it ran.
"""

import dataclasses
import os
import time
from pathlib import Path

from support.rerun_changes import rewritten
from support.trial_folder import Edit, content, removed, replaced, together

WORKFLOW = {
    "Snakefile": """\
configfile: "config.yaml"

rule all:
    input: "results/table.csv"

rule ingest:
    input: "data/visits.csv"
    output: limb="results/data/limb.csv", bulbar="results/data/bulbar.csv"
    conda: "environment.yaml"
    script: "scripts/ingest.py"

rule fit:
    input: "results/data/{outcome}.csv"
    output: "results/fits/{outcome}.txt"
    params:
        prior=lambda wildcards: config["priors"][wildcards.outcome],
        mean=config["baseline"]["mean"],
        sd=config["baseline"]["sd"],
    conda: "environment.yaml"
    script: "scripts/fit.py"

rule table:
    input: "results/fits/limb.txt", "results/fits/bulbar.txt"
    output: "results/table.csv"
    conda: "environment.yaml"
    script: "scripts/table.py"
""",
    "config.yaml": """\
priors:
  limb: {slope: -2.2, sd: 0.8}
  bulbar: {slope: -0.85, sd: 0.4}
baseline: {mean: 45, sd: 10}
digits: 3
""",
    "environment.yaml": "dependencies: [python =3.13]\n",
    "data/visits.csv": "patient,week,limb,bulbar\na,0,55,26\na,4,50,25\nb,0,40,30\n",
    "scripts/shared.py": """\
def shrunk(values, prior, mean, sd):
    return prior["slope"] + (sum(values) - mean) / (prior["sd"] + sd)
""",
    "scripts/ingest.py": """\
import csv
rows = sorted(csv.DictReader(open(snakemake.input[0])), key=lambda r: sorted(r.items()))
for name in ("limb", "bulbar"):
    with open(snakemake.output[name], "w") as out:
        out.writelines(f"{row['patient']},{row['week']},{row[name]}\\n" for row in rows)
open("ran.txt", "a").write("ingest\\n")
""",
    "scripts/fit.py": """\
from shared import shrunk
values = [float(line.split(",")[2]) for line in open(snakemake.input[0])]
params = snakemake.params
result = shrunk(values, params.prior, params.mean, params.sd)
open(snakemake.output[0], "w").write(f"{result}\\n")
open("ran.txt", "a").write(f"fit of {snakemake.wildcards.outcome}\\n")
""",
    "scripts/table.py": """\
fits = [float(open(path).read()) for path in snakemake.input]
digits = snakemake.config["digits"]
lines = [f"{fit:.{digits}f}\\n" for fit in fits]
open(snakemake.output[0], "w").writelines(lines)
open("ran.txt", "a").write("table\\n")
""",
}

FITS = {"fit of limb", "fit of bulbar"}
RAW = "data/visits.csv"


@dataclasses.dataclass(frozen=True)
class Row:
    """A change as it is made in the usual workflow, and its like in this pipeline.

    Attributes
    ----------
    change : str
        As the page names it.
    edit : callable
        Makes it in the workflow's folder.
    redone : set of str
        The jobs that it asks for.
    ours : str
        Name of the change in the rerun truth table.
    forget : bool
        Whether Snakemake's own records are deleted too.
    """

    change: str
    edit: Edit
    redone: set[str]
    ours: str
    forget: bool = False


def _touch(*patterns: str) -> Edit:
    def edit(folder: Path) -> None:
        now = time.time()
        for pattern in patterns:
            for path in folder.glob(pattern):
                os.utime(path, (now, now))

    return edit


def _older(file: str) -> Edit:
    return lambda folder: os.utime(folder / file, (1e9, 1e9))


CORRECTED = replaced(RAW, "a,4,50,25", "a,4,50,24")
PRIOR = replaced("config.yaml", "sd: 0.8", "sd: 0.9")
SHARED = replaced("scripts/shared.py", "- mean", "- 2 * mean")

ROWS = [
    Row("nothing", lambda _: None, set(), "nothing"),
    Row(
        "a raw file touched",
        _touch(RAW),
        set(),
        "all scripts, settings and raw files touched",
    ),
    Row(
        "scripts touched",
        _touch("scripts/*.py"),
        set(),
        "all scripts, settings and raw files touched",
    ),
    Row(
        "a comment in a script",
        content("scripts/fit.py", lambda code: b"# a comment\n" + code),
        set(),
        "layout and comments of all code",
    ),
    Row(
        "the order of keys in the settings",
        replaced("config.yaml", "{slope: -2.2, sd: 0.8}", "{sd: 0.8, slope: -2.2}"),
        set(),
        "order of keys in the settings",
    ),
    Row(
        "the logic of a module that scripts import",
        SHARED,
        {*FITS, "table"},
        "logic of the module of the permutation test",
    ),
    Row(
        "a prior of one model",
        PRIOR,
        {"fit of limb", "table"},
        "a prior of the model of one outcome",
    ),
    Row(
        "two settings swapped",
        replaced("config.yaml", "{mean: 45, sd: 10}", "{mean: 10, sd: 45}"),
        {*FITS, "table"},
        "two assumptions of the design swapped",
    ),
    Row(
        "a setting that the script itself reads",
        replaced("config.yaml", "digits: 3", "digits: 2"),
        {"table"},
        "the width of figures",
    ),
    Row(
        "one value of one outcome corrected",
        CORRECTED,
        {"ingest", "fit of bulbar", "table"},
        "a bulbar score of one visit corrected",
    ),
    Row(
        "a raw file corrected, with an older time",
        together(CORRECTED, _older(RAW)),
        {"ingest", "fit of bulbar", "table"},
        "an adverse event renamed in a file with an older time",
    ),
    Row(
        "a raw file rewritten with the same records",
        content(RAW, lambda data: rewritten(data).rstrip() + b"\r\n"),
        {"ingest"},
        "a raw file rewritten with the same records",
    ),
    Row(
        "an intermediate file deleted",
        removed("results/data/limb.csv"),
        {"ingest"},
        "an analysis dataset deleted",
    ),
    Row(
        "a final output deleted",
        removed("results/table.csv"),
        {"table"},
        "a figure deleted",
    ),
    Row(
        "`.snakemake` deleted and a prior changed",
        PRIOR,
        {"fit of limb", "table"},
        "a prior of the model of one outcome",
        forget=True,
    ),
    Row(
        "the environment's definition, `--sdm` not used",
        replaced("environment.yaml", "=3.13", "=3.12"),
        {"ingest", *FITS, "table"},
        "the lock",
    ),
]
