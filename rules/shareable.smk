"""What of the results may be passed on."""

SHARED = [
    "results/tables/disposition.csv",
    "results/tables/adverse_events.csv",
    "results/tables/exposure.csv",
    "results/tables/numbers_analysed.csv",
    "results/tables/change_from_baseline.csv",
    "results/tables/rate_of_decline.csv",
    "results/tables/prior_sensitivity.csv",
    *SUPPLEMENTARY,
    *of_modelled(rules.patient_level.output.tests),
]


if SETTINGS.privacy.shareable:

    rule shareable:
        """Cut the tables to what tells of no single patient."""
        input:
            baseline=gated("results/tables/baseline_characteristics.csv"),
            tables=gated(*SHARED),
        output:
            manifest="results/shareable/manifest.json",
            tables=[
                file.replace("results/", "results/shareable/", 1)
                for file in ["results/tables/baseline_characteristics.csv", *SHARED]
            ],
            record="results/records/shareable.json",
        log:
            "results/logs/shareable.log",
        benchmark:
            "results/benchmarks/shareable.tsv"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=memory("brief"),
            runtime=minutes("brief"),
        params:
            code=code("share.py"),
            spec=spec(
                study=SETTINGS.trial.id,
                title=SETTINGS.trial.title,
                data_kind=DATA_KIND,
                smallest_count=SETTINGS.privacy.smallest_count,
            ),
            env=ENV,
        script:
            "../scripts/share.py"
