"""The Gaussian members, whose patients' effects are integrated out."""
