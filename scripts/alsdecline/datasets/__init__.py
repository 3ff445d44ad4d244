"""Analysis datasets in ADaM's shape, and where each value stood.

Imports raw files and settings, and no model: what is derived here is the same whatever
is fitted to it.
"""
