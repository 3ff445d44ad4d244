"""Tables of what the models say."""


rule tabulate_rates:
    """Summarise all posteriors as rates of decline."""
    input:
        gate=GATE,
        fits=rules.diagnose.output.fits,
        posteriors=of_fits("posterior.parquet"),
        alternatives=of_fits("alternatives.parquet"),
    output:
        rates="results/tables/rate_of_decline.csv",
        sensitivity="results/tables/prior_sensitivity.csv",
    log:
        "results/logs/tabulate_rates.log",
    benchmark:
        "results/benchmarks/tabulate_rates.tsv"
    conda:
        ENVIRONMENT
    params:
        code=code("tabulate_rates.py"),
        spec=spec(
            data_kind=DATA_KIND,
            plans=FITS,
            summaries=SETTINGS.summaries,
            estimands=list(SETTINGS.estimands),
        ),
        env=ENV,
    script:
        "../scripts/tabulate_rates.py"
