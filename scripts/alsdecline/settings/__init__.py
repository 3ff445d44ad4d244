"""What a trial's config.yaml may say, and what follows before any data are read.

Imports ``digests`` and ``faults``, no other package, and no pandas: Snakemake reads it
whenever it plans. Models know nothing of it, nor it of them.
"""
