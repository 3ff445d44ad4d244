"""The report for those who need a file to edit or to print."""


rule report_documents:
    """What the page says, in the order of a clinical study report."""
    input:
        report=after_ingest(rules.report.output.report),
    output:
        word=shown(
            "results/report.docx", "report_documents", "Report", "The report for Word"
        ),
        pdf=shown(
            "results/report.pdf", "report_documents", "Report", "The report as PDF"
        ),
        record="results/records/report_documents.json",
    log:
        "results/logs/report_documents.log",
    benchmark:
        "results/benchmarks/report_documents.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("data"),
        runtime=minutes("data"),
    params:
        code=code("report_documents.py", *templates("documents")),
        spec=spec(
            study=SETTINGS.trial.id,
            cutoff=SETTINGS.data.cutoff,
            data_kind=SETTINGS.trial.data_kind,
        ),
        env=ENV,
    script:
        "../scripts/report_documents.py"
