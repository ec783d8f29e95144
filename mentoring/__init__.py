"""The project: settings, addresses, the Celery application, the clock, health, and local mode."""
