"""The parameters as local values of a compiled loop: read once, before the loop."""

from sim.machine.on_demand import Intrinsic, struct_types, types
from sim.parameters import Coefficients


@Intrinsic
def coefficients_of(typing_context, group):
    """Read all parameters here, and return them by name.

    A parameter that a loop uses in one branch only would be read in that branch, and the compiler could not
    vectorise the loop.
    """

    def generate(context, builder, signature, arguments):
        kind = signature.args[0]
        values = [struct_types.read_field(context, builder, kind, arguments[0], field.name) for field in kind.fields]
        return context.make_tuple(builder, signature.return_type, values)

    return types.NamedUniTuple(types.float32, len(Coefficients._fields), Coefficients)(group), generate
