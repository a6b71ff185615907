"""What the pipeline's own DAGs are made of. Nothing here needs Airflow but gate_policy and tasks."""
