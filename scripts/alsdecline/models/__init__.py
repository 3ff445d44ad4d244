"""The family of decline models: declared, laid out, sampled, simulated.

Takes numbers and names, and knows no settings, no jobs and no files of a trial; what
it imports is ``digests``, ``faults`` and ``project``. What all members share lies here
and imports no member; ``gaussian`` may import it, and ``explicit`` both.
"""
