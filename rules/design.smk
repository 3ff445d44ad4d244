"""Simulated trials of other designs, where any are configured; no data bear on them."""

DESIGNS = []
# of what is made for some designs alone
DRAWN, COMPARED_RULES, CURVES = [], {}, {}


if SETTINGS.simulated_design is not None:

    ASSUMED = assumed_course(SETTINGS)
    SIMULATED_DESIGN = SETTINGS.simulated_design
    SCENARIOS = SIMULATED_DESIGN.each(REFERENCE)
    CURVES = SIMULATED_DESIGN.curves(REFERENCE)
    DRAWN = [name for name, scenario in SCENARIOS.items() if scenario.design_prior]
    MODELS = SIMULATED_DESIGN.by_models
    BATCHES, FITTED_BATCHES = (
        {f"{a:08d}-{b:08d}": (a, b) for a, b in SIMULATED_DESIGN.batches_of(trials)}
        for trials in (SIMULATED_DESIGN.trials, SIMULATED_DESIGN.fitted)
    )
    WILDCARDS["simulate_design"] = [
        {"scenario": name, "batch": batch} for name in SCENARIOS for batch in BATCHES
    ]
    WILDCARDS["fit_design"] = [
        {"scenario": name, "model": model, "batch": batch}
        for name in SCENARIOS
        for model in MODELS
        for batch in FITTED_BATCHES
    ]
    # the same in all scenarios, so that these differ by themselves alone
    DESIGN_SEED = digests.task_seed(
        "simulated design", SETTINGS.trial.id, str(SETTINGS.sampler.seed)
    )

    DESIGN_NEEDS |= design_needs(SIMULATED_DESIGN, ASSUMED, SCENARIOS.values())

    rule simulate_design:
        """Simulate and analyse a batch of trials of one scenario."""
        input:
            none=no_data,
        output:
            analyses="results/design/{scenario}/{batch}.parquet",
            record="results/records/simulate_design/{scenario}/{batch}.json",
        log:
            "results/logs/simulate_design/{scenario}/{batch}.log",
        benchmark:
            "results/benchmarks/simulate_design/{scenario}/{batch}.tsv"
        wildcard_constraints:
            scenario="[a-z][a-z0-9_]*",
            batch=r"\d+-\d+",
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=design_memory("simulated_batch"),
            runtime=design_minutes("simulated_batch"),
        params:
            code=code("simulate_design.py"),
            spec=lambda wildcards: spec(
                scenario=SCENARIOS[wildcards.scenario],
                assumed=ASSUMED,
                methods=SIMULATED_DESIGN.methods,
                first=BATCHES[wildcards.batch][0],
                last=BATCHES[wildcards.batch][1],
                level=SETTINGS.summaries.interval,
                seed=DESIGN_SEED,
            ),
            env=ENV,
        script:
            "../scripts/simulate_design.py"

    DECIDED_BY = SETTINGS.decision
    # the plan's rule beside others, where there are any
    if SIMULATED_DESIGN.rules:
        COMPARED_RULES = SIMULATED_DESIGN.rules_compared(DECIDED_BY)
    MARGINS = SIMULATED_DESIGN.margins(DECIDED_BY)

    rule fit_design:
        """Fit the simulated trials of a batch of one scenario by one model."""
        input:
            none=no_data,
        output:
            analyses="results/design/{scenario}/fitted/{model}/{batch}.parquet",
            record="results/records/fit_design/{scenario}/{model}/{batch}.json",
        log:
            "results/logs/fit_design/{scenario}/{model}/{batch}.log",
        benchmark:
            "results/benchmarks/fit_design/{scenario}/{model}/{batch}.tsv"
        wildcard_constraints:
            scenario="[a-z][a-z0-9_]*",
            model="[a-z]+",
            batch=r"\d+-\d+",
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=design_memory("fitted_batch"),
            runtime=design_minutes("fitted_batch"),
        params:
            code=code("fit_design.py"),
            spec=lambda wildcards: spec(
                plan=fit_plan(SETTINGS, wildcards.model, PRIMARY_ESTIMAND.outcome),
                scenario=SCENARIOS[wildcards.scenario],
                assumed=ASSUMED,
                first=FITTED_BATCHES[wildcards.batch][0],
                last=FITTED_BATCHES[wildcards.batch][1],
                level=SETTINGS.summaries.interval,
                seed=DESIGN_SEED,
                margins=MARGINS,
            ),
            env=ENV,
        script:
            "../scripts/fit_design.py"

    rule tabulate_operating_characteristics:
        """Say how each method does in the simulated trials of each scenario."""
        input:
            analyses=expand(
                rules.simulate_design.output.analyses,
                scenario=SCENARIOS,
                batch=BATCHES,
            ),
            fitted=expand(
                rules.fit_design.output.analyses,
                scenario=SCENARIOS,
                model=MODELS,
                batch=FITTED_BATCHES,
            ),
        output:
            table=shown(
                "results/tables/operating_characteristics.csv",
                "operating_characteristics",
                "Tables",
                "Operating characteristics",
            ),
            record="results/records/tabulate_operating_characteristics.json",
        log:
            "results/logs/tabulate_operating_characteristics.log",
        benchmark:
            "results/benchmarks/tabulate_operating_characteristics.tsv"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=design_memory("design_table"),
            runtime=design_minutes("design_table"),
        params:
            code=code("tabulate_operating_characteristics.py"),
            spec=spec(
                # by themselves, for the keys of a spec are sorted
                order=list(SCENARIOS),
                scenarios=SCENARIOS,
                curves=CURVES,
                methods=SIMULATED_DESIGN.methods,
                models=MODELS,
                decision=DECIDED_BY,
                assumed=ASSUMED,
                level=SETTINGS.summaries.interval,
                seed=DESIGN_SEED,
            ),
            env=ENV,
        script:
            "../scripts/tabulate_operating_characteristics.py"

    rule figure_operating_characteristics:
        """Draw how each method does in the simulated trials of each scenario."""
        input:
            table=rules.tabulate_operating_characteristics.output.table,
        output:
            figures=shown_figure(
                "operating_characteristics", "Operating characteristics"
            ),
            record="results/records/figure_operating_characteristics.json",
        log:
            "results/logs/figure_operating_characteristics.log",
        benchmark:
            "results/benchmarks/figure_operating_characteristics.tsv"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=memory("simulation"),
            runtime=minutes("simulation"),
        params:
            code=code("figure_operating_characteristics.py"),
            # trials made up, whatever the trial that they are configured with
            spec=spec(
                figure=FIGURE | {"data_kind": "synthetic"},
                # that by which the rule decides
                margin=DECIDED_BY.success.margin if DECIDED_BY else 0.0,
            ),
            env=ENV,
        script:
            "../scripts/figure_operating_characteristics.py"

    DESIGNS += artefacts(rules.tabulate_operating_characteristics)
    DESIGNS += artefacts(rules.figure_operating_characteristics)


