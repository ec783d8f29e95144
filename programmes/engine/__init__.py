"""Pure reading of intake files: what people offer, want and can, row by row. No Django."""
