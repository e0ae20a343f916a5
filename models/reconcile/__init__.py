from . import reconciliation
from . import reconciliation_line
from . import reconciliation_item
from . import difference
