from . import held
from . import operated
