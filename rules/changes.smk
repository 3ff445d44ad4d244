"""What changed since the last release, where there is one."""

RELEASE = last_release_or_exit(Path())


if RELEASE:

    rule compare_with_release:
        """Say what changed, from records of patients to conclusions."""
        input:
            # of which no time counts but its digest, as of the raw files
            release=ancient(f"{RELEASE}/manifest.json"),
            raw=ancient(RAW_FILES),
            datasets=gated(
                "results/data/adsl.parquet",
                "results/data/adex.parquet",
                "results/data/adae.parquet",
                *bds(),
            ),
            tables=gated(
                *artefacts(rules.tabulate_rates),
                rules.diagnose.output.fits,
                *SUPPLEMENTARY,
            ),
            tests=gated(*of_modelled(rules.patient_level.output.tests)),
            posteriors=gated(*of_fits("posterior.parquet", "alternatives.parquet")),
            records=gated(*records_of_jobs()),
        output:
            page=shown("results/changes.html", "changes", "Report", "What changed"),
            changes="results/changes.json",
            record="results/records/compare_with_release.json",
        log:
            "results/logs/compare_with_release.log",
        benchmark:
            "results/benchmarks/compare_with_release.tsv"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=memory("data"),
            runtime=minutes("data"),
        params:
            code=code("compare_runs.py", "templates/changes.html.j2"),
            spec=spec(settings=SETTINGS),
            raw=RAW,
            env=ENV,
        script:
            "../scripts/compare_runs.py"
