"""Tables of what the models say."""


rule tabulate_rates:
    """Summarise all posteriors as rates of decline."""
    input:
        gate=gated(GATE),
        fits=gated(rules.diagnose.output.fits),
        posteriors=gated(*of_fits("posterior.parquet")),
        alternatives=gated(*of_fits("alternatives.parquet")),
        diagnostics=gated(*of_fits("diagnostics.json")),
    output:
        rates="results/tables/rate_of_decline.csv",
        sensitivity="results/tables/prior_sensitivity.csv",
        record="results/records/tabulate_rates.json",
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
            summaries=SETTINGS.summaries_at_horizon,
            estimands=list(SETTINGS.estimands),
        ),
        env=ENV,
    script:
        "../scripts/tabulate_rates.py"


rule tabulate_parameters:
    """Summarise the parameters of every fit, with their Monte Carlo errors."""
    input:
        gate=gated(GATE),
        posteriors=gated(*of_fits("posterior.parquet")),
        alternatives=gated(*of_fits("alternatives.parquet")),
        diagnostics=gated(*of_fits("diagnostics.json")),
    output:
        parameters="results/tables/parameters.csv",
        record="results/records/tabulate_parameters.json",
    log:
        "results/logs/tabulate_parameters.log",
    benchmark:
        "results/benchmarks/tabulate_parameters.tsv"
    conda:
        ENVIRONMENT
    params:
        code=code("tabulate_parameters.py"),
        spec=spec(
            data_kind=DATA_KIND,
            plans=FITS,
            interval=SETTINGS.summaries.interval,
        ),
        env=ENV,
    script:
        "../scripts/tabulate_parameters.py"


# models of one outcome by itself, where it has several to compare
ALONE = [plan for plan in FITS if not plan.member.together]
COMPARED = [
    plan for plan in ALONE if sum(p.outcomes == plan.outcomes for p in ALONE) > 1
]
COMPARISON = []


if COMPARED:

    rule compare_models:
        """Estimate how well the models of an outcome predict each patient."""
        input:
            gate=gated(GATE),
            posteriors=gated(*of_fits("posterior.parquet", fits=COMPARED)),
            left_out=gated(*of_fits("left_out.parquet", fits=COMPARED)),
            bds=gated(
                *bds(*dict.fromkeys(name for p in COMPARED for name in p.outcomes))
            ),
            adsl=SUBJECTS,
        output:
            comparison="results/tables/model_comparison.csv",
            record="results/records/compare_models.json",
        log:
            "results/logs/compare_models.log",
        benchmark:
            "results/benchmarks/compare_models.tsv"
        conda:
            ENVIRONMENT
        params:
            code=code("compare_models.py"),
            spec=spec(data_kind=DATA_KIND, plans=COMPARED),
            env=ENV,
        script:
            "../scripts/compare_models.py"

    COMPARISON += artefacts(rules.compare_models)


rule tabulate_influence:
    """Summarise the fits from which one patient is left out."""
    input:
        gate=gated(GATE),
        left_out=gated(*of_fits("left_out.parquet")),
        diagnostics=gated(*of_fits("diagnostics.json")),
    output:
        influence="results/tables/influence.csv",
        record="results/records/tabulate_influence.json",
    log:
        "results/logs/tabulate_influence.log",
    benchmark:
        "results/benchmarks/tabulate_influence.tsv"
    conda:
        ENVIRONMENT
    params:
        code=code("tabulate_influence.py"),
        spec=spec(
            data_kind=DATA_KIND,
            plans=FITS,
            summaries=SETTINGS.summaries_at_horizon,
            estimands=list(SETTINGS.estimands),
        ),
        env=ENV,
    script:
        "../scripts/tabulate_influence.py"
