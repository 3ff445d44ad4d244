"""The report's page, and its words.

Imports figures, fits, analyses and settings. It prints what result tables say, with
the ids of their values, and estimates nothing.
"""
