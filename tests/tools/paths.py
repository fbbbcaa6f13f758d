"""Where data for tests may lie."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def shared_data() -> Path | None:
    """Return the folder of public statistics that tests may read, or None where it is absent.

    It is ``$THUIS_SHARED_DATA`` when that is set, else ``../shared/data`` beside the repository. The folder is never
    copied into the project; a test that needs it skips with a reason::

        pytestmark = pytest.mark.skipif(shared_data() is None, reason="no ../shared/data (see THUIS_SHARED_DATA)")
    """
    named = os.environ.get("THUIS_SHARED_DATA")
    folder = Path(named) if named else REPOSITORY.parent / "shared" / "data"
    return folder if folder.is_dir() else None
