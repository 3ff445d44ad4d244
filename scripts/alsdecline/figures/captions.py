"""What figures and the text beside them both go by; nothing here draws."""

MOST_NAMED = 12
"""Patients of an arm up to which each is named or marked, and no mean is drawn."""

MOST_DRAWN = 200
"""Patients of an arm up to which each is drawn. Of more, so many courses are, and a
band of all; their slopes are a curve in order."""

CENTRAL = 0.9
"""Share of the values of all patients that the band about thinned courses holds."""

CHECK_LABELS = {
    "slope_sd": "SD of patients' slopes",
    "residual_sd": "SD about the patients' lines",
    "lag_one_autocorrelation": "Lag-1 autocorrelation",
    "floor_share": "Share at the floor",
    "ceiling_share": "Share at the ceiling",
}
"""Statistics of the predictive checks that are drawn, by their name in the table."""
