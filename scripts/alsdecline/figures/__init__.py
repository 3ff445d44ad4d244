"""The figures, drawn from result tables and datasets; their captions are words."""
