"""The report while the trial is blinded."""

BLINDED_PLAN = {
    "trial": SETTINGS.trial,
    "arms": DATA_PLAN.arms,
    "outcomes": list(SETTINGS.outcomes),
    "covariate_labels": {
        c.column: c.label for c in DATA_PLAN.data.subjects.characteristics
    },
    "time_origin": DATA_PLAN.time_origin,
    # without the deviations, which may name arms
    "analysis_plan": PLAN_STATUS.model_copy(
        update={"deviations": [], "idle_reasons": []}
    ),
}


rule report:
    """All patients together, in one page that stands alone."""
    input:
        raw=ancient(RAW_FILES),
        lock=ancient(LOCK_FILES),
        findings=after_ingest(rules.validate.output.findings),
        decisions=after_ingest(DECISIONS),
        tables=after_ingest(*artefacts(rules.describe)),
        figures=after_ingest(*embedded_figures()),
        datasets=after_ingest(*DATASETS),
    output:
        report=shown(
            "results/report.html", "blinded_report", "Report", "The blinded report"
        ),
        patients="results/report_files/patients.html",
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
        code=code("report.py", *templates("report")),
        # a record of the settings themselves would name the arms
        spec=spec(
            plan=BLINDED_PLAN,
            version=cited_version(),
            settings_digest=digests.spec_digest(plain(SETTINGS)),
        ),
        raw=RAW,
        env=ENV,
    script:
        "../scripts/report.py"
