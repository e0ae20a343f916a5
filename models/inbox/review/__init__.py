from . import held
from . import operated
from . import stakes
