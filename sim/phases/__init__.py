"""The phases of a month, a file each, in the order of `sim.phases.month`: compiled functions over part of a world."""