if DRAWN:

    rule tabulate_averaged_errors:
        """Say what a success is worth where true effects are drawn."""
        input:
            analyses=expand(
                rules.simulate_design.output.analyses,
                scenario=DRAWN,
                batch=BATCHES,
            ),
            fitted=expand(
                rules.fit_design.output.analyses,
                scenario=DRAWN,
                model=MODELS,
                batch=FITTED_BATCHES,
            ),
        output:
            table=shown(
                "results/tables/averaged_errors.csv",
                "averaged_errors",
                "Tables",
                "Errors averaged over a design prior",
            ),
            record="results/records/tabulate_averaged_errors.json",
        log:
            "results/logs/tabulate_averaged_errors.log",
        benchmark:
            "results/benchmarks/tabulate_averaged_errors.tsv"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=design_memory("design_table"),
            runtime=design_minutes("design_table"),
        params:
            code=code("tabulate_averaged_errors.py"),
            spec=spec(
                order=DRAWN,
                scenarios={name: SCENARIOS[name] for name in DRAWN},
                decision=DECIDED_BY,
                assumed=ASSUMED,
                level=SETTINGS.summaries.interval,
                seed=DESIGN_SEED,
            ),
            env=ENV,
        script:
            "../scripts/tabulate_averaged_errors.py"

    rule figure_averaged_errors:
        """Draw what a success is worth where true effects are drawn."""
        input:
            table=rules.tabulate_averaged_errors.output.table,
        output:
            figures=shown_figure(
                "averaged_errors", "Errors averaged over a design prior"
            ),
            record="results/records/figure_averaged_errors.json",
        log:
            "results/logs/figure_averaged_errors.log",
        benchmark:
            "results/benchmarks/figure_averaged_errors.tsv"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=memory("simulation"),
            runtime=minutes("simulation"),
        params:
            code=code("figure_averaged_errors.py"),
            spec=spec(figure=FIGURE | {"data_kind": "synthetic"}),
            env=ENV,
        script:
            "../scripts/figure_averaged_errors.py"

    DESIGNS += artefacts(rules.tabulate_averaged_errors)
    DESIGNS += artefacts(rules.figure_averaged_errors)


