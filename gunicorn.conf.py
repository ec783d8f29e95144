"""How gunicorn serves the site, here and in production; the command line and `GUNICORN_CMD_ARGS` override it."""

worker_class = "gthread"
workers = 2
threads = 4
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
# Its control socket would be one file for all sites of a user.
control_socket_disable = True
