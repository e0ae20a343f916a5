from . import adapter
from . import api
from . import pull
from . import plan
from . import opening
