"""`python -m experiments` is `thuis`."""

import sys

from experiments.cli.command import main

sys.exit(main())
