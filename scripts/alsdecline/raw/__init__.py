"""Raw files as typed tables, with what is wrong in them cell by cell.

Imports settings. Jobs and simulated trials, which stand beside it, know nothing of it,
nor it of them; what looks beyond one cell is in ``validation``.
"""
