from . import res_company
from . import res_company_profit
from . import account_move
from . import account_move_line
from . import account_analytic_plan
from . import account_analytic_line
from . import product_template
