"""`python -m experiments` is `thuis`."""

import sys

from experiments.command import main

sys.exit(main())