if COMPARED_RULES:

    rule tabulate_compared_rules:
        """Compare decision rules on the same trials."""
        input:
            fitted=expand(
                rules.fit_design.output.analyses,
                scenario=SCENARIOS,
                model=MODELS,
                batch=FITTED_BATCHES,
            ),
        output:
            table=shown(
                "results/tables/compared_rules.csv",
                "compared_rules",
                "Tables",
                "Decision rules compared",
            ),
            record="results/records/tabulate_compared_rules.json",
        log:
            "results/logs/tabulate_compared_rules.log",
        benchmark:
            "results/benchmarks/tabulate_compared_rules.tsv"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=design_memory("design_table"),
            runtime=design_minutes("design_table"),
        params:
            code=code("tabulate_compared_rules.py"),
            spec=spec(
                order=list(SCENARIOS),
                names=list(COMPARED_RULES),
                compared=COMPARED_RULES,
                calibrated=SIMULATED_DESIGN.calibrated,
            ),
            env=ENV,
        script:
            "../scripts/tabulate_compared_rules.py"

    rule figure_compared_rules:
        """Draw how often each decision rule calls the same trials a success."""
        input:
            table=rules.tabulate_compared_rules.output.table,
        output:
            figures=shown_figure("compared_rules", "Decision rules compared"),
            record="results/records/figure_compared_rules.json",
        log:
            "results/logs/figure_compared_rules.log",
        benchmark:
            "results/benchmarks/figure_compared_rules.tsv"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=memory("simulation"),
            runtime=minutes("simulation"),
        params:
            code=code("figure_compared_rules.py"),
            spec=spec(
                figure=FIGURE | {"data_kind": "synthetic"},
                calibrated=SIMULATED_DESIGN.calibrated,
            ),
            env=ENV,
        script:
            "../scripts/figure_compared_rules.py"

    DESIGNS += artefacts(rules.tabulate_compared_rules)
    DESIGNS += artefacts(rules.figure_compared_rules)


if CURVES:

    rule tabulate_sample_sizes:
        """Say at which size each method has the wanted power."""
        input:
            table=rules.tabulate_operating_characteristics.output.table,
        output:
            table=shown(
                "results/tables/sample_sizes.csv",
                "sample_sizes",
                "Tables",
                "Sizes of simulated designs",
            ),
            record="results/records/tabulate_sample_sizes.json",
        log:
            "results/logs/tabulate_sample_sizes.log",
        benchmark:
            "results/benchmarks/tabulate_sample_sizes.tsv"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=memory("simulation"),
            runtime=minutes("simulation"),
        params:
            code=code("tabulate_sample_sizes.py"),
            spec=spec(wanted_power=SIMULATED_DESIGN.wanted_power),
            env=ENV,
        script:
            "../scripts/tabulate_sample_sizes.py"

    rule figure_sample_sizes:
        """Draw power against size."""
        input:
            table=rules.tabulate_operating_characteristics.output.table,
        output:
            figures=shown_figure("sample_sizes", "Power against size"),
            record="results/records/figure_sample_sizes.json",
        log:
            "results/logs/figure_sample_sizes.log",
        benchmark:
            "results/benchmarks/figure_sample_sizes.tsv"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=memory("simulation"),
            runtime=minutes("simulation"),
        params:
            code=code("figure_sample_sizes.py"),
            spec=spec(
                figure=FIGURE | {"data_kind": "synthetic"},
                wanted_power=SIMULATED_DESIGN.wanted_power,
            ),
            env=ENV,
        script:
            "../scripts/figure_sample_sizes.py"

    DESIGNS += artefacts(rules.tabulate_sample_sizes)
    DESIGNS += artefacts(rules.figure_sample_sizes)
