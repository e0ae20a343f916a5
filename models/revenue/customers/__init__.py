from . import allocation
from . import profit_run
from . import profit_run_jobs
from . import profit_month
