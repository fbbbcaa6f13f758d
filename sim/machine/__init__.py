"""What the engine is made with and a reader of the model can skip: arithmetic, draws, compiling, prefetching, bits."""
