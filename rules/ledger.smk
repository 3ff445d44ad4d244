"""What all jobs make, their records, and the ledger of runs."""

from alsdecline.jobs.run_events import begin_run, end_run
from alsdecline.settings.file import CONFIG

RECORDS = records_of_jobs()
RESULTS = [
    file
    for name, output in outputs_of_jobs().items()
    for wildcards in WILDCARDS.get(name, [{}])
    for file in expand(output, **wildcards)
]


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
        end_run("done")


onerror:
    with told_in_lines():
        end_run("failed")
