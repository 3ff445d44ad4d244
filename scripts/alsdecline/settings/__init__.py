"""What a trial's config.yaml may say, and what follows before a run.

Of raw files it reads the few cells from which what config.yaml leaves out is filled in.

Imports ``digests`` and ``faults``, no other package, and no pandas: Snakemake reads it
whenever it plans. Models know nothing of it, nor it of them.
"""
