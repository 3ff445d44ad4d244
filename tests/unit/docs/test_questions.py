"""Questions that users have are answered two links from the README, in these words.

Each question names page and heading at which the answer stands, and a phrase of it.
"""

import pytest

from support.doc_pages import README, links, sections
from support.trial_folder import PROJECT

DOCS = PROJECT / "docs"

# question: page, heading, words of the answer
ANSWERS = {
    "How do I start?": (
        "tutorial.md",
        "run-it",
        "sets up `.venv`, runs the trial and says where the report is",
    ),
    "How do I run it on my own CSV file?": (
        "your_trial.md",
        "the-configuration",
        "put the file into a folder, and beside it a `config.yaml`",
    ),
    "Which columns does my file need?": (
        "your_trial.md",
        "the-file",
        "One row for each visit",
    ),
    "Can the configuration be made from my file?": (
        "new_trial.md",
        "from-your-files-to-a-configyaml",
        "prints what it takes each column for",
    ),
    "I wrote no priors: where do they come from?": (
        "your_trial.md",
        "what-was-filled-in",
        "Priors are *proposed*",
    ),
    "How do I check my file before anything is fitted?": (
        "your_trial.md",
        "look-before-anything-is-fitted",
        "results/validation/findings.csv",
    ),
    "Can it read Excel?": (
        "how_to/excel.md",
        "what-is-read",
        "Excel workbook, one sheet with cells",
    ),
    "My numbers have decimal commas, what now?": (
        "how_to/excel.md",
        "what-is-read",
        "of a German Excel",
    ),
    "My columns have other names, must I rename them?": (
        "how_to/excel.md",
        "names-and-values-that-are-others",
        "Columns may keep their names",
    ),
    "How do I correct a value, or leave a patient out?": (
        "how_to/decisions.md",
        "decisions-on-the-data",
        "say so in a file of decisions",
    ),
    "Which scales does it know?": (
        "how_to/scales.md",
        "what-the-catalogue-has",
        "`alsfrs_r` | ALSFRS-R | 0 to 48",
    ),
    "How do I use a scale that it does not know?": (
        "how_to/scales.md",
        "a-scale-of-your-own",
        "stands in `config.yaml`, under a name of its own",
    ),
    "Can it make the ALSFRS-R total of its items?": (
        "how_to/items.md",
        "totals-of-items",
        "the sum of the others, times the scale's maximum",
    ),
    "My baseline is a column and no visit, what now?": (
        "how_to/baseline.md",
        "a-baseline-in-a-column",
        "a value at time zero, as if it had been a visit",
    ),
    "My visits have dates but no planned week, what now?": (
        "how_to/windows.md",
        "the-file-has-dates-alone",
        "Windows assign each value to a visit",
    ),
    "My visits have no dates, what now?": (
        "how_to/windows.md",
        "the-file-has-no-dates",
        "time zero is the baseline",
    ),
    "Does it work without a control arm?": (
        "how_to/one_arm.md",
        "one-arm",
        "Its report gives the mean\nslope",
    ),
    "How do I compare several doses?": (
        "how_to/doses.md",
        "several-doses",
        "All are compared with one reference",
    ),
    "How do I adjust for age?": (
        "how_to/covariates.md",
        "in-every-model",
        "A covariate shifts the patient's value at time zero and the slope",
    ),
    "Can I work before unblinding?": (
        "how_to/blinded.md",
        "work-before-unblinding",
        "all patients are described together",
    ),
    "What may I change after the plan was locked?": (
        "plan_lock.md",
        "the-lock",
        "Every later difference is a deviation",
    ),
    "How do I run it on a cluster?": (
        "snakemake.md",
        "slurm",
        "snakemake --profile profiles/slurm",
    ),
    "Which estimate do I report?": (
        "faq.md",
        "which-estimate-do-i-report",
        "the estimand that `primary:` names",
    ),
    "Why is the posterior wider than the paper's?": (
        "faq.md",
        "why-is-the-posterior-wider-than-the-papers",
        "patients have slopes of their own",
    ),
    "What does the prior do with nine patients?": (
        "faq.md",
        "what-does-the-prior-do-with-nine-patients",
        "as much as the data of 1.5 of the 9",
    ),
    "What does R-hat mean?": (
        "glossary.md",
        "r-hat",
        "Whether the sampler's chains agree",
    ),
    "Why did it rerun?": (
        "faq.md",
        "why-did-it-rerun",
        "which setting with its old and\nnew value",
    ),
    "Why was nothing fitted?": (
        "faq.md",
        "why-was-nothing-fitted",
        "A fatal finding on the raw data stops the run",
    ),
    "What do I do when a run was killed?": (
        "auditing.md",
        "the-verbs",
        "After a run was killed: `snakemake --unlock`",
    ),
    "What is where in the results?": (
        "results.md",
        "what-is-where-under-results",
        "`tables/*.csv`",
    ),
    "Which rows does a printed number come from?": (
        "tracing.md",
        "what-a-trace-of-a-value-tells",
        "file, SHA-256, whether the file is still that, columns, and each row",
    ),
    "What changed since the last data export?": (
        "your_trial.md",
        "a-new-export-of-the-data",
        "says what changed, from records to conclusions",
    ),
    "Is the model right? What is checked?": (
        "models.md",
        "checks",
        "posterior predictive SD of slopes",
    ),
    "Does it agree with published results?": (
        "validation.md",
        "published-numbers-and-ours",
        "analysed by this pipeline from their raw files",
    ),
    "What can it not do, and what do I use instead?": (
        "faq.md",
        "what-is-not-here-yet-and-what-to-use-instead",
        "R's `mmrm`",
    ),
    "What happens to missing visits and to patients who died?": (
        "faq.md",
        "what-happens-to-missing-visits-and-to-patients-who-died",
        "missing at\nrandom",
    ),
    "How do I cite it?": ("how_to/citing.md", "citing", "[CITATION.cff]"),
    "Is it 21 CFR Part 11 compliant?": (
        "auditing.md",
        "what-this-supports-and-what-it-does-not",
        "It is not by itself compliance",
    ),
}


def test_there_are_thirty_questions() -> None:
    assert len(ANSWERS) >= 30


@pytest.mark.parametrize("question", ANSWERS)
def test_a_question_is_answered_two_links_from_the_readme(question: str) -> None:
    page, heading, words = ANSWERS[question]
    first = {link.target for link in links(README)}
    second = {
        link.target
        for target in first
        if target.suffix == ".md"
        for link in links(target)
    }
    assert DOCS / page in first | second
    said = sections(DOCS / page)[heading]
    assert " ".join(words.split()) in " ".join(said.split())
