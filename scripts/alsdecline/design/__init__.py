"""Trials that are being designed: simulated, analysed, and what their design is worth.

Imports analyses, and of what stands below them only units of time; no settings, no jobs
and no files.
"""
