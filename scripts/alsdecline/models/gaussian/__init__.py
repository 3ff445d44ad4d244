"""The Gaussian members, whose patients' effects are integrated out.

Imports what all members share, and nothing of the members that are not Gaussian.
"""
