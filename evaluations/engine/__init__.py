"""Pure computing for evaluations: the shipped questions, who may be shown as a group, and the figures."""
