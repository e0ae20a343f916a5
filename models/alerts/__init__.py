from . import refusals
from . import seen
from . import usual_field
from . import alert_rule
from . import alert
from . import alert_follow
from . import alert_tell
from . import alert_open
