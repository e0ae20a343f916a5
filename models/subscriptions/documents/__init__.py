from . import billed
from . import contract
from . import ordered
from . import sales_order
from . import sales_lines
from . import sales_quantities
