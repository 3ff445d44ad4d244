"""Figures, each by itself, so that one setting redraws one figure."""

FIGURE = {
    "outcomes": [
        {
            "id": o.id,
            "label": o.label,
            "unit": SCALES[o.id].unit,
            "better": SCALES[o.id].better,
        }
        for o in SETTINGS.outcomes
    ],
    "arms": [{"id": arm.id, "label": arm.label} for arm in DATA_PLAN.arms.groups],
    "data_kind": DATA_KIND,
    "width_inches": SETTINGS.figures.width_inches,
    "dpi": SETTINGS.figures.dpi,
    "interval": SETTINGS.summaries.interval,
    "time_unit": SETTINGS.time_unit,
    "schedule_unit": SETTINGS.visits.unit,
    "time_zero": SETTINGS.visits.time_zero,
}


rule figure_trajectories:
    """Every patient's measured course."""
    input:
        gate=[] if SETTINGS.trial.blinded else gated(GATE),
        bds=after_ingest(*bds()),
    output:
        figures=shown_figure("trajectories", "Patients' courses"),
        record="results/records/figure_trajectories.json",
    log:
        "results/logs/figure_trajectories.log",
    benchmark:
        "results/benchmarks/figure_trajectories.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("data"),
        runtime=minutes("data"),
    params:
        code=code("figure_trajectories.py"),
        spec=spec(figure=FIGURE),
        env=ENV,
    script:
        "../scripts/figure_trajectories.py"


rule figure_patient_slopes:
    """Every patient's own slope."""
    input:
        gate=gated(GATE),
        slopes=gated(*of_modelled(rules.patient_level.output.slopes)),
    output:
        figures=shown_figure("patient_slopes", "Patients' slopes"),
        record="results/records/figure_patient_slopes.json",
    log:
        "results/logs/figure_patient_slopes.log",
    benchmark:
        "results/benchmarks/figure_patient_slopes.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("data"),
        runtime=minutes("data"),
    params:
        code=code("figure_patient_slopes.py"),
        spec=spec(
            figure=FIGURE
            | {"outcomes": [o for o in FIGURE["outcomes"] if o["id"] in MODELLED]}
        ),
        env=ENV,
    script:
        "../scripts/figure_patient_slopes.py"


rule figure_decline:
    """The mean decline of each arm as the primary model has it."""
    input:
        gate=gated(GATE),
        posteriors=gated(*of_fits("posterior.parquet", fits=MAIN_FITS)),
        diagnostics=gated(*of_fits("diagnostics.json", fits=MAIN_FITS)),
        bds=gated(*bds()),
        adsl=SUBJECTS,
    output:
        figures=shown_figure("decline", "Mean decline"),
        record="results/records/figure_decline.json",
    log:
        "results/logs/figure_decline.log",
    benchmark:
        "results/benchmarks/figure_decline.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("data"),
        runtime=minutes("data"),
    params:
        code=code("figure_decline.py"),
        spec=spec(
            figure=FIGURE,
            fits=MAIN_FITS,
            horizon_week=SETTINGS.horizon_week,
        ),
        env=ENV,
    script:
        "../scripts/figure_decline.py"


WILDCARDS["figure_effects"] = [{"arm": name} for name in TREATED]


rule figure_effects:
    """The effects of one arm, by model, prior and method."""
    input:
        sensitivity=gated(rules.tabulate_rates.output.sensitivity),
        tests=gated(*of_modelled(rules.patient_level.output.tests)),
    output:
        figures=shown_figure("effects_{arm}", "Effects of {arm}"),
        record="results/records/figure_effects/{arm}.json",
    log:
        "results/logs/figure_effects/{arm}.log",
    benchmark:
        "results/benchmarks/figure_effects/{arm}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("data"),
        runtime=minutes("data"),
    params:
        code=code("figure_effects.py"),
        spec=lambda wildcards: spec(
            figure=FIGURE,
            arm=wildcards.arm,
            reference=REFERENCE,
            primary=PRIMARY_ESTIMAND,
        ),
        env=ENV,
    script:
        "../scripts/figure_effects.py"


rule figure_predictive_checks:
    """What the models would have produced against what was observed."""
    input:
        gate=gated(GATE),
        checks=gated(rules.diagnose.output.model_checks),
    output:
        figures=shown_figure("predictive_checks", "Checks of the models"),
        record="results/records/figure_predictive_checks.json",
    log:
        "results/logs/figure_predictive_checks.log",
    benchmark:
        "results/benchmarks/figure_predictive_checks.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("data"),
        runtime=minutes("data"),
    params:
        code=code("figure_predictive_checks.py"),
        spec=spec(figure=FIGURE),
        env=ENV,
    script:
        "../scripts/figure_predictive_checks.py"
