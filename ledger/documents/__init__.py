from . import correction
from . import void
from . import uncollectible
from . import loss
