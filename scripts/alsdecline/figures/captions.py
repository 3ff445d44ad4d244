"""What figures and the text beside them both go by; nothing here draws."""

MOST_NAMED = 12
"""Patients of an arm up to which each is named or marked, and no mean is drawn."""

CHECK_LABELS = {
    "slope_sd": "SD of patients' slopes",
    "residual_sd": "SD about the patients' lines",
    "lag_one_autocorrelation": "Lag-1 autocorrelation",
    "floor_share": "Share at the floor",
    "ceiling_share": "Share at the ceiling",
}
"""Statistics of the predictive checks that are drawn, by their name in the table."""
