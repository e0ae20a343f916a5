from . import day
from . import payment
from . import payment_failure
from . import allocation
from . import refund
from . import refund_total
from . import held_cash
from . import movement_day
