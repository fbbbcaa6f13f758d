"""Ask the package index about known weaknesses of every locked package: `make audit`.

The exit code is 1 where there is one. Where the database cannot be reached, or does not know the packages (some mirrors
of the index have none), this is said, and the exit code is 0.
"""

import json
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-build.lock")
SECONDS = 300


def audit(lock: str) -> tuple[bool, str]:
    """Whether a lock file is free of known weaknesses, as far as could be told, and a line about it."""
    words = [sys.executable, "-m", "pip_audit", "--progress-spinner", "off", "--disable-pip", "--require-hashes",
             "-f", "json", "-r", lock]  # fmt: skip
    try:
        ended = subprocess.run(words, cwd=HOME, capture_output=True, text=True, timeout=SECONDS)
        packages = json.loads(ended.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return True, f"audit: {lock}: skipped, no answer within {SECONDS} s"
    except ValueError:
        last = (ended.stderr.strip().splitlines() or ["no answer"])[-1][:160]
        return True, f"audit: {lock}: skipped, the database cannot be reached from here ({last})"
    known = [package for package in packages if "vulns" in package]
    weak = [f"{p['name']} {p['version']}: {v['id']}" for p in known for v in p["vulns"]]
    if not known:
        return True, f"audit: {lock}: skipped, the index of here knows nothing of its {len(packages)} packages"
    return not weak, f"audit: {lock}: {len(known)} of {len(packages)} packages looked up, " + (
        ", ".join(weak) or "no known weakness"
    )


def main() -> int:
    """Audit every lock file."""
    found = [audit(lock) for lock in LOCKS]
    for _, line in found:
        print(line)
    return int(not all(good for good, _ in found))


if __name__ == "__main__":
    sys.exit(main())
