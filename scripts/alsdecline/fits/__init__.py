"""The fits: from analysis datasets to posteriors, diagnostics and estimates."""
