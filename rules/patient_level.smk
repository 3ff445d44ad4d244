"""What needs no model: each patient's slope, and the test by the randomisation."""

CHARACTERISTICS = {c.column: c for c in SETTINGS.data.subjects.characteristics}
WILDCARDS["patient_level"] = [{"outcome": name} for name in MODELLED]


rule patient_level:
    """Fit each patient's line and compare the arms by permutation."""
    input:
        adsl=gated("results/data/adsl.parquet"),
        bds=gated("results/data/bds/{outcome}.parquet"),
    output:
        slopes=shown(
            "results/tables/patient_slopes/{outcome}.csv",
            "slopes_of_patients",
            "Tables",
            "Patients' slopes, {outcome}",
        ),
        tests=shown(
            "results/tables/slope_tests/{outcome}.csv",
            "slope_tests",
            "Tables",
            "Tests of slopes, {outcome}",
        ),
        record="results/records/patient_level/{outcome}.json",
    log:
        "results/logs/patient_level/{outcome}.log",
    benchmark:
        "results/benchmarks/patient_level/{outcome}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("data"),
        runtime=minutes("data"),
    params:
        code=code("patient_level.py"),
        spec=lambda wildcards: spec(
            data_kind=DATA_KIND,
            study=SETTINGS.trial.id,
            seed=SETTINGS.sampler.seed,
            outcome=wildcards.outcome,
            estimands={
                arm: estimand_of(
                    SETTINGS.estimands, wildcards.outcome, arm, "slope_difference", ""
                )
                for arm in TREATED
            },
            sign=slope_sign(wildcards.outcome),
            reference=REFERENCE,
            arms=TREATED,
            interval=SETTINGS.summaries.interval,
            prior=next(
                (
                    prior_of_difference(plan, wildcards.outcome)
                    for plan in [PRIMARY, *FITS]
                    if TREATED and wildcards.outcome in plan.better
                ),
                None,
            ),
            population=SETTINGS.analysed_population,
            until_last_dose=SETTINGS.until_last_dose,
            leave_out_at_most=SETTINGS.influence.patients_at_most,
            time_unit=SETTINGS.time_unit,
            adjusted_for={
                name: CHARACTERISTICS[name].kind
                for name in SETTINGS.supplementary.adjusted_for
            },
            labels={
                name: CHARACTERISTICS[name].label
                for name in SETTINGS.supplementary.adjusted_for
            },
        ),
        env=ENV,
    script:
        "../scripts/patient_level.py"


DESIGN = []
SIMULATED = (
    [SETTINGS.design.simulated]
    if SETTINGS.design is not None and SETTINGS.design.simulated is not None
    else []
)


if TREATED:

    rule tabulate_design:
        """Say what a comparison of arms of this size can show."""
        input:
            adsl=gated("results/data/adsl.parquet"),
            simulated=ancient(SIMULATED),
        output:
            design=shown("results/tables/design.csv", "design", "Tables", "Design"),
            intervals=shown(
                "results/tables/interval_properties.csv",
                "interval_properties",
                "Tables",
                "Intervals in repeated trials",
            ),
            record="results/records/tabulate_design.json",
        log:
            "results/logs/tabulate_design.log",
        benchmark:
            "results/benchmarks/tabulate_design.tsv"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=memory("data"),
            runtime=minutes("data"),
        params:
            code=code("tabulate_design.py"),
            spec=spec(
                data_kind=DATA_KIND,
                outcome=PRIMARY_ESTIMAND.outcome,
                design=SETTINGS.design,
                times=[PRIMARY.time_of(week) for week in SETTINGS.visits.schedule],
                reference=REFERENCE,
                arms=TREATED,
                prior_sd=prior_effect_sd(PRIMARY, PRIMARY_ESTIMAND.outcome),
                population=SETTINGS.analysed_population,
                level=SETTINGS.summaries.interval,
                mean_slope=mean_slope(PRIMARY, PRIMARY_ESTIMAND.outcome),
                simulated_with=(
                    simulated_digest(
                        simulated_fits(SETTINGS),
                        SETTINGS.visits.schedule,
                        SETTINGS.design.correlation_of_slopes,
                        CODE.of(FITTING).removeprefix("code:"),
                    )
                    if SIMULATED
                    else ""
                ),
            ),
            simulated=digests.file_digest_param(
                "simulated", {name: Path(name) for name in SIMULATED}
            ),
            env=ENV,
        script:
            "../scripts/tabulate_design.py"

    DESIGN += artefacts(rules.tabulate_design)
