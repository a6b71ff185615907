/** Plans to draw: the example's, and one with a whole cluster beside it. */
import { planDocument } from "../../../pipeline/plan-document";
import type { Flow, HostPlan } from "../../../pipeline/plan-types";
import type { PlanDocument } from "../../../pipeline/plan-document";
import { wholePlan } from "../../fixtures/plan";

export const example = (): PlanDocument => planDocument(wholePlan());

type AnyFlow = Omit<Flow, "from" | "to"> & { readonly from: string; readonly to: string };

/** A flow between any parties, known to the plan or not. */
export const flow = (from: string, to: string, port: number, carries: string, rest: Partial<AnyFlow> = {}): Flow =>
  ({ from, to, port, protocol: "TCP", carries, why: `${from} to ${to}`, ...rest }) as Flow;

/** A host of any role in the private subnet. */
export const host = (name: string, address: string, rest: Partial<HostPlan> = {}): HostPlan =>
  ({
    ...(wholePlan().hosts.find((each) => each.name === "sync-1") as HostPlan),
    name,
    role: name.replace(/-\d+$/, ""),
    address,
    spec: "s4-g3",
    ...rest,
  }) as HostPlan;

const DATA = { volume: { sizeGb: 500, mount: "/data/1" } };

/** Two proxies, a cluster of nine, Presto, Airflow: fifteen hosts and thirty flows. */
export function largePlan(): PlanDocument {
  const plan = example();
  const hosts = [
    ...plan.hosts,
    ...Array.from({ length: 6 }, (_, index) => host(`hdp-${index + 4}`, `10.20.1.${23 + index}`, DATA)),
    { ...host("proxy-2", "10.20.0.7"), subnet: "public" as const },
  ];
  const flows = [
    flow("hdp", "sync", 9999, "http"),
    flow("sync", "airflow", 8793, "http"),
    flow("proxy", "proxy", 22, "ssh"),
  ];
  return { ...plan, hosts, flows: [...plan.flows, ...flows] };
}

/** The same with what a reviewer must not overlook. */
export function riskyPlan(): PlanDocument {
  const plan = largePlan();
  return {
    ...plan,
    hosts: [...plan.hosts.filter(({ name }) => name !== "presto-2"), host("hdp-10", "10.20.1.29", DATA)],
    network: { ...plan.network, adminCidrs: [...plan.network.adminCidrs, "0.0.0.0/0"] },
    proxy: { ...plan.proxy, packageHosts: [...plan.proxy.packageHosts, 'a"b<script>alert(1)</script>&c'] },
    flows: [
      ...plan.flows.filter(({ from, to, port }) => port !== 50010 && `${from} ${to}` !== "airflow presto"),
      flow("sync", "internet", 443, "tls", { why: "past the proxy" }),
      flow("admin", "airflow", 8080, "http"),
      flow("hdp", "presto", 8443, "tls"),
    ],
    buckets: [...plan.buckets, { name: "aws2ncp-audit", purpose: "audit" }],
  };
}
