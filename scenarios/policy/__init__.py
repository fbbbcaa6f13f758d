"""Policy: levers as data, packages of measures, and the schedule that sets each month's levers and counts money."""

from scenarios.policy.levers import Lever, Price, levers
from scenarios.policy.measures import Measure, Policy, Setting, policy_from
from scenarios.policy.packages import load_policy, package_names
from scenarios.policy.schedule import Note, Schedule, most_building
from scenarios.policy.units import Units, count_units
from scenarios.policy.words import policy_in_words

__all__ = [
    "Lever",
    "Measure",
    "Note",
    "Policy",
    "Price",
    "Schedule",
    "Setting",
    "Units",
    "count_units",
    "levers",
    "load_policy",
    "most_building",
    "package_names",
    "policy_from",
    "policy_in_words",
]
