"""From raw files to analysis datasets and their description."""


rule write_plan:
    """Write the configuration with all that was filled in, and from where."""
    input:
        none=no_input,
    output:
        plan="results/plan.yaml",
        record="results/records/write_plan.json",
    log:
        "results/logs/write_plan.log",
    benchmark:
        "results/benchmarks/write_plan.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("brief"),
        runtime=minutes("brief"),
    params:
        code=code("write_plan.py"),
        spec=spec(
            content=CONFIGURATION.filled.content,
            origins=origins_for_job(CONFIGURATION.filled.origins),
        ),
        env=ENV,
    script:
        "../scripts/write_plan.py"


rule validate:
    """Check the raw files; every finding is written, fatal or not."""
    input:
        raw=raw_input,
    output:
        findings=shown(
            "results/validation/findings.csv", "findings", "Data", "Findings"
        ),
        page=shown(
            "results/validation/report.html",
            "findings_page",
            "Data",
            "Findings by rule and visit",
        ),
        record="results/records/validate.json",
    log:
        "results/logs/validate.log",
    benchmark:
        "results/benchmarks/validate.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("data"),
        runtime=minutes("data"),
    params:
        code=code(
            "validate.py",
            "alsdecline/raw/rule_meanings.yaml",
            "templates/findings.html.j2",
        ),
        spec=spec(plan=CHECKED_PLAN, data_kind=DATA_KIND),
        raw=RAW,
        env=ENV,
    script:
        "../scripts/validate.py"


DECISIONS = "results/lineage/decisions.csv"

DATASETS = [
    "results/data/adsl.parquet",
    "results/data/adex.parquet",
    "results/data/adae.parquet",
    *bds(),
    "results/lineage/records.parquet",
    "results/lineage/patient_records.parquet",
    DECISIONS,
]


# A job of its own, so that ingest is not even begun where it fails: Snakemake would
# delete what ingest made before, or with `update` keep it and take the refused data for
# done, so that a second run would pass.
rule accept:
    """Stop at a fatal finding; earlier results then stay as they are."""
    input:
        findings=rules.validate.output.findings,
    output:
        accepted="results/validation/accepted.json",
        record="results/records/accept.json",
    log:
        "results/logs/accept.log",
    benchmark:
        "results/benchmarks/accept.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("brief"),
        runtime=minutes("brief"),
    params:
        code=code("accept.py"),
        env=ENV,
    script:
        "../scripts/accept.py"


checkpoint ingest:
    """Make analysis datasets of accepted raw files."""
    input:
        raw=ancient(RAW_FILES),
        findings=rules.validate.output.findings,
        accepted=rules.accept.output.accepted,
    output:
        adsl="results/data/adsl.parquet",
        doses="results/data/adex.parquet",
        adverse_events="results/data/adae.parquet",
        bds=bds(),
        lineage="results/lineage/records.parquet",
        record="results/records/ingest.json",
        patient_lineage="results/lineage/patient_records.parquet",
        decisions=DECISIONS,
    log:
        "results/logs/ingest.log",
    benchmark:
        "results/benchmarks/ingest.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("data"),
        runtime=minutes("data"),
    params:
        code=code("ingest.py"),
        spec=spec(plan=for_ingest(DATA_PLAN)),
        raw=RAW,
        env=ENV,
    script:
        "../scripts/ingest.py"


# adeff has all outcomes, as ADaM puts them into one dataset
EXPORTED = ["adsl", "adeff", "adex", "adae"]


rule label_datasets:
    """Write the datasets once more for people, with the labels that no analysis reads."""
    input:
        adsl=after_ingest("results/data/adsl.parquet"),
        bds=after_ingest(*bds()),
    output:
        adsl="results/data/labelled/adsl.parquet",
        bds=[f"results/data/labelled/bds/{name}.parquet" for name in OUTCOMES],
        record="results/records/label_datasets.json",
    log:
        "results/logs/label_datasets.log",
    benchmark:
        "results/benchmarks/label_datasets.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("data"),
        runtime=minutes("data"),
    params:
        code=code("label_datasets.py"),
        spec=spec(
            arms={arm.id: arm.label for arm in DATA_PLAN.arms.groups},
            outcomes=OUTCOME_LABELS,
        ),
        env=ENV,
    script:
        "../scripts/label_datasets.py"


rule export_datasets:
    """Write the datasets as SAS transport files and CDISC Dataset-JSON, labelled."""
    input:
        adsl=after_ingest("results/data/labelled/adsl.parquet"),
        bds=after_ingest(*rules.label_datasets.output.bds),
        doses=after_ingest("results/data/adex.parquet"),
        adverse_events=after_ingest("results/data/adae.parquet"),
    output:
        transport=expand("results/data/xport/{name}.xpt", name=EXPORTED),
        dataset_json=expand("results/data/dataset_json/{name}.json", name=EXPORTED),
        variables=shown(
            "results/data/variables.csv", "variables", "Data", "Variables of datasets"
        ),
        record="results/records/export_datasets.json",
    log:
        "results/logs/export_datasets.log",
    benchmark:
        "results/benchmarks/export_datasets.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("data"),
        runtime=minutes("data"),
    params:
        code=code("export_datasets.py"),
        spec=spec(
            study=DATA_PLAN.study,
            data_kind=DATA_KIND,
            labels={
                **{
                    c.column.upper(): c.label
                    for c in DATA_PLAN.data.subjects.characteristics
                },
                **{p.column: f"Pooled {p.of}" for p in DATA_PLAN.data.subjects.pooled},
                **POPULATIONS,
            },
        ),
        env=ENV,
    script:
        "../scripts/export_datasets.py"


rule describe:
    """Describe patients, disposition, exposure, adverse events and changes."""
    input:
        adsl=after_ingest("results/data/adsl.parquet"),
        doses=after_ingest("results/data/adex.parquet"),
        adverse_events=after_ingest("results/data/adae.parquet"),
        bds=after_ingest(*bds()),
    output:
        baseline=shown(
            "results/tables/baseline_characteristics.csv",
            "baseline",
            "Tables",
            "Baseline",
        ),
        disposition=shown(
            "results/tables/disposition.csv", "disposition", "Tables", "Disposition"
        ),
        exposure=shown("results/tables/exposure.csv", "exposure", "Tables", "Exposure"),
        adverse_events=shown(
            "results/tables/adverse_events.csv",
            "adverse_events",
            "Tables",
            "Adverse events",
        ),
        analysed=shown(
            "results/tables/numbers_analysed.csv",
            "numbers_analysed",
            "Tables",
            "Numbers analysed",
        ),
        changes=shown(
            "results/tables/change_from_baseline.csv",
            "change_from_baseline",
            "Tables",
            "Change from baseline",
        ),
        record="results/records/describe.json",
    log:
        "results/logs/describe.log",
    benchmark:
        "results/benchmarks/describe.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("data"),
        runtime=minutes("data"),
    params:
        code=code("describe.py"),
        spec=spec(
            data_kind=DATA_KIND,
            recorded={
                "exposure": DATA_PLAN.data.exposure is not None,
                "events": SETTINGS.data.events is not None,
                "adverse_events": SETTINGS.data.adverse_events is not None,
            },
            arms=CHECKED_PLAN.arms,
            outcomes=OUTCOME_LABELS,
            populations=POPULATIONS,
            modelled=MODELLED,
            population=COUNTED_POPULATION,
            until_last_dose=COUNTED_UNTIL_LAST_DOSE,
            characteristics=list(SETTINGS.data.subjects.characteristics),
        ),
        env=ENV,
    script:
        "../scripts/describe.py"
