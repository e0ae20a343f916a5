from . import mapping_mixin
from . import product_mapping
from . import product
from . import tax_mapping
from . import tax_rate
from . import tax_rule
