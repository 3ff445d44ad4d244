"""What surrounds every job: its record, its event, the ledger, and what runs again.

Imports settings, and knows nothing of what a job computes: no data, no model.

A record is what a job leaves of what it read, wrote and depended on (``records``), an
event what it, or a run, has entered in the ledger (``events``). A reason says in words
why a job runs: by its record and what stands now (``record_reasons``), or, of one that
ran, as the ledger has it (``ledger_reasons``). By the former jobs are made again, or
left (``rerun``). What the machine refuses is told in a line (``machine_faults``).
"""
