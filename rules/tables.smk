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
        rates=shown(
            "results/tables/rate_of_decline.csv",
            "rate_of_decline",
            "Tables",
            "Rates of decline",
        ),
        sensitivity=shown(
            "results/tables/prior_sensitivity.csv",
            "prior_sensitivity",
            "Tables",
            "Other priors",
        ),
        record="results/records/tabulate_rates.json",
    log:
        "results/logs/tabulate_rates.log",
    benchmark:
        "results/benchmarks/tabulate_rates.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("data"),
        runtime=minutes("data"),
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
        parameters=shown(
            "results/tables/parameters.csv", "parameters", "Tables", "Parameters"
        ),
        record="results/records/tabulate_parameters.json",
    log:
        "results/logs/tabulate_parameters.log",
    benchmark:
        "results/benchmarks/tabulate_parameters.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("data"),
        runtime=minutes("data"),
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
            comparison=shown(
                "results/tables/model_comparison.csv",
                "model_comparison",
                "Tables",
                "Comparison of models",
            ),
            record="results/records/compare_models.json",
        log:
            "results/logs/compare_models.log",
        benchmark:
            "results/benchmarks/compare_models.tsv"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=memory("data"),
            runtime=minutes("data"),
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
        influence=shown(
            "results/tables/influence.csv",
            "influence",
            "Tables",
            "Single patients left out",
        ),
        record="results/records/tabulate_influence.json",
    log:
        "results/logs/tabulate_influence.log",
    benchmark:
        "results/benchmarks/tabulate_influence.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("data"),
        runtime=minutes("data"),
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


DECISION_RULE = []


if SETTINGS.decision is not None:

    rule tabulate_decision:
        """Hold the plan's decision rule to the primary posterior."""
        input:
            gate=gated(GATE),
            posterior=gated(f"results/fits/{PRIMARY.name}/posterior.parquet"),
            diagnostics=gated(f"results/fits/{PRIMARY.name}/diagnostics.json"),
        output:
            decision=shown(
                "results/tables/decision_rule.csv",
                "decision_rule",
                "Tables",
                "The plan's decision rule",
            ),
            record="results/records/tabulate_decision.json",
        log:
            "results/logs/tabulate_decision.log",
        benchmark:
            "results/benchmarks/tabulate_decision.tsv"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=memory("data"),
            runtime=minutes("data"),
        params:
            code=code("tabulate_decision.py"),
            spec=spec(
                data_kind=DATA_KIND,
                plan=PRIMARY,
                summaries=SETTINGS.summaries_at_horizon,
                estimand=PRIMARY_ESTIMAND,
                rule=SETTINGS.decision,
            ),
            env=ENV,
        script:
            "../scripts/tabulate_decision.py"

    DECISION_RULE += artefacts(rules.tabulate_decision)
