from . import held
from . import observed
from . import operated
from . import stakes
