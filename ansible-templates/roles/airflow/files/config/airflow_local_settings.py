"""What holds for every DAG (Airflow's cluster policy)."""
from airflow.exceptions import AirflowClusterPolicySkipDag, AirflowClusterPolicyViolation
from aws2ncp_batch import gate

COMPANY = "/opt/airflow/dags/company/"


def dag_policy(dag):
    """The company's DAGs are loaded once the gate is open: an import error of theirs shows before, a run can't begin."""
    if not dag.fileloc.startswith(COMPANY):
        return
    if dag.dag_id.startswith("aws2ncp_"):
        raise AirflowClusterPolicyViolation(
            f"{dag.dag_id}: names that begin with aws2ncp_ are the pipeline's own\n  try: another dag_id in {dag.fileloc}"
        )
    found = gate.read()
    if not found.open:
        raise AirflowClusterPolicySkipDag(f"{dag.dag_id}: batch jobs are off: {found.because}")
