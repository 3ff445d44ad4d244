"""What a person sees of a run in a terminal: a line a job, the end, what went wrong.

Imports jobs, and knows nothing of what a job computes. ``handler`` takes Snakemake's
log in (``scripts/plugins`` has it where Snakemake looks for loggers, the default
profile chooses it) and has ``told_run`` say by it what happens, in the words of the
modules beside it. The words of Snakemake itself, which another logger or ``--verbose``
prints, are mended in ``snakemake_faults`` and ``snakemake_reasons``.
"""
