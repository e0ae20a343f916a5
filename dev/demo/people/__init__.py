"""Three people who work with the demonstration: one answers for the books, one runs the
connection to Stripe, and one signs what the two may not decide alone.

users            who they are (in an Odoo shell)
desk             what a person sees and presses, through Odoo's external API
decisions        what a person does about each reason; resolve: until nothing waits
"""
