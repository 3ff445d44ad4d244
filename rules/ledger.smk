"""What all jobs make, their records, and the ledger of runs."""

from alsdecline.run_events import begin_run, end_run
from alsdecline.settings_file import CONFIG

WITHOUT_ARMS = {
    "validate",
    "accept",
    "ingest",
    "describe",
    "figure_trajectories",
    "report",
}
JOBS = [rule.name for rule in workflow.rules]
if SETTINGS.trial.blinded:
    JOBS = [name for name in JOBS if name in WITHOUT_ARMS]
OUTPUTS = {name: getattr(rules, name).output for name in JOBS}
RESULTS = [
    file
    for name, output in OUTPUTS.items()
    for file in expand(output, **WILDCARDS.get(name, {}))
]
RECORDS = [
    record
    for name, output in OUTPUTS.items()
    for record in expand(output.record, **WILDCARDS.get(name, {}))
]


onstart:
    begin_run(PROJECT, [CONFIG])


onsuccess:
    end_run("done")


onerror:
    end_run("failed")
