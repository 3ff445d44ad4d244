"""What the rules share: the settings, their digests, and names of files."""

import functools
import re
import sys
from pathlib import Path

# not that of the main Snakefile, which may be another's that uses ours as a module
HERE = Path(workflow.current_basedir.get_path_or_uri(secret_free=True))
if not (HERE.parent / "scripts/alsdecline").is_dir():
    sys.exit(
        f"{HERE}: no library beside it; clone the repository, and use its Snakefile"
    )
LIBRARY = str(HERE.parent / "scripts")
sys.path.insert(0, LIBRARY)
# the logger of .venv is the project's whose .venv it is, which may be another copy
if LIBRARY not in getattr(sys.modules.get("alsdecline"), "__file__", LIBRARY):
    for module in [name for name in sys.modules if name.startswith("alsdecline")]:
        del sys.modules[module]

# what the others import may be absent
from alsdecline.jobs.installed import installed_or_exit

installed_or_exit()

from snakemake.dag import DAG

from alsdecline import digests
from alsdecline.cited_version import cited_version
from alsdecline.jobs.as_module import keep_handlers
from alsdecline.settings.file import CONFIG
from alsdecline.settings.plan_lock import LOCK
from alsdecline.jobs.before_planning import (
    configuration_or_exit,
    last_release_or_exit,
    raw_files,
    refuse_while_blinded,
    refuse_without_raw_files,
    run_no_code_or_exit,
    told_in_lines,
)
from alsdecline.settings.data_planning import (
    counted_values,
    for_ingest,
    for_validation,
    keyed_plan,
)
from alsdecline.settings.members import FAMILY
from alsdecline.settings.plan_file import origins_for_job
from alsdecline.fits.planning import all_fits, fit_plan, primary_fit
from alsdecline.fits.estimands import estimand_of
from alsdecline.fits.priors import prior_effect_sd, prior_of, prior_of_difference
from alsdecline.fits.simulated import (
    FITTING,
    assumed_course,
    mean_slope,
    simulated_digest,
    simulated_fits,
)
from alsdecline.settings.plan_status import plan_status
from alsdecline.jobs.code_params import CodeParams
from alsdecline.jobs.locked_plan import ledger_is_whole
from alsdecline.jobs.batch_sizes import design_needs
from alsdecline.jobs.job_sizes import memory_mb, raw_megabytes, runtime_minutes
from alsdecline.jobs.planned import name_of, planned_jobs, record_named
from alsdecline.jobs.recorded_plan import RecordedPlan, compare_no_times_of_outputs
from alsdecline.jobs.run_events import begin_run, end_run, tell_of_ledger
from alsdecline.terminal.snakemake_faults import tell_faults_in_lines
from alsdecline.terminal.snakemake_reasons import tell_reasons
from alsdecline.terminal.workflow_lines import tell_end, tell_workflow_facts
from alsdecline.settings.catalogue import catalogue, scale_named
from alsdecline.jobs.workflow_files import workflow_meanings
from alsdecline.project import PROJECT, SCRIPTS

