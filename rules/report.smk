"""The report."""

RULE_WORTH, RULE_MODEL, WORTH_TABLE, WORTH_RECORD = {}, "", [], []
if SETTINGS.simulated_design is not None and SETTINGS.simulated_design.in_report:
    SIMULATED = SETTINGS.simulated_design.each(REFERENCE)
    RULE_WORTH = {name: SIMULATED[name] for name in SETTINGS.simulated_design.in_report}
    RULE_MODEL = SETTINGS.simulated_design.decided_by(PRIMARY_ESTIMAND.model)
    # by name, for design.smk comes later: the report shows no more of it
    WORTH_TABLE = ["results/tables/operating_characteristics.csv"]
    WORTH_RECORD = ["results/records/tabulate_operating_characteristics.json"]

REPORT_PLAN = {
    "trial": SETTINGS.trial,
    "arms": SETTINGS.arms,
    "outcomes": list(SETTINGS.outcomes),
    "scales": SCALES,
    "catalogue_version": catalogue().version,
    "estimands": list(SETTINGS.estimands),
    "primary": SETTINGS.primary,
    "fit": PRIMARY,
    "prior": prior_of(PRIMARY, PRIMARY_ESTIMAND),
    "models": SETTINGS.models,
    "covariate_labels": {
        c.column: c.label for c in SETTINGS.data.subjects.characteristics
    },
    "priors": SETTINGS.priors,
    "summaries": SETTINGS.summaries_at_horizon,
    "horizon": SETTINGS.visits.name_of(SETTINGS.horizon_week),
    "visits_compared": {
        ancova.id: SETTINGS.visits.name_of(SETTINGS.visits.visit_of(ancova.week))
        for ancova in ANCOVA
    },
    "time_unit": SETTINGS.time_unit,
    "time_origin": SETTINGS.time_origin,
    "populations": POPULATIONS,
    "carried_past_death": SETTINGS.visits.carried_past_death,
    "supplementary": SETTINGS.supplementary,
    "decision": SETTINGS.decision,
    "rule_worth": RULE_WORTH,
    "rule_model": RULE_MODEL,
    "analysis_plan": PLAN_STATUS,
}


rule report:
    """One page that stands alone, the answer first."""
    input:
        gate=gated(GATE),
        raw=ancient(RAW_FILES),
        lock=ancient(LOCK_FILES),
        findings=gated(rules.validate.output.findings),
        decisions=gated(DECISIONS),
        tables=gated(
            *artefacts(rules.describe),
            *DESIGN,
            *artefacts(rules.tabulate_rates),
            *artefacts(rules.tabulate_influence),
            *artefacts(rules.tabulate_parameters),
            *artefacts(rules.diagnose),
            *COMPARISON,
            *DECISION_RULE,
            *WORTH_TABLE,
            *SUPPLEMENTARY,
        ),
        tests=gated(*of_modelled(rules.patient_level.output.tests)),
        figures=gated(*embedded_figures()),
        # behind each number: the rows, the draws, and what the jobs recorded
        datasets=gated(*DATASETS),
        fits=gated(
            *of_fits(
                "posterior.parquet",
                "alternatives.parquet",
                "left_out.parquet",
                "diagnostics.json",
            )
        ),
        records=gated(*records_of_jobs(), *WORTH_RECORD),
    output:
        report=shown("results/report.html", "report", "Report", "The report"),
        patients="results/report_files/patients.html",
        lineage="results/report_files/lineage.html",
        record="results/records/report.json",
    log:
        "results/logs/report.log",
    benchmark:
        "results/benchmarks/report.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("data"),
        runtime=minutes("data"),
    params:
        code=code(
            "report.py",
            "alsdecline/report/glossary.yaml",
            "alsdecline/report/checklists.yaml",
            *templates("report"),
        ),
        spec=spec(plan=REPORT_PLAN, all=SETTINGS, version=cited_version()),
        raw=RAW,
        env=ENV,
    script:
        "../scripts/report.py"
