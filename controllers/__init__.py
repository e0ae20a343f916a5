from . import api
from . import metrics
from . import schema
from . import webhook
