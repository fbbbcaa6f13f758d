"""Regions ready to use, as Hydra reads them: `region=westland`."""
