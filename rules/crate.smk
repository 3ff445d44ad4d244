"""The run as an RO-Crate."""


rule crate:
    """Describe every job and file of the run in a form that other programs read."""
    input:
        records=gated(*records_of_jobs()),
    output:
        crate="results/ro-crate-metadata.json",
        # a crate must hold its main workflow, and the project lies elsewhere
        workflow=[f"results/workflow/{name}" for name in WORKFLOW],
        record="results/records/crate.json",
    log:
        "results/logs/crate.log",
    benchmark:
        "results/benchmarks/crate.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("brief"),
        runtime=minutes("brief"),
    params:
        code=code("crate.py"),
        spec=spec(settings=SETTINGS, workflow=WORKFLOW),
        env=ENV,
    script:
        "../scripts/crate.py"
