"""Technical parts that a reader of the model can skip: arithmetic, random draws, compiling, prefetching, bitmasks."""
