"""Local mode: the embedded database and broker, the process supervisor, and the mail sink of `make run`.

Nothing in this package is used in production, where `DATABASE_URL` and `REDIS_URL` name real servers.
"""
