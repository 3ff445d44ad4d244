"""The report's page, and its words."""
