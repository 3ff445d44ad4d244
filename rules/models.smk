"""Fits of the models of decline, and how their computation went."""

# the subjects bear on a fit only where they have covariates for it, or not all count
SUBJECTS = (
    gated("results/data/adsl.parquet")
    if SETTINGS.models.covariates
    or SETTINGS.analysed_population
    or SETTINGS.until_last_dose
    else []
)


if SETTINGS.models.joint:

    rule fit_joint:
        """Fit all measured outcomes together."""
        input:
            bds=gated(*bds(*SETTINGS.models.joint)),
            adsl=SUBJECTS,
        output:
            posterior="results/fits/joint/posterior.parquet",
            alternatives="results/fits/joint/alternatives.parquet",
            left_out="results/fits/joint/left_out.parquet",
            diagnostics="results/fits/joint/diagnostics.json",
            record="results/records/fit_joint.json",
        log:
            "results/logs/fit_joint.log",
        benchmark:
            "results/benchmarks/fit_joint.tsv"
        # the longest job starts first
        priority: 1
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=memory("fit"),
            runtime=minutes("fit"),
        params:
            code=code("fit.py"),
            spec=spec(plan=fit_plan(SETTINGS, "joint")),
            env=ENV,
        script:
            "../scripts/fit.py"


WILDCARDS["fit_single"] = [{"outcome": name} for name in SETTINGS.models.single]


rule fit_single:
    """Fit one outcome by itself."""
    input:
        bds=gated("results/data/bds/{outcome}.parquet"),
        adsl=SUBJECTS,
    output:
        posterior="results/fits/single/{outcome}/posterior.parquet",
        alternatives="results/fits/single/{outcome}/alternatives.parquet",
        left_out="results/fits/single/{outcome}/left_out.parquet",
        diagnostics="results/fits/single/{outcome}/diagnostics.json",
        record="results/records/fit_single/{outcome}.json",
    log:
        "results/logs/fit_single/{outcome}.log",
    benchmark:
        "results/benchmarks/fit_single/{outcome}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("fit"),
        runtime=minutes("fit"),
    params:
        code=code("fit.py"),
        spec=lambda wildcards: spec(
            plan=fit_plan(SETTINGS, "single", wildcards.outcome)
        ),
        env=ENV,
    script:
        "../scripts/fit.py"


# members without a rule of their own
MEMBERS = [
    name for name, member in FAMILY.items() if not member.together and name != "single"
]
WILDCARDS["fit_member"] = [
    {"member": plan.model, "outcome": plan.outcomes[0]}
    for plan in FITS
    if plan.model in MEMBERS
]


rule fit_member:
    """Fit one outcome by itself with another member of the family."""
    input:
        bds=gated("results/data/bds/{outcome}.parquet"),
        adsl=SUBJECTS,
    output:
        posterior="results/fits/{member}/{outcome}/posterior.parquet",
        alternatives="results/fits/{member}/{outcome}/alternatives.parquet",
        left_out="results/fits/{member}/{outcome}/left_out.parquet",
        diagnostics="results/fits/{member}/{outcome}/diagnostics.json",
        record="results/records/fit_member/{member}/{outcome}.json",
    log:
        "results/logs/fit_member/{member}/{outcome}.log",
    benchmark:
        "results/benchmarks/fit_member/{member}/{outcome}.tsv"
    wildcard_constraints:
        member="|".join(MEMBERS),
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("fit"),
        runtime=minutes("fit"),
    params:
        code=code("fit.py"),
        spec=lambda wildcards: spec(
            plan=fit_plan(SETTINGS, wildcards.member, wildcards.outcome)
        ),
        env=ENV,
    script:
        "../scripts/fit.py"


rule diagnose:
    """Tabulate diagnostics of all fits, and check the models against the data."""
    input:
        posteriors=gated(*of_fits("posterior.parquet")),
        diagnostics=gated(*of_fits("diagnostics.json")),
        bds=gated(*bds()),
        adsl=SUBJECTS,
    output:
        fits=shown("results/diagnostics/fits.csv", "fits", "Diagnostics", "Fits"),
        model_checks=shown(
            "results/diagnostics/model_checks.csv",
            "model_checks",
            "Diagnostics",
            "Checks of the models",
        ),
        power_scaling=shown(
            "results/diagnostics/power_scaling.csv",
            "power_scaling",
            "Diagnostics",
            "Power-scaling",
        ),
        record="results/records/diagnose.json",
    log:
        "results/logs/diagnose.log",
    benchmark:
        "results/benchmarks/diagnose.tsv"
    conda:
        ENVIRONMENT
    # all that comes later waits for it
    threads: 2
    resources:
        mem_mb=memory("data"),
        runtime=minutes("data"),
    params:
        code=code("diagnose.py"),
        spec=spec(
            data_kind=DATA_KIND,
            plans=FITS,
            scales={name: scale.without_words() for name, scale in SCALES.items()},
        ),
        env=ENV,
    script:
        "../scripts/diagnose.py"


rule gate:
    """Stop where the primary fit's computation cannot be relied on."""
    input:
        diagnostics=gated(f"results/fits/{PRIMARY.name}/diagnostics.json"),
        fits=gated(rules.diagnose.output.fits),
    output:
        gate=GATE,
        record="results/records/gate.json",
    log:
        "results/logs/gate.log",
    benchmark:
        "results/benchmarks/gate.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("brief"),
        runtime=minutes("brief"),
    params:
        code=code("gate.py"),
        spec=spec(gates=SETTINGS.gates),
        env=ENV,
    script:
        "../scripts/gate.py"
