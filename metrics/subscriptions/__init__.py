from . import recurring
from . import earned
