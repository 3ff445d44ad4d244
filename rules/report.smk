"""The report."""

REPORT_PLAN = {
    "trial": SETTINGS.trial,
    "arms": SETTINGS.arms,
    "outcomes": list(SETTINGS.outcomes),
    "scales": SCALES,
    "estimands": list(SETTINGS.estimands),
    "primary": SETTINGS.primary,
    "fit": PRIMARY,
    "prior": prior_of(PRIMARY, PRIMARY_ESTIMAND),
    "models": SETTINGS.models,
    "covariate_labels": {
        c.column: c.label for c in SETTINGS.data.subjects.characteristics
    },
    "priors": SETTINGS.priors,
    "summaries": SETTINGS.summaries,
    "time_origin": SETTINGS.time_origin,
    "populations": POPULATIONS,
    "supplementary": SETTINGS.supplementary,
}


rule report:
    """One page that stands alone, the answer first."""
    input:
        gate=gated(GATE),
        raw=ancient(RAW_FILES),
        tables=gated(
            rules.validate.output.findings,
            *rules.describe.output,
            *DESIGN,
            *rules.tabulate_rates.output,
            *rules.tabulate_influence.output,
            *rules.diagnose.output,
            *COMPARISON,
            *SUPPLEMENTARY,
        ),
        tests=gated(*of_modelled(rules.patient_level.output.tests)),
        figures=gated(*[f"results/figures/{name}.svg" for name in FIGURES]),
    output:
        report="results/report.html",
    log:
        "results/logs/report.log",
    benchmark:
        "results/benchmarks/report.tsv"
    conda:
        ENVIRONMENT
    params:
        code=code("report.py", "templates/report.html.j2"),
        spec=spec(
            plan=REPORT_PLAN,
            settings_digest=digests.spec_digest(plain(SETTINGS)),
        ),
        raw=RAW,
        env=ENV,
    script:
        "../scripts/report.py"
