from .customers import test_customers
from .customers import test_deleted
from .customers import test_customers_converge
from .customers import test_groups
from .customers import test_mandates
from .customers import test_master_data
from .customers import test_matching
from .customers import test_merging
from .customers import test_mandatory
from .customers import test_ownership
from .customers import test_suspension
from .catalogue import test_hostile_prices
from .catalogue import test_plan_browser
from .catalogue import test_plans
from .catalogue import test_price
from .catalogue import test_products
from .catalogue import test_publishing
from .catalogue import test_publishing_at_once
from .catalogue import test_rating_properties
from .catalogue import test_selling
from .subscriptions import test_contracts
from .subscriptions import test_entitlements
from .subscriptions import test_sales_orders
from .subscriptions import test_subscription_changes
from .subscriptions import test_subscription_orders
from .subscriptions import test_subscription_refused
from .subscriptions import test_subscription_table
from .subscriptions import test_subscription_time
from .subscriptions import test_timelines_at_once
from .subscriptions import test_trials
from .usage import test_rating
from .usage import test_usage
from .usage import test_usage_difference
from .usage import test_usage_corrections
from .usage import test_hostile_usage
from .usage import test_usage_by_plan
from .usage import test_usage_check
from .usage import test_usage_content
from .usage import test_usage_concurrency
from .usage import test_usage_orders
from .usage import test_usage_people
from .usage import test_usage_upgrade
from .usage import test_usage_waiting
from .usage import test_usage_windows
from .documents import test_documents
from .documents import test_german_invoices
from .documents import test_heads
from .documents import test_parts
from .documents import test_people
from .documents import test_quantities
from .documents import test_sending
from .documents import test_what_is_left
from .payments import test_cash_balance
from .payments import test_failure
from .payments import test_gocardless
from .payments import test_guests
from .payments import test_guests_chosen
from .payments import test_linked
from .payments import test_linked_fit
from .payments import test_money_day
from .payments import test_overpaid
from .payments import test_reallocation
from .payments import test_told_twice
from .clearing import test_balance_transactions
from .clearing import test_clearing
from .clearing import test_clearing_screens
from .clearing import test_connected
from .clearing import test_fee_kinds
from .clearing import test_gocardless_orders
from .clearing import test_gocardless_payouts
from .clearing import test_left_out
from .clearing import test_moving
from .clearing import test_payout_bank
from .cutover import test_cutover
from .cutover import test_cutover_history
from .notices import test_notices, test_risk_collecting, test_risk_orders
from .notices import test_risks, test_thin_events
from .golden import test_golden
from .canonical import test_border
from .canonical import test_canonical
from .canonical import test_causes
from .canonical import test_discount_parts
from .canonical import test_entitlement_rules
from .canonical import test_exact
from .canonical import test_field_paths
from .canonical import test_life_examples
from .canonical import test_life_table
from .canonical import test_masking
from .canonical import test_outlook
from .canonical import test_words
from .adapters import test_cash_reading
from .adapters import test_events
from .adapters import test_extension
from .adapters import test_extension_pull
from .adapters import test_extension_soap
from .adapters import test_fixture_keys
from .adapters import test_gocardless_counterpart
from .adapters import test_open_words
from .adapters import test_set_aside
from .adapters import test_shapes
from .controllers import test_api
from .adapters.payments import test_gocardless_collecting
from .adapters.payments import test_gocardless_lost_answers
from .adapters.payments import test_gocardless_page
from .adapters.payments import test_minor_units
from .adapters.payments import test_stripe_collecting
from .adapters.payments import test_stripe_lost_answers
from .controllers import test_back_pressure
from .controllers import test_end_to_end
from .controllers import test_fuzz_requests
from .controllers import test_gocardless_webhook
from .controllers import test_localstripe
from .controllers import test_plain_http
from .controllers import test_two_nodes
from .controllers import test_webhook
from .controllers import test_webhook_addresses
from .controllers import test_webhook_body
from .controllers import test_webhook_log
from .controllers import test_webhook_signatures
from .pipeline import test_circles
from .pipeline import test_concurrency
from .pipeline import test_convergence
from .pipeline import test_fuzz_events
from .pipeline import test_held_convergence
from .pipeline import test_hostile
from .pipeline import test_intake
from .pipeline import test_linked_concurrency
from .pipeline import test_hub_convergence
from .pipeline import test_lanes
from .pipeline import test_owned
from .pipeline import test_pipeline
from .pipeline import test_queries
from .pipeline import test_watch
from .outbound import test_entitlement_messages
from .outbound import test_collecting
from .outbound import test_collecting_at_once
from .outbound import test_collecting_back
from .outbound import test_collecting_due
from .outbound import test_collecting_http
from .outbound import test_collecting_links
from .outbound import test_collecting_orders
from .outbound import test_collecting_people
from .outbound import test_collecting_trouble
from .outbound import test_no_network
from .outbound import test_outbox
from .outbound import test_outbox_screens
from .reading import test_budget
from .reading import test_connect
from .reading import test_credential_kinds
from .reading import test_credentials
from .reading import test_endpoint
from .reading import test_fetch_missing
from .reading import test_first_import
from .reading import test_gocardless_recovery
from .reading import test_localstripe_pull
from .reading import test_moving_read
from .reading import test_pull
from .reading import test_pull_balance
from .reading import test_recovery
from .reading import test_streams
from .ledger import test_apart
from .ledger import test_company_check
from .ledger import test_fiscal_positions
from .ledger import test_ledger
from .ledger import test_prepared, test_prepared_payments, test_prepared_tenants
from .ledger import test_sequence
from .ledger import test_tax_rules
from .ledger import test_taxes
from .models import test_access
from .models import test_at_source
from .models import test_browser
from .models import test_create_accounts
from .models import test_event_links
from .models import test_exceptions
from .models import test_lifecycle
from .billing import test_own_source
from .models import test_phone
from .models import test_readable
from .models import test_secret_rolling, test_sync_log, test_translations
from .models import test_upgrade, test_upgrade_tenants
from .metrics.subscriptions import test_churn_date, test_mirrored_prices
from .metrics.subscriptions import test_movement_properties, test_plan_groups
from .metrics.subscriptions import test_priced_rules, test_mrr_lock
from .metrics.subscriptions import test_mrr_mirrored, test_mrr_movements
from .metrics.subscriptions import test_mrr_orders, test_mrr_report
from .metrics.subscriptions import test_movement_rules
from .metrics.subscriptions import test_renewal_rate, test_renewal_rules
from .metrics import test_metrics_browser, test_metrics_calls
from .metrics import test_metrics_grafana
from .metrics import test_metrics_list
from .metrics import test_metrics_pages, test_metrics_endpoint
from .metrics import test_metrics_events, test_metrics_finance
from .review import test_bound_documents
from .review import test_bound_later
from .review import test_bound_money
from .review import test_decisions
from .review import test_next_steps
from .review import test_reason_roles
from .review import test_windows
from .wizards import test_amend_browser
from .wizards import test_billing_look
from .wizards import test_by_hand
from .wizards import test_collect_browser
from .wizards import test_discounts
from .approvals import test_approval_alone
from .approvals import test_approval_amounts
from .approvals import test_approval_customers
from .approvals import test_approval_rules
from .approvals import test_approval_void
from .approvals import test_approvals
from .approvals import test_duties
from .approvals import test_duty_pairs
from .cases import test_case_concurrency
from .cases import test_case_queue
from .cases import test_cases
from .cases import test_case_amounts
from .cases import test_case_closing
from .alerts import test_alert_kinds
from .alerts import test_alert_limits
from .alerts import test_alert_refusals
from .alerts import test_alert_rules
from .alerts import test_alerts
from .alerts import test_usual_fields
from .cases import test_suggest
from .cases import test_suggest_maps
from .cases import test_suggest_page
from .cases import test_suggest_tax
from .cases import test_suggest_fixtures
from .cases import test_thirty_clicks
from .tours import test_tours_of_content
from .tours import test_tours_of_set_up
from .tours import test_tours_of_books
from .billing import test_lives
from .billing import test_periods
from .billing import test_planted_faults
from .billing import test_proration
from .billing import test_billing, test_billing_at_once
from .billing import test_billing_lives
from .billing import test_billing_run
from .billing import test_billing_table
from .billing import test_billing_usage
from .dunning import test_dunning, test_dunning_at_once, test_dunning_histories
from .dunning import test_dunning_gateways, test_dunning_people
from .dunning import test_dunning_acts, test_dunning_rule, test_dunning_write_off
from .revenue.customers import test_cost_runs, test_costs, test_profit
from .revenue.customers import test_profit_mirrored, test_profit_random
from .revenue import test_deferral, test_disputed, test_recognition, test_unearned
from .revenue import test_choices, test_fates, test_old_books, test_taken_back
from .revenue import test_random_fates, test_revenue_shown
from .revenue import test_revenue_examples, test_revenue_histories, test_revenue_random
from .operations import test_held, test_operation_rights
from .operations import test_operation_sources
from .operations import test_operations, test_resumed_run
from .preview import test_preview, test_preview_alone, test_preview_decisions
from .preview import test_preview_equals, test_preview_settled
from .reconcile import test_observe, test_reconcile, test_reconcile_browser
from .reconcile import test_reconcile_cutover
from .reconcile import test_reconcile_decided
from .reconcile import test_reconcile_documents
from .reconcile import test_reconcile_linked
from .reconcile import test_reconcile_money
from .reconcile import test_reconcile_run
from .reconcile import test_reconcile_settle
from .reconcile import test_stages
from .reconcile import test_switch_on, test_tie_out
from .security import test_code_only
from .security import test_copy
from .security import test_details
from .security import test_environment
from .security import test_environment_browser
from .security import test_fixed_links
from .security import test_held_back
from .security import test_links
from .security import test_links_http
from .security import test_vault
from .security import test_vault_leaks
from .security import test_vault_references
from .dev import test_bench
from .dev import test_billing_verdict
from .dev import test_billed_story
from .dev import test_copies
from .dev import test_imports
from .dev import test_running
from .dev import test_story
from .rooms import test_ledger_room, test_rooms
from .world import test_planted
from .world import test_world
from .standard import test_standard_convergence
from .standard import test_standard_fuzz
from .standard import test_standard_gaps
from .standard import test_standard_golden
from .standard import test_standard_http
from .standard import test_standard_schema
from .standard import test_standard_scope
from .standard import test_standard_senders
from .standard import test_standard_set_up
from .standard import test_standard_wire