tell_faults_in_lines()
run_no_code_or_exit(workflow)
compare_no_times_of_outputs(DAG)
CONFIGURATION = configuration_or_exit(workflow.config_settings.overwrite_config)
SETTINGS = CONFIGURATION.settings
DATA_PLAN = keyed_plan(SETTINGS)
CHECKED_PLAN = for_validation(DATA_PLAN)
DATA_KIND = SETTINGS.trial.data_kind
REFERENCE = SETTINGS.arms.reference
TREATED = [arm.id for arm in SETTINGS.arms.groups if arm.id != REFERENCE]
OUTCOMES = [outcome.id for outcome in SETTINGS.outcomes]
OUTCOME_LABELS = {outcome.id: outcome.label for outcome in SETTINGS.outcomes}
# those of which slopes are estimated
MODELLED = SETTINGS.modelled_outcomes
POPULATIONS = {flag: p.label for flag, p in DATA_PLAN.populations.items()}
COUNTED_POPULATION, COUNTED_UNTIL_LAST_DOSE = counted_values(SETTINGS)
SCALES = {o.id: scale_named(o.scale, SETTINGS.scales) for o in SETTINGS.outcomes}
FITS = all_fits(SETTINGS)
PRIMARY = primary_fit(SETTINGS)
MAIN_FITS = [plan for plan in FITS if plan.model == PRIMARY.model]
PRIMARY_ESTIMAND = next(e for e in SETTINGS.estimands if e.id == SETTINGS.primary)
ENVIRONMENT = "../envs/environment.yaml"
CODE = CodeParams(SCRIPTS)
ENV = digests.file_digest_param("env", {"lock": PROJECT / "envs/requirements.txt"})
RAW_FILES = raw_files(SETTINGS)
# before there are data, none is there
RAW_THERE = {name: Path(name) for name in RAW_FILES if Path(name).exists()}
RAW = digests.file_digest_param("raw", RAW_THERE)
RAW_MB = raw_megabytes(RAW_THERE.values())
# where the analysis plan is not locked, there is no such file
LOCK_FILES = [str(LOCK)] if LOCK.is_file() else []
PLAN_STATUS = plan_status(
    Path(),
    SETTINGS,
    ledger_is_whole=not LOCK_FILES or ledger_is_whole(Path()),
)
WORKFLOW = workflow_meanings(PROJECT)
GATE = "results/diagnostics/primary_gate.json"
# wildcards of all jobs of a rule that has any; from these follow all jobs
WILDCARDS = {}
# memory and minutes of a simulated design's jobs by kind, where there is one
DESIGN_NEEDS = {}
# the rules that run while the trial is blinded
WITHOUT_ARMS = {
    "validate",
    "accept",
    "ingest",
    "label_datasets",
    "export_datasets",
    "describe",
    "figure_trajectories",
    "report",
    "report_documents",
    "simulate_design",
    "fit_design",
    "tabulate_operating_characteristics",
    "figure_operating_characteristics",
    "tabulate_averaged_errors",
    "figure_averaged_errors",
    "tabulate_compared_rules",
    "figure_compared_rules",
    "tabulate_sample_sizes",
    "figure_sample_sizes",
}


wildcard_constraints:
    outcome="[a-z][a-z0-9_]*",
    arm="[A-Za-z0-9][A-Za-z0-9_.-]*",


def code(script, *others):
    """Digest of what a script and all that it imports from the library mean."""
    return CODE.of(script, others)


def templates(folder):
    """All files of a folder of templates, as `code` takes them."""
    found = sorted((HERE.parent / "scripts/templates" / folder).iterdir())
    return [f"templates/{folder}/{path.name}" for path in found]


