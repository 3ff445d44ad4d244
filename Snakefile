"""The way from a trial's raw files to its report."""

from snakemake.utils import min_version

min_version("9.27")


include: "rules/common.smk"
include: "rules/data.smk"
include: "rules/models.smk"
include: "rules/patient_level.smk"
include: "rules/tables.smk"
include: "rules/supplementary.smk"
include: "rules/figures.smk"
include: "rules/report.smk"


rule all:
    """Every artefact, so that a deleted one is made again."""
    default_target: True
    input:
        rules.validate.output,
        rules.accept.output,
        DATASETS,
        rules.describe.output,
        of_fits(
            "posterior.parquet",
            "alternatives.parquet",
            "left_out.parquet",
            "diagnostics.json",
        ),
        rules.diagnose.output,
        rules.gate.output,
        of_modelled(rules.patient_level.output),
        DESIGN,
        rules.tabulate_rates.output,
        rules.tabulate_parameters.output,
        rules.tabulate_influence.output,
        COMPARISON,
        SUPPLEMENTARY,
        [figure_formats(name) for name in FIGURES],
        rules.report.output,
