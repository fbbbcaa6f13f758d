"""The best use of a budget over levers, found with the emulator of a sweep and confirmed by the model."""
