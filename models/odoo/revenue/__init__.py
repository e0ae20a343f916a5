from . import res_company
from . import account_move
from . import product_template
