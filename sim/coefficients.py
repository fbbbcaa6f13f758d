"""The parameters as local values of a compiled loop: read once, before the loop."""

from typing import Any

from numba.core import types
from numba.extending import intrinsic

from sim.machine.struct import read_field
from sim.parameters import Coefficients


@intrinsic
def read_coefficients(typing_context, group):
    """Read all parameters here, and return them by name.

    A parameter that a loop uses in one branch only would be read in that branch, and the compiler could not
    vectorise the loop.
    """

    def generate(context, builder, signature, arguments):
        kind = signature.args[0]
        values = [read_field(context, builder, kind, arguments[0], field.name) for field in kind.fields]
        return context.make_tuple(builder, signature.return_type, values)

    return types.NamedUniTuple(types.float32, len(Coefficients._fields), Coefficients)(group), generate


coefficients_of: Any = read_coefficients  # to a type checker an intrinsic still wants its first argument
