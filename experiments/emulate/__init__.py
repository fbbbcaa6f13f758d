"""The emulator of a sweep: what the model would say at factors that were not run, with its error and its range."""
