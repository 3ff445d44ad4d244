"""Analysis datasets in ADaM's shape, and where each value stood."""
