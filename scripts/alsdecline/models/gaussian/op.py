"""The marginal likelihood as a PyTensor Op with its gradient."""

from collections.abc import Sequence
from typing import Any

import numba
import numpy as np
import pytensor.tensor as pt
from pytensor.graph.basic import Apply, Variable
from pytensor.graph.op import Op
from pytensor.link.numba.dispatch.basic import register_funcify_default_op_cache_key

from alsdecline.models.gaussian.kernel import parameter_gradient


class MarginalLogLikelihood(Op):
    """Log-likelihood of the linear mixed model, random effects integrated out.

    Inputs are the arguments of ``parameter_gradient`` of
    :mod:`alsdecline.models.gaussian.kernel`. The first output is the log-likelihood,
    the others are its gradient, so that value and gradient cost one evaluation.
    """

    __props__ = ()

    def make_node(self, *inputs: Any) -> Apply:
        """Wrap the inputs; the outputs are a scalar and three gradient vectors."""
        variables = [pt.as_tensor_variable(value) for value in inputs]
        gradients = [value.type() for value in variables[:3]]
        return Apply(self, variables, [pt.dscalar(), *gradients])

    def perform(
        self,
        node: Apply,  # noqa: ARG002, part of the Op's interface
        inputs: Sequence[Any],
        output_storage: list[list[Any]],
    ) -> None:
        """Evaluate outside a numba graph."""
        density, *gradients = parameter_gradient(*inputs)
        results = [np.asarray(density.sum()), *gradients]
        for storage, result in zip(output_storage, results, strict=True):
            storage[0] = result

    def pullback(
        self,
        inputs: Sequence[Variable],
        outputs: Sequence[Variable],
        cotangents: Sequence[Variable],
    ) -> list[Variable]:
        """Scale the gradients that were computed together with the value."""
        gradients = [cotangents[0] * gradient for gradient in outputs[1:]]
        return [*gradients, pt.zeros_like(inputs[3])]


@register_funcify_default_op_cache_key(MarginalLogLikelihood)
def _compile_marginal_log_likelihood(*_: Op, **__: Any) -> Any:
    """Use the disk-cached kernel inside numba-compiled graphs."""

    @numba.njit(fastmath=False, error_model="numpy")
    def marginal_log_likelihood(coefficient, scale, partial, data):  # type: ignore[no-untyped-def]
        result = parameter_gradient(coefficient, scale, partial, data)
        return np.asarray(result[0].sum()), result[1], result[2], result[3]

    return marginal_log_likelihood
