from . import vault
from . import reference
from . import state
from . import secret
from . import credential
from . import scope
from . import metrics_token
