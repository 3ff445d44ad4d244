"""Simulated trials, as raw files that clinics would deliver."""
