"""Where the runs of a sweep are done: a module each (processes, threads, slurm, dask), with a function `start`."""
