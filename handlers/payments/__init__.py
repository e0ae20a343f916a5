from . import payment
from . import refund
from . import refund_total
from . import cash_balance_change
