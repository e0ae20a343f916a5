from . import test_dunning_rule
from . import test_dunning
from . import test_dunning_acts
from . import test_dunning_at_once
from . import test_dunning_histories
from . import test_dunning_people
from . import test_dunning_gateways
from . import test_dunning_write_off
