"""Sampling a PyMC model with nutpie, with callbacks that are cached on disk.

``nutpie.compile_pymc_model`` compiles its C callbacks anew in each process, which
costs more than all the sampling here. PyTensor caches the compiled log-density
itself; the callback around it is generated from source that depends on the number of
shared vectors alone and is cached under the same key, so a second process loads both.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

import numba
import numpy as np
import nutpie
import pymc as pm
import xarray as xr
from nutpie.compile_pymc import CompiledPyMCModel, address_as_void_pointer
from pytensor.link.numba.cache import (
    CACHED_SRC_FUNCTIONS,
    compile_numba_function_src,
)

POINT = "unconstrained"

_DOUBLES = numba.types.CPointer(numba.types.double)  # type: ignore[no-untyped-call]
_LOG_DENSITY_SIGNATURE = numba.types.int64(
    numba.types.uint64, _DOUBLES, _DOUBLES, _DOUBLES, numba.types.voidptr
)
_EXPAND_SIGNATURE = numba.types.int64(
    numba.types.uint64,
    numba.types.uint64,
    _DOUBLES,
    _DOUBLES,
    numba.types.voidptr,
)


def _log_density_source(n_shared: int) -> str:
    """Source of the callback: value and gradient from a table of shared vectors.

    The table holds an address and a size for each shared vector. The return codes
    are nutpie's: 3 and 4 mark a divergence, not an error.
    """
    arguments = "".join(
        f", carray(pointer(table[{2 * i}]), (table[{2 * i + 1}],), float64)"
        for i in range(n_shared)
    )
    return f"""
def callback(n_dim, position, gradient_out, value_out, table_address):
    table = carray(table_address, ({2 * n_shared},), int64)
    value, gradient = log_density(carray(position, (n_dim,), float64){arguments})
    out = carray(gradient_out, (n_dim,), float64)
    finite = True
    for i in range(n_dim):
        out[i] = gradient[i]
        finite = finite and isfinite(gradient[i])
    value_out[0] = value.item()
    if not finite:
        return 3
    if not isfinite(value_out[0]):
        return 4
    return 0
"""


_EXPAND_SOURCE = """
def callback(n_dim, n_expanded, position, out, table_address):
    for i in range(n_dim):
        out[i] = position[i]
    return 0
