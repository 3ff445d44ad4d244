"""The fits: from analysis datasets to posteriors, diagnostics and estimates.

The only package that brings settings, datasets and models together. It knows nothing
of the analyses beside it, nor how anything is printed.
"""
