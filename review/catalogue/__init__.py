from . import suggest_product
from . import suggest_tax
