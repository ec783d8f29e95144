"""Reads that put several packages together for one page of the portal."""