def plain(value):
    """A setting as JSON has it."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list) else value


def spec(**parts):
    """The settings that a rule uses, and from which alone its script reads them."""
    text = digests.spec_param(plain(parts))
    # Snakemake would fill in {x}, which a label may have; JSON's own braces have a quote
    return re.sub(r"\{(?=\s*\w)", r"\\u007b", text)


def memory(kind):
    """MB that jobs of a kind ask for; see job_sizes.py."""
    return memory_mb(kind, RAW_MB)


def minutes(kind):
    """After how many minutes jobs of a kind may be stopped."""
    return runtime_minutes(kind, RAW_MB)


def design_memory(kind):
    """MB that jobs of a simulated design ask for; see batch_sizes.py."""
    return DESIGN_NEEDS[kind][0]


def design_minutes(kind):
    """After how many minutes they may be stopped."""
    return DESIGN_NEEDS[kind][1]


def bds(*outcomes):
    """Analysis datasets of outcomes, all if none is named."""
    return [f"results/data/bds/{name}.parquet" for name in outcomes or OUTCOMES]


def outcomes_of(analyses):
    """Analysis datasets that analyses use, each once."""
    return bds(*dict.fromkeys(analysis.outcome for analysis in analyses))


def after_ingest(*paths):
    """Files that are planned anew after ingest.

    All that comes later takes its inputs so. Where ingest ran again and a file came out
    with the bytes it had, what follows from it is not redone.
    """

    def files(wildcards):
        checkpoints.ingest.get()
        ask_records_again()
        named = [str(path).format(**wildcards) for path in paths]
        return named[0] if len(named) == 1 else named

    files.paths = paths  # what an audit reads, which does not wait
    return files


def gated(*paths):
    """Files as after_ingest has them, of what is refused while the trial is blinded."""
    planned = after_ingest(*paths)

    def files(wildcards):
        refuse_while_blinded(SETTINGS)
        return planned(wildcards)

    files.paths = paths
    return files


def artefacts(rule):
    """Outputs of a rule but its record, which nothing but the audit reads."""
    return [file for file in rule.output if file != rule.output.record]


def outputs_of_jobs():
    """Outputs of the rules so far whose jobs the trial has, by rule."""
    named = [name_of(rule) for rule in workflow.rules if record_named(rule)]
    if SETTINGS.trial.blinded:
        named = [name for name in named if name in WITHOUT_ARMS]
    return {name: getattr(rules, name).output for name in named}


def records_of_jobs():
    """Records of all jobs of the rules so far."""
    return [
        record
        for name, output in outputs_of_jobs().items()
        for wildcards in WILDCARDS.get(name, [{}])
        for record in expand(output.record, **wildcards)
    ]


def of_fits(*names, fits=FITS):
    """Files of fits, of all if not told which."""
    return [f"results/fits/{plan.name}/{name}" for plan in fits for name in names]


def of_modelled(path):
    """A file of every outcome of which slopes are estimated."""
    return expand(path, outcome=MODELLED)


def embedded_figures():
    """The figures that the report shows: of all the rules that draw."""
    return [
        file
        for name, output in outputs_of_jobs().items()
        if name.startswith("figure_")
        for wildcards in WILDCARDS.get(name, [{}])
        for file in expand(output.figures, **wildcards)
        if file.endswith(".svg")
    ]


def figure_formats(name):
    """A figure in all formats."""
    return [f"results/figures/{name}.{form}" for form in SETTINGS.figures.formats]


def shown(files, caption, category, title, **labels):
    """Files as results that `snakemake --report` shows, with a caption and a title."""
    return report(
        files,
        caption=f"captions/{caption}.rst",
        category=category,
        labels={"result": title, **labels},
    )


def shown_figure(name, title):
    """A figure in all formats, each shown by `snakemake --report`."""
    return [
        shown(file, name.split("_{")[0], "Figures", title, format=Path(file).suffix[1:])
        for file in figure_formats(name)
    ]


def slope_sign(outcome):
    """1 where a higher score is better, else -1."""
    return 1 if SCALES[outcome].better == "higher" else -1


@functools.cache
def recorded_plan():
    """What records and ledger say of all jobs as the rules have them."""
    jobs = planned_jobs(workflow.rules, RECORDS)
    return RecordedPlan(workflow, jobs, plain(SETTINGS))


@functools.cache
def ask_records():
    """Have what the records say redone, or stand, before any job is planned."""
    if workflow.is_main_process:
        with told_in_lines():
            tell_of_ledger(Path())
            tell_reasons(recorded_plan().reasons)
            recorded_plan().ask()


@functools.cache
def ask_records_again():
    """Do so again once ingest has made its outputs anew."""
    if workflow.is_main_process:
        recorded_plan().ask_again()


def enter_begin():
    """Enter in the ledger that a run begins."""
    with told_in_lines():
        begin_run(
            PROJECT,
            [CONFIG],
            recorded_plan().reasons_now(),
            blinded=SETTINGS.trial.blinded,
        )


def enter_end(status):
    """Enter in the ledger how a run ended; tell so where it did all it was to do."""
    with told_in_lines():
        run = end_run(status)
        if status == "done":
            tell_end(workflow, run)


def raw_input(wildcards):
    """Raw files, of which no time counts but their digests.

    It is asked for while Snakemake plans the job that all others follow.
    """
    with told_in_lines():
        refuse_without_raw_files(SETTINGS)
    ask_records()
    return [ancient(file) for file in RAW_FILES]


raw_input.paths = RAW_FILES


def no_input(wildcards):
    """No file at all, of a job that follows from the settings alone, arms and all."""
    refuse_while_blinded(SETTINGS)
    ask_records()
    return []


no_input.paths = []


def no_data(wildcards):
    """No file, of a job that follows from the settings alone and knows no arms."""
    ask_records()
    return []


no_data.paths = []
