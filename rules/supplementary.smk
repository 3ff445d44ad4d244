"""Analyses beside the models of decline, where the configuration asks for any."""

ANCOVA = SETTINGS.supplementary.ancova
MIXED_MODELS = SETTINGS.supplementary.mixed_models
SUPPLEMENTARY = []


if ANCOVA:

    rule compare_at_visits:
        """Compare the arms at one visit by analysis of covariance."""
        input:
            adsl=gated("results/data/adsl.parquet"),
            bds=gated(*outcomes_of(ANCOVA)),
        output:
            described=shown(
                "results/tables/visits_compared.csv",
                "visits_compared",
                "Tables",
                "Visits compared",
            ),
            compared=shown(
                "results/tables/ancova.csv",
                "ancova",
                "Tables",
                "Analysis of covariance",
            ),
            record="results/records/compare_at_visits.json",
        log:
            "results/logs/compare_at_visits.log",
        benchmark:
            "results/benchmarks/compare_at_visits.tsv"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=memory("data"),
            runtime=minutes("data"),
        params:
            code=code("compare_at_visits.py"),
            spec=spec(
                data_kind=DATA_KIND,
                plan={
                    "arms": CHECKED_PLAN.arms,
                    "level": SETTINGS.summaries.interval,
                    "ancova": ANCOVA,
                },
            ),
            env=ENV,
        script:
            "../scripts/compare_at_visits.py"

    SUPPLEMENTARY += artefacts(rules.compare_at_visits)


if MIXED_MODELS:

    rule fit_mixed_models:
        """Fit linear mixed models by restricted maximum likelihood."""
        input:
            adsl=gated("results/data/adsl.parquet"),
            bds=gated(*outcomes_of(MIXED_MODELS)),
        output:
            fits=shown(
                "results/tables/mixed_models.csv",
                "mixed_models",
                "Tables",
                "Mixed models",
            ),
            record="results/records/fit_mixed_models.json",
        log:
            "results/logs/fit_mixed_models.log",
        benchmark:
            "results/benchmarks/fit_mixed_models.tsv"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=memory("data"),
            runtime=minutes("data"),
        params:
            code=code("fit_mixed_models.py"),
            spec=spec(
                data_kind=DATA_KIND,
                plan={
                    "arms": CHECKED_PLAN.arms,
                    "level": SETTINGS.summaries.interval,
                    "mixed_models": MIXED_MODELS,
                },
            ),
            env=ENV,
        script:
            "../scripts/fit_mixed_models.py"

    SUPPLEMENTARY += artefacts(rules.fit_mixed_models)
