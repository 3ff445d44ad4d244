"""Rules on the raw data that look beyond one cell.

Imports raw files, datasets for the totals and times that rules compare, and settings.
Fits and analyses, which stand beside it, see only data that passed.
"""
