"""Forms of the portal, by subject. They check input; services decide."""
