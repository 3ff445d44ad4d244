"""A guess, what speaks for it, how sure it is, and where to change it."""

import dataclasses
from typing import Literal

Sureness = Literal["given", "sure", "likely", "unsure", "decide"]


def sureness(said: object, otherwise: Sureness) -> Sureness:
    """Return 'given' where the user says it, else how sure the guess is."""
    return "given" if said else otherwise


@dataclasses.dataclass(frozen=True)
class Guess:
    """One thing that is taken from the data, or that they do not tell.

    Attributes
    ----------
    what : str
        What is guessed.
    value : str
        What it is taken as; of a decision the choices.
    evidence : str
        What speaks for it.
    sure : {"given", "sure", "likely", "unsure", "decide"}
        'given' by the user; 'decide' where nothing is taken.
    where : str
        The key of config.yaml by which it is changed.
    """

    what: str
    value: str
    evidence: str
    sure: Sureness
    where: str

    @property
    def mark(self) -> str:
        """The comment that marks it in config.yaml."""
        word = {"given": "given", "decide": "decide"}.get(self.sure, "guess")
        sure = f" ({self.sure})" if word == "guess" else ""
        return f"# {word}{sure}: {self.evidence}"


@dataclasses.dataclass(frozen=True)
class Given:
    """What the user says, which no guess overrides; empty where nothing is said."""

    patient: str = ""
    arm: str = ""
    time: str = ""
    unit: str = ""
    outcomes: tuple[str, ...] = ()
    baseline: str = ""
    parameter: str = ""
    scale: str = ""
    reference: str = ""
    better: str = ""
    data_kind: str = ""
    disease: str = ""
    dates: str = ""
    encoding: str = ""


@dataclasses.dataclass
class Notebook:
    """What is guessed and what contradicts it, in order, as it is found."""

    guesses: list[Guess] = dataclasses.field(default_factory=list)
    faults: list[str] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)

    def guess(
        self, what: str, value: str, evidence: str, sure: Sureness, where: str
    ) -> Guess:
        """Enter a guess, and return it."""
        made = Guess(what, value, evidence, sure, where)
        self.guesses.append(made)
        return made

    @property
    def decisions(self) -> list[Guess]:
        """What is left to decide."""
        return [guess for guess in self.guesses if guess.sure == "decide"]
