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


def reasons_now():
    """Why jobs run, as far as it is known before they do, by the record."""
    gone = absent_results(jobs_of_trial())
    return {
        record: [*ASKED.get(record, []), *gone.get(record, [])]
        for record in {**ASKED, **gone}
    }


onstart:
    begin_run(PROJECT, [CONFIG], reasons_now())


onsuccess:
    end_run("done")


onerror:
    end_run("failed")
