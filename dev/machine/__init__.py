"""What is installed and runs on this machine: packages, PostgreSQL, nginx, Odoo."""
