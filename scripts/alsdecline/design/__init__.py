"""Trials that are being designed: simulated, analysed, and what their design is worth.

Imports analyses, and in one module settings; no jobs, no files, no data of patients.
"""
