"""One posterior of one declared model, whatever the model.

Call :func:`alsdecline.models.compile_cache.use_compile_cache` before importing this
module.
"""

import dataclasses

import numpy as np
import pandas as pd

from alsdecline.models.interface import DeclineModel, Posterior
from alsdecline.models.layout import TrialLayout
from alsdecline.models.sampling import POINT, CompiledModel, sample


@dataclasses.dataclass(frozen=True, eq=False)
class ModelFit(Posterior):
    """A posterior, its draws sorted by chain, and how its computation went.

    Attributes
    ----------
    chains : int
        Chains of equal length.
    divergences : int
        Divergent transitions after adaptation.
    energy : ndarray, shape (chains, draws)
        Hamiltonian at each draw.
    """

    chains: int
    divergences: int
    energy: np.ndarray

    def by_chain(self, values: np.ndarray) -> np.ndarray:
        """Lay values of all draws out by chain."""
        return values.reshape(self.chains, -1)

    def numbered(self) -> pd.DataFrame:
        """Return the draws with their ``chain`` and ``draw`` before them."""
        length = len(self.draws) // self.chains
        chain = np.repeat(np.arange(self.chains), length)
        draw = np.tile(np.arange(length), self.chains)
        numbers = pd.DataFrame({"chain": chain, "draw": draw})
        return pd.concat([numbers, self.draws], axis=1)


def fit_model(
    model: DeclineModel,
    trial: TrialLayout,
    compiled: CompiledModel,
    *,
    seed: int,
    chains: int,
    tune: int,
    draws: int,
    target_accept: float,
    cores: int = 1,
) -> ModelFit:
    """Draw from a model's posterior.

    Parameters
    ----------
    model : DeclineModel
        The model; its priors may differ from those of the compiled one.
    trial : TrialLayout
        Laid out by it.
    compiled : CompiledModel
        The same structure and number of patients, compiled.
    seed, chains, tune, draws, target_accept, cores
        As :func:`alsdecline.models.sampling.sample`; draws do not depend on the cores.

    Returns
    -------
    ModelFit

    Raises
    ------
    ValueError
        If the compiled model is one of other parameters or another number of patients.
    """
    start = model.start(trial)
    if start.size != compiled.n_dim:
        raise ValueError("compiled for another structure or number of patients")
    trace = sample(
        compiled,
        seed=seed,
        chains=chains,
        tune=tune,
        draws=draws,
        target_accept=target_accept,
        start=start,
        updates=model.vectors(trial),
        cores=cores,
    )
    points = trace["posterior"][POINT].to_numpy()
    posterior = model.posterior(points.reshape(-1, points.shape[-1]), trial)
    stats = trace["sample_stats"]
    return ModelFit(
        posterior.draws,
        posterior.effects,
        chains,
        int(stats["diverging"].to_numpy().sum()),
        stats["energy"].to_numpy(),
    )
