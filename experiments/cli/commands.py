"""The sub-commands of `thuis`: a line each, `name: (module with main(argv) -> int, what it does)`."""

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("experiments.cli.run", "simulate a region and write a result folder with a page to read"),
    "view": ("browser.command", "look at a simulation in the browser"),
    "compare": ("experiments.compare.command", "compare policies on the same random draws"),
    "policies": ("experiments.cli.policies", "list the policies, in plain words"),
    "levers": ("experiments.cli.levers", "list the levers a policy can set, or check that each moves what it is for"),
    "parameters": ("experiments.cli.parameters", "list the parameters of the model"),
    "sweep": ("experiments.cli.sweep", "run a whole design of parameters and policies"),
    "emulate": ("experiments.emulate.command", "fit an emulator to a sweep, and say how far it can be trusted"),
    "plan": ("experiments.plan.command", "find the best use of a budget over the levers of a sweep"),
    "sensitivity": ("experiments.sensitivity.command", "find which parameters matter most"),
    "calibrate": ("experiments.cli.calibrate", "fit parameters to measured figures"),
    "validate": ("experiments.validate.command", "set results beside measured figures"),
    "hindcast": (
        "experiments.hindcast.command",
        "simulate years that have passed, beside what was counted",
    ),
    "verify": ("experiments.verify.command", "run a result again and confirm every number"),
    "odd": ("experiments.odd.command", "describe a run after the ODD+D protocol, for a paper"),
    "limits": ("experiments.limits.command", "compute models whose answers are known, beside what is known"),
    "results": ("experiments.cli.results", "list, show and export results"),
    "regions": ("experiments.cli.regions", "list and search municipalities"),
    "data": ("experiments.cli.data", "fetch or prepare real areas, check a table, compare with what was observed"),
    "bench": ("experiments.cli.bench", "measure speed and memory on this machine"),
}
