"""Analyses beside the models of decline, and descriptions."""