"""


def _cached_callback(
    source: str, signature: Any, key: str, names: dict[str, Any]
) -> Any:
    # numba finds a cached function's globals again through its module's name
    function = compile_numba_function_src(
        source, "callback", global_env={"__name__": __name__, **names}, cache_key=key
    )
    return numba.cfunc(signature, cache=True, fastmath=False, error_model="numpy")(
        function
    )


@dataclasses.dataclass(frozen=True)
class CompiledModel:
    """A model ready to be sampled, many times, with other data or priors.

    Attributes
    ----------
    nutpie_model : CompiledPyMCModel
        What nutpie samples; its one variable is the unconstrained point.
    shared_names : tuple of str
        Names of the shared vectors in the callback's order.
    shared : dict of str to ndarray
        Their values at compilation, float64 vectors.
    log_density : callable
        Value and gradient at an unconstrained point, given the shared vectors.
    """

    nutpie_model: CompiledPyMCModel
    shared_names: tuple[str, ...]
    shared: dict[str, np.ndarray]
    log_density: Any

    @property
    def n_dim(self) -> int:
        """Number of unconstrained parameters."""
        return int(self.nutpie_model.n_dim)


def compile_model(model: pm.Model) -> CompiledModel:
    """Compile the log-density of a PyMC model whose data are float64 vectors.

    Parameters
    ----------
    model : pymc.Model
        All its variables continuous, all its data ``pm.Data`` vectors.

    Returns
    -------
    CompiledModel
    """
    function = model.logp_dlogp_function(ravel_inputs=True, mode="NUMBA")
    compiled = function._pytensor_function  # noqa: SLF001, PyMC has no other way to it
    jit_function = compiled.vm.jit_fn
    key = CACHED_SRC_FUNCTIONS[jit_function.py_func]
    shared_variables = compiled.get_shared()
    names = tuple(variable.name for variable in shared_variables)
    shared = {variable.name: variable.get_value() for variable in shared_variables}
    n_dim = sum(value.size for value in model.initial_point().values())

    log_density = _cached_callback(
        _log_density_source(len(names)),
        _LOG_DENSITY_SIGNATURE,
        f"{key}_callback",
        {
            "carray": numba.carray,  # type: ignore[attr-defined]
            "pointer": address_as_void_pointer,
            "int64": numba.types.int64,
            "float64": numba.types.float64,
            "isfinite": np.isfinite,
            "log_density": jit_function,
        },
    )
    expand = _cached_callback(_EXPAND_SOURCE, _EXPAND_SIGNATURE, "identity_expand", {})
    nutpie_model = CompiledPyMCModel(
        dims={},
        _n_dim=n_dim,
        _coords={},
        _shapes={POINT: (n_dim,)},
        compiled_logp_func=log_density,
        compiled_expand_func=expand,
        initial_point_func=lambda seed: _jittered_start(n_dim, seed),
        shared_data=shared,
        shared_var_keys={},
        user_data=np.zeros(2 * len(names), dtype=np.int64),
        n_expanded=n_dim,
        shape_info=([POINT], [slice(0, n_dim)], [(n_dim,)]),
        logp_func=compiled,
        expand_func=None,
    )
    return CompiledModel(nutpie_model, names, shared, jit_function)


def _jittered_start(n_dim: int, seed: int | None) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1.0, 1.0, n_dim)


def sample(
    compiled: CompiledModel,
    *,
    seed: int,
    chains: int,
    tune: int,
    draws: int,
    target_accept: float,
    start: np.ndarray,
    updates: Mapping[str, np.ndarray] | None = None,
    cores: int = 1,
) -> xr.DataTree:
    """Draw from the posterior.

    Parameters
    ----------
    compiled : CompiledModel
        From :func:`compile_model`.
    seed : int
        The draws depend on it, not on `cores` or the process.
    chains, tune, draws : int
        Number of chains, and of iterations of each to adapt and to keep.
    target_accept : float
        Average acceptance probability that the step size is adapted to.
    start : ndarray, shape (n_dim,)
        Chains start uniformly within 1 of this unconstrained point.
    updates : mapping of str to ndarray, optional
        Other values for shared vectors, by name; sizes may differ.
    cores : int
        Chains that run at the same time.

    Returns
    -------
    xarray.DataTree
        ``posterior`` with the variable :data:`POINT` (chain, draw, parameter), and
        ``sample_stats`` with divergences, energies and step counts.

    Raises
    ------
    KeyError
        If `updates` names a vector that the model does not have.
    """
    unknown = sorted(set(updates or {}) - set(compiled.shared))
    if unknown:
        raise KeyError(f"the model has no data named {', '.join(unknown)}")
    values = compiled.shared | dict(updates or {})
    vectors = [
        np.ascontiguousarray(values[name], dtype=np.float64)
        for name in compiled.shared_names
    ]
    table = np.array(
        [entry for v in vectors for entry in (v.ctypes.data, v.size)], dtype=np.int64
    )
    model = dataclasses.replace(
        compiled.nutpie_model,
        user_data=table,
        # keeps the vectors alive as long as the callback can see them
        shared_data=dict(zip(compiled.shared_names, vectors, strict=True)),
        initial_point_func=lambda chain_seed: (
            start + _jittered_start(compiled.n_dim, chain_seed)
        ),
    )
    trace: xr.DataTree = nutpie.sample(
        model,
        seed=seed,
        chains=chains,
        tune=tune,
        draws=draws,
        target_accept=target_accept,
        cores=cores,
        save_warmup=False,
        progress_bar=False,
    )
    return trace
