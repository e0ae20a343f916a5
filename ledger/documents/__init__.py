from . import credit_notes
from . import correction
from . import void
from . import undone
from . import uncollectible
from . import loss
from . import own_credit
from . import sending
