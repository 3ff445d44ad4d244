"""The way from a trial's raw files to its report."""

from snakemake.utils import min_version

min_version("9.27")


report: "rules/captions/overview.rst"


include: "rules/common.smk"
include: "rules/data.smk"
include: "rules/models.smk"
include: "rules/patient_level.smk"
include: "rules/tables.smk"
include: "rules/supplementary.smk"
include: "rules/figures.smk"
include: "rules/blinded.smk" if SETTINGS.trial.blinded else "rules/report.smk"
include: "rules/documents.smk"
include: "rules/shareable.smk"
include: "rules/design.smk"
include: "rules/crate.smk"
include: "rules/changes.smk"
include: "rules/ledger.smk"


# of a tenth of a second each, where a cluster would take ten to start them
localrules:
    accept,
    gate,
    write_plan,


rule design:
    """What simulated designs would show, where any are configured."""
    input:
        DESIGNS,


rule all:
    """Every artefact, so that a deleted one is made again."""
    default_target: True
    input:
        RESULTS,
