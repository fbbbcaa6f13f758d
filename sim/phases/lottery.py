"""The lottery that decides who comes first where homes are short: putting people in the order of their numbers."""

from sim.machine.arithmetic import compiled, from_start, rule
from sim.machine.draws import WORD, pick


@rule
def share_of(number, parts):
    """In which of some equal parts of all 64-bit numbers one is; as they are drawn evenly, each has about as many."""
    return from_start(pick(number >> WORD, parts))


@compiled
def order_by_lottery(people, lottery, begins, ordered):
    """Put people in the order of their numbers in a lottery.

    Each goes into one of as many parts as there are people, in which few have to change places.

    Parameters
    ----------
    people : int32 [N]
        Where their numbers stand.
    lottery : uint64
    begins : int32 [N + 1]
        Scratch.
    ordered : int32 [N]
        Gets the people in their order.
    """
    count = len(people)
    begins[:] = 0
    for n in range(count):
        begins[share_of(lottery[people[n]], count)] += 1
    filled = 0
    for n in range(count):
        begins[n], filled = filled, filled + begins[n]
    for n in range(count):
        part = share_of(lottery[people[n]], count)
        ordered[from_start(begins[part])] = people[n]
        begins[part] += 1
    for n in range(1, count):
        person, at = ordered[n], n
        while at > 0 and lottery[ordered[at - 1]] > lottery[person]:
            ordered[at] = ordered[at - 1]
            at -= 1
        ordered[at] = person
