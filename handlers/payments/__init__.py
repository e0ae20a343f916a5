from . import payment
from . import decided
from . import refund
from . import refund_total
from . import held_cash
