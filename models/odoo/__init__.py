from . import mirrored_mixin
from . import account_move
from . import account_move_sequence
from . import account_move_line
from . import account_payment
from . import account_tax
from . import res_partner
from . import ir_http
