from . import billing_run
from . import billing_run_jobs
from . import billing_at_once
from . import billing_item
from . import charge
from . import charge_explained
