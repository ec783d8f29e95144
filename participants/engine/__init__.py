"""Pure reading and comparing of roster files: bytes in, tables, plans and named problems out. No Django."""
