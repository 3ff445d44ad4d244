"""Simulated trials, as raw files that clinics would deliver.

Imports models, from which it draws patients' courses, and nothing that analyses them.
"""
