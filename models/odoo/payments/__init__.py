from . import account_move_collection
from . import account_partial_reconcile
