"""Pure computing: periods, reminder days, free slots, calendar entries, attention rules. No Django."""
