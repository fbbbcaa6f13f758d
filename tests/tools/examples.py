"""Good examples of what comes from outside, and pieces to damage them with, for fuzzing."""

import json

CBS = (
    "WK_CODE,WK_NAAM,GM_CODE,GM_NAAM,WATER,AANT_INW,OAD,P_00_14_JR,P_15_24_JR,P_25_44_JR,P_45_64_JR,P_65_EO_JR,"
    "P_WEST_AL,P_N_W_AL,P_MAROKKO,P_ANT_ARU,P_SURINAM,P_TURKIJE,P_EENP_HH,P_HH_Z_K,P_HH_M_K,GEM_HH_GR\n"
    "WK000100,West,GM0001,Town,NEE,1200,900,16,12,25,28,19,9,14,3,2,3,2,38,29,33,2.1\n"
    "WK000101,East,GM0001,Town,NEE,900,1500,14,13,30,25,18,11,30,8,3,5,6,45,27,28,1.9\n"
    "WK000200,North,GM0002,Other,NEE,700,300,20,11,22,30,17,4,5,1,1,1,1,25,31,44,2.6\n"
    "WK000299,Lake,GM0002,Other,JA,0,0,.,.,.,.,.,.,.,.,.,.,.,.,.,.,.\n"
)
EXTRA = (
    "code,year,income,moving_rate,count_shops,distance_library,longitude,latitude\nWK000100,2017,24.5,0.1,9,0.4,4,52\n"
)
ADJACENT = "code_a,code_b,shared_border_m\nWK000100,WK000101,1200\nWK000101,WK000200,0\n"
OUTCOMES = "code,construct,value,scale_min,scale_max\n" + "".join(
    f"A{i},{kind},{5 + i / 10},0,10\n" for i in range(4) for kind in ("home", "cohesion")
)
SQUARE = [[[4.0, 52.0], [4.1, 52.0], [4.1, 52.1], [4.0, 52.1], [4.0, 52.0]]]
CELLS = tuple(
    b.encode()
    for b in [
        "0",
        "-1",
        "1e400",
        "nan",
        "inf",
        ".",
        "x",
        "0x10",
        "1_000",
        "1,5",
        "1.234,5",
        "999999999999999999999",
        "''",
        '""',
        "=1+1",
        "١",
        "é",
        ",",
        ";",
        "\t",
        "\r\n",
        "NEE",
        "A",
        "B",
        "0.5",
        "100",
        "1e-320",
        "origin_native",
        "age_0_14",
        "code",
        "residents",
    ]
) + (b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\n", b"\r", b'"', b" ", "‮".encode())


SWEEP_WORDS = b"region=vaals\nfactors.policy=[baseline,libraries]\nreplicates=20\nfactors.seed=range(1,9)\n"
JSON_WORDS = tuple(
    rb"""null true 1e999 -1 [] {} [[[[ "a" NaN \ud800 "type" "Point" [4.0] "coordinates" { } ,""".split(b" ")
) + (b"9" * 400,)
YAML_WORDS = (
    *b"null ~ -1 1e999 .nan .inf [] {} all 2020-01-01 2020-13-45 0o17 funding \t".split(b" "),
    *(b"? ", b": ", b"- ", b"<<: {}", b"!!binary aaa", b"&a [*a]", b"!!python/object/apply:os.system ['true']"),
    *(b"defaults: [policy.yaml]", b"defaults: 3", b"where: [GM0001]", b"budget: -3", b"end: 0"),
)
OTHER_POLICIES = (
    b"name: own\nopen: {facilities: library, funding: 2, start: 3, ramp: 2, where: GM0000, budget: 5000}\n",
    b"defaults: [libraries]\nlibraries: {funding: 1.5}\n",
)


def outlines_json() -> bytes:
    """Two squares that share a border."""
    feature = {
        "type": "Feature",
        "properties": {"code": "WK000100"},
        "geometry": {"type": "Polygon", "coordinates": SQUARE},
    }
    other = {
        "type": "Feature",
        "properties": {"code": "WK000101"},
        "geometry": {"type": "MultiPolygon", "coordinates": [SQUARE]},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature, other]}).encode()


def settings_examples() -> list[bytes]:
    """Configurations as nested values."""
    return [
        json.dumps(value).encode()
        for value in (
            {"region": "urk", "years": 3, "seed": 1, "policy": "libraries", "parameters": {"noise": 0.01}},
            {"region": {"name": "file", "table": "a.csv", "codes": ["A"], "year": 2017}, "threads": 2, "people": True},
            {
                "policy": {"name": "own", "open": {"facilities": "library", "funding": 2}},
                "driver": "agents",
                "out": "x",
            },
        )
    ]


def messages() -> list[bytes]:
    """One message of each kind."""
    events = [[3, "facilities.funding.library", 2.0], [0, "policy", "libraries"], [9, "work.support", None]]
    return [
        json.dumps(value).encode()
        for value in (
            {"type": "start", "region": "urk", "seed": 1, "scale": 0, "a": events, "b": None},
            {"type": "want", "month": 12},
            {"type": "change", "run": "b", "events": events},
            {"type": "people", "run": "a", "area": 0, "month": 3, "person": "123"},
        )
    ]
