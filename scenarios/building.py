"""From a table of areas to a world: neighbourhoods, municipalities and their first residents."""

import hashlib

import numpy as np

from scenarios.ages import ages_by_group
from scenarios.areas import AreaTable
from scenarios.borders import near_areas
from scenarios.build_options import BuildOptions, with_homes
from scenarios.capacity import capacity_of
from scenarios.errors import InputError
from scenarios.gravity import MunicipalityFigures, destinations, known_positions
from scenarios.household_figures import dwelling_kinds, household_count, relative_children, relative_kinds
from scenarios.households import form_first_households
from scenarios.known_years import arrivals_before
from scenarios.mobility import NATIONAL_MOVING_RATE, mobility_of, moving_rule, relative_moves
from scenarios.rows import check_memory, in_households, places_needed, rows_needed
from scenarios.start import Composition, add_first_residents, form_first_ties, state_of
from sim.machine.threads import ThreadPool
from sim.motives import MOTIVES
from sim.neighbourhoods import Municipalities, Neighbourhoods
from sim.parameters import Parameters
from sim.population import vacant_population
from sim.rates_by_age import cumulative
from sim.world import World

NATIONAL_RESIDENTS = 17_080_000  # 2017 (CBS); those not simulated are the origin and destination of domestic movers
SHARE_WITH_CHILDREN = 0.33  # CBS 2017, households with children


def key_of(code: str) -> int:
    """31 bits that identify an area or municipality in draws, whatever its row in the input."""
    return int.from_bytes(hashlib.sha256(code.encode()).digest()[:4], "big") >> 1


def keys_of(codes: list[str]) -> np.ndarray:
    """Keys of codes; where two collide the later code in sorted order is hashed again, independent of input order."""
    taken: dict[int, str] = {}
    for code in sorted(codes):
        key = key_of(code)
        while key in taken or key == 0:
            key = key_of(f"{key}:{code}")
        taken[key] = code
    of = {code: key for key, code in taken.items()}
    return np.array([of[code] for code in codes], np.uint64)


