from . import saas_product_map
from . import saas_tax_map
