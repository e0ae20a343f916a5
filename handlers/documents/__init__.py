from . import document
from . import customer_credit
from . import credit_adjustment
from . import write_off
from . import outside_payment
from . import invoice_draft
from . import invoice
from . import credit_note
