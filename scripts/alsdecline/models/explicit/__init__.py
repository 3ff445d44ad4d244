"""The members that are not Gaussian, whose patients' effects are parameters."""
