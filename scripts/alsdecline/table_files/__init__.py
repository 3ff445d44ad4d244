"""Files of tables as texts, whatever their format; imports nothing of the settings.

Planning reads raw files too, so no module here imports pandas, and what one format
alone needs is imported when a file of that format is read.
"""
