"""Privacy lines of this package."""
