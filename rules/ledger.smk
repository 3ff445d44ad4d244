"""What all jobs make, their records, and the ledger of runs."""

from alsdecline.jobs.run_events import begin_run, end_run
from alsdecline.settings.file import CONFIG
from alsdecline.terminal.workflow_lines import tell_end, tell_workflow_facts

RECORDS = records_of_jobs()
RESULTS = [
    file
    for name, output in outputs_of_jobs().items()
    for wildcards in WILDCARDS.get(name, [{}])
    for file in expand(output, **wildcards)
]


tell_workflow_facts(workflow)


onstart:
    with told_in_lines():
        begin_run(
            PROJECT,
            [CONFIG],
            recorded_plan().reasons_now(),
            blinded=SETTINGS.trial.blinded,
        )


onsuccess:
    with told_in_lines():
        tell_end(workflow, end_run("done"))


onerror:
    with told_in_lines():
        end_run("failed")
