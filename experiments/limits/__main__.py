"""``python -m experiments.limits`` is ``thuis limits``."""

import sys

from experiments.limits.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
