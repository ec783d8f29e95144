"""Pure computing for mail: names, MIME, the SMTP conversation and what its answers mean."""
