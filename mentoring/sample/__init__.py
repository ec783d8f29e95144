"""A living sample: the fictional firm Vossendijk Lindner, built through the services alone.

Audit, tax and advisory in the Netherlands and Germany. The same numbers and seed give the same people, pairs and
meetings; only sealed answers differ, since sealing shuffles them.
"""
