"""Gives the account admin of Airflow's web server the password of a file: `set_admin.py FILE`. Makes the account if there is none."""
import sys

from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder


def main(path):
    with open(path, encoding="utf-8") as text:
        password = text.read().strip()
    with get_application_builder() as builder:
        manager = builder.sm
        user = manager.find_user(username="admin")
        if user is None:
            made = manager.add_user(
                "admin", "Airflow", "Admin", "admin@localhost", manager.find_role("Admin"), password=password
            )
            if not made:
                raise SystemExit("the account admin could not be made: see the lines above")
        else:
            manager.reset_password(user.id, password)
        print("set")


main(sys.argv[1])
