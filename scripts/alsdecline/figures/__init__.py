"""The figures, drawn from result tables, posteriors and datasets.

Imports fits, datasets and settings. ``captions`` draws nothing, so that the report,
which stands above, has its words without what draws.
"""
