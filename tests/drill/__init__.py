"""Fault drills and the speed of sending, against real servers and real processes; outside the suite."""
