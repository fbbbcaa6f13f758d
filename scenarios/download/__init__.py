"""Real areas for any user: download them from CBS and PDOK, and check any table of areas.

- `fetch`: key figures, facilities nearby, socio-economic scores and outlines of a year, as one plain table.
- `check`: what is missing or odd in a table, and what the simulator will assume.
"""

from scenarios.download.check import Finding, check
from scenarios.download.fetch import FetchResult, fetch
from scenarios.download.transport import NotThereError, Patience

__all__ = ["Finding", "FetchResult", "NotThereError", "Patience", "check", "fetch"]
