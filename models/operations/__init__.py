from . import chunked_mixin
from . import single_mixin
from . import operation
from . import operation_item
from . import operation_start
from . import operation_jobs
from . import operation_acts
from . import operation_outcome
