"""What all jobs make, their records, and the ledger of runs."""

RECORDS = records_of_jobs()
RESULTS = [
    file
    for name, output in outputs_of_jobs().items()
    for wildcards in WILDCARDS.get(name, [{}])
    for file in expand(output, **wildcards)
]


tell_workflow_facts(workflow)


onstart:
    enter_begin()


onsuccess:
    enter_end("done")


onerror:
    enter_end("failed")


if not workflow.modifier.is_main_snakefile():
    keep_handlers(
        workflow,
        {
            "onstart": enter_begin,
            "onsuccess": functools.partial(enter_end, "done"),
            "onerror": functools.partial(enter_end, "failed"),
        },
    )
