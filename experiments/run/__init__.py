"""`thuis run`: one run or several, checkpoints, and the result folder."""
