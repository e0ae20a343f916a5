from . import event_twin
