from . import balance_transaction
from . import clearing_balance
from . import dispute
from . import payout
from . import payout_left_out
