from . import account
from . import schedule
from . import version
from . import share
from . import entry
from . import revenue_run
from . import revenue_run_jobs
from . import proof
