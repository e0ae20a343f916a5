from . import pull_run
