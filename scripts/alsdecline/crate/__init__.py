"""A run as an RO-Crate.

Imports jobs, whose records it tells, and settings; it reads no data and no table.
"""
