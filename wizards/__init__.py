from . import saas_pull_start
from . import saas_event_ignore
from . import saas_object_bind
from . import saas_object_reopen
from . import saas_customer_choose
from . import saas_reconciliation_start
from . import saas_difference_accept
from . import saas_movement_account
