from . import reconciliation
from . import reconciliation_line
from . import reconciliation_item
from . import difference
from . import difference_steps
from . import jobs
from . import difference_jobs
from . import left_out
