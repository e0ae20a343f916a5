from . import account_move_collection
from . import account_partial_reconcile
from . import account_move_dunning
from . import res_company_dunning
