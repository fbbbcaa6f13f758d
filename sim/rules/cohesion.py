"""Social cohesion, the scale of the Veiligheidsmonitor: a construct other than feeling at home."""

import numpy as np

from sim.machine.arithmetic import ONE, ZERO, exponential, rule

QUARTER = np.float32(0.25)  # weight of each of the four statements of the scale


@rule
def cohesion_score(faces, ties, contact_trouble, belonging, coefficients):
    """Mean of four statements, each in [0, 1]; times ten it is the survey's scale.

    People know each other: 1 - e^(-F/F_c). They get along: 1 - harmony x trouble, 0 at least. They help each other:
    k/(k + K_c). I feel at home with them: b. `contact_trouble` is the share of encounters that go badly, with anyone,
    or that do not come about between groups, see `sim.phases.rates`.
    """
    c = coefficients
    know = ONE - exponential(-faces / c.cohesion_faces)
    pleasant = max(ONE - c.cohesion_harmony * contact_trouble, ZERO)
    help_each_other = ties / (ties + c.cohesion_ties)
    return QUARTER * (know + pleasant + help_each_other + belonging)