def apportion(total: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Round shares to whole numbers with the given row sums (largest remainder).

    Parameters
    ----------
    total : int64 [J]
    shares : float64 [J, G]
        Each row sums to one.
    """
    exact = total[:, None] * shares
    whole = np.floor(exact + 1e-9).astype(np.int64)
    remainder = exact - whole
    missing = total - whole.sum(axis=1)
    order = np.argsort(-remainder.round(9), axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    return whole + (rank < missing[:, None])


def anonymity_of(table: AreaTable) -> np.ndarray:
    """Anonymity A of urban life, float64 [J] in [0, 1]: the residents' mean of log(1 + addresses per km2/100) / log 61.

    It is a property of the municipality, not of the district (Wirth 1938: size and density of a city): between town and
    country belonging falls with density, within a city its dense centre scores as well as its outskirts. Own areas
    without municipalities are one municipality.
    """
    dense = np.clip(np.log1p(np.nan_to_num(table.density) / 100) / np.log(61), 0, 1)
    return mean_of_municipality(table, dense)


def mean_of_municipality(table: AreaTable, values: np.ndarray) -> np.ndarray:
    """Of each area the mean of `values`, float64 [J], over the residents of its municipality, float64 [J]."""
    residents = np.bincount(table.municipality, table.residents)
    return (np.bincount(table.municipality, table.residents * values) / residents)[table.municipality].round(6)


def check_scale(table: AreaTable, scale: int) -> None:
    """Refuse agents that stand for more residents than a neighbourhood has: every one would be a single agent.

    Raises
    ------
    InputError
    """
    mean = int(np.sum(table.residents)) // len(table)
    if scale > max(mean, 1):
        raise InputError(
            f"scale={scale} leaves less than one agent per neighbourhood, which has {mean:,} residents on average "
            f"(allowed: 1 to {max(mean, 1)})"
        )


def members_of(key: np.ndarray, municipality: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Neighbourhoods by municipality in the order of their keys, int64 [J], and where each begins, int64 [K + 1]."""
    first = np.concatenate(([0], np.cumsum(np.bincount(municipality, minlength=count))))
    return np.lexsort((key, municipality)).astype(np.int64), first.astype(np.int64)


def make_neighbourhoods(
    table: AreaTable, options: BuildOptions, parameters: Parameters
) -> tuple[Neighbourhoods, np.ndarray]:
    """Neighbourhoods of the world, and the agents per neighbourhood and origin group."""
    check_scale(table, options.scale)
    agents = np.maximum(np.round(table.residents / options.scale), 1).astype(np.int64)
    counts = apportion(agents, table.origin)
    occupied = household_count(table, agents) if in_households(parameters) else agents
    vacant = np.maximum(np.round(occupied * parameters.vacancy / (1 - parameters.vacancy)), 1).astype(np.int64)
    built = occupied + vacant
    places = places_needed(agents, built, occupied)
    room = rows_needed(built, places, with_homes(options, table), parameters)
    check_memory(int(room.sum()))
    mobility = mobility_of(table, parameters)
    x, y = known_positions(table)
    key = keys_of(table.code)
    members = members_of(key, table.municipality, len(table.municipality_code))
    near, near_first = near_areas(table, *members, key)
    neighbourhoods = Neighbourhoods(
        key=key,
        municipality=table.municipality.astype(np.int32),
        first=np.concatenate(([0], np.cumsum(room))),
        built=built,
        occupied=occupied.copy(),
        places=places,
        residents=agents,
        status=np.nan_to_num(table.socio_economic).astype(np.float32),
        municipality_status=mean_of_municipality(table, np.nan_to_num(table.socio_economic)).astype(np.float32),
        anonymity=anonymity_of(table).astype(np.float32),
        mobility=np.clip(mobility, 0.2, 4.0).astype(np.float32),
        children=np.ones(len(table), np.float32),
        with_children=(table.with_children / SHARE_WITH_CHILDREN).astype(np.float32),
        dwelling_kinds=dwelling_kinds(table).astype(np.float32),
        facilities=table.facilities.astype(np.float32),
        x=np.nan_to_num(x).astype(np.float32),
        y=np.nan_to_num(y).astype(np.float32),
        host_language=np.asarray(table.scheme.host_language, np.float32),
        near=near,
        near_first=near_first,
    )
    return neighbourhoods, counts


def make_municipalities(
    table: AreaTable, neighbourhoods: Neighbourhoods, counts: np.ndarray, options: BuildOptions, parameters: Parameters
) -> Municipalities:
    """Municipalities of the world: arrivals, domestic exchange, destinations and capacity."""
    municipalities = len(table.municipality_code)
    municipality = table.municipality
    agents = np.bincount(municipality, neighbourhoods.residents, municipalities)
    origin = np.zeros((municipalities, counts.shape[1]))
    np.add.at(origin, municipality, counts)
    weight = np.maximum(np.bincount(municipality, table.residents, municipalities), 1)
    x, y = (np.bincount(municipality, table.residents * one, municipalities) / weight for one in known_positions(table))
    key = keys_of(table.municipality_code)
    residents = np.bincount(municipality, table.residents, municipalities)
    moves = relative_moves(neighbourhoods.mobility, *moving_rule(parameters))
    mobility = np.bincount(municipality, neighbourhoods.residents * moves, municipalities) / agents
    shares = origin / agents[:, None]
    figures = MunicipalityFigures(residents, shares, mobility, x, y, key)
    going = destinations(figures, parameters.distance_scale, NATIONAL_RESIDENTS, parameters.destination_own_group)
    moving = NATIONAL_MOVING_RATE * agents * mobility / 12
    returning = agents * parameters.emigration_natives / 12
    arrivals = table.arrival_rate * agents[:, None] / 12
    member, member_first = members_of(neighbourhoods.key, municipality, municipalities)
    scheme = table.scheme
    return Municipalities(
        key=key,
        member=member,
        member_first=member_first,
        arrivals=arrivals.astype(np.float32),
        domestic=(moving * parameters.moving_between * going.outside + returning).astype(np.float32),
        arrival_origin=cumulative(np.broadcast_to(scheme.arrivals, (municipalities, *scheme.arrivals.shape)).copy()),
        domestic_origin=cumulative((origin if going.arriving is None else going.arriving) + 1e-9),
        discrimination=np.asarray(scheme.discrimination, np.float32),
        first_generation=np.asarray(scheme.first_generation, np.float32),
        destination=going.destination,
        destination_chance=going.chance,
        dwelling_kinds=relative_kinds(table, neighbourhoods).astype(np.float32),
        capacity=capacity_of(table, agents, 12 * arrivals, parameters),
    )


def past_arrivals(first_year: int | None) -> np.ndarray:
    """Arrivals in each of the 60 months before the start over those of the rates, the latest first, float64 [60]."""
    return np.ones(60) if first_year is None else np.repeat(arrivals_before(first_year), 12)


def make_composition(
    table: AreaTable,
    municipalities: Municipalities,
    counts: np.ndarray,
    parameters: Parameters,
    first_year: int | None = None,
) -> Composition:
    """Distributions of newcomers by group and motive that the arrivals imply, and ages of the table.

    Parameters
    ----------
    first_year : int, optional
        As many newcomers are there as came in the five years before; without it as many as the rates bring.
    """
    stay = np.array([getattr(parameters, f"stay_{m}") for m in MOTIVES])[:, None]
    hazard = np.array([getattr(parameters, f"leave_{m}") for m in MOTIVES])[:, None]
    since = np.arange(60)[None, :] + 0.5
    survival = stay + (1 - stay) * np.exp(-hazard * since / 12)
    present = survival * past_arrivals(first_year)
    stock = municipalities.arrivals * present.sum(axis=1)  # [K, 6] newcomers present
    by_group = stock[:, None, :] * table.scheme.arrivals.T[None, :, :]  # [K, G, 6]
    people = np.zeros((len(table.municipality_code), counts.shape[1]))
    np.add.at(people, table.municipality, counts)
    share = by_group / np.maximum(people, 1)[:, :, None]
    total = share.sum(axis=2, keepdims=True)
    share *= np.minimum(1, 0.6 / np.maximum(total, 1e-9))
    share[:, 0, :] = 0
    return Composition(
        counts=counts,
        age=cumulative(ages_by_group(table, parameters.group_ages)),
        newcomer=np.ascontiguousarray(np.cumsum(share, axis=2).round(7), np.float32),
        months_since=cumulative(present),
        stayer=(stay / survival).astype(np.float32),
        begin=np.zeros(1, np.int64),
    )


def build_world(
    table: AreaTable,
    parameters: Parameters | None = None,
    options: BuildOptions | None = None,
    pool: ThreadPool | None = None,
) -> World:
    """A world with its first residents, in the month in which settling begins.

    Raises
    ------
    InputError
        More residents than memory.
    """
    parameters, options, pool = parameters or Parameters(), options or BuildOptions(), pool or ThreadPool(1)
    neighbourhoods, counts = make_neighbourhoods(table, options, parameters)
    municipalities = make_municipalities(table, neighbourhoods, counts, options, parameters)
    first_year = table.first_year if options.first_year is None else options.first_year
    composition = make_composition(table, municipalities, counts, parameters, first_year)
    composition = composition._replace(begin=np.array([-options.settling_months]))
    population = vacant_population(int(neighbourhoods.first[-1]))
    world = World(neighbourhoods, municipalities, population, parameters, options.seed, month=-options.settling_months)
    shared, states = pool.by_weight(neighbourhoods.residents), (world.state(pool.threads), state_of(composition))
    pool.share(add_first_residents, shared, *states)
    if in_households(parameters):
        form_first_households(world, table, parameters.vacancy)
        neighbourhoods.children[:] = relative_children(world, table)
    pool.share(form_first_ties, shared, *states)
    return world
