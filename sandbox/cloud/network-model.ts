/** The network as the objects of the platform describe it at this moment. */
import type { AclRule, GroupRule, NetworkModel } from "../network/model";
import type { ObjectStore } from "../provider/store";
import {
  type AclRuleRecord,
  type Association,
  type Group,
  type GroupRuleRecord,
  KIND,
  type NetworkAcl,
  type Nic,
  type PublicIp,
  type Route,
  type Server,
  type Subnet,
  type Vpc,
} from "./records";

export function networkModel(store: ObjectStore): NetworkModel {
  const servers = new Map(store.list<Server>(KIND.server).map((server) => [server.id, server]));
  const nics = store.list<Nic>(KIND.nic);
  return {
    subnets: store.list<Subnet>(KIND.subnet).map((subnet) => ({
      id: subnet.id,
      cidr: subnet.cidr,
      type: subnet.type,
      aclId: subnet.aclNo,
      internet: subnet.type === "PUBLIC" || leadsToNatGateway(store, subnet),
    })),
    acls: store.list<NetworkAcl>(KIND.acl).map(({ id, inbound, outbound }) => ({
      id,
      inbound: inbound.map(aclRule),
      outbound: outbound.map(aclRule),
    })),
    groups: store.list<Group>(KIND.group).map(({ id, inbound, outbound }) => ({
      id,
      inbound: inbound.map(groupRule),
      outbound: outbound.map(groupRule),
    })),
    nics: nics.flatMap(({ id, ip, subnetNo, groupNos, serverNo }) => {
      const server = serverNo === null ? undefined : servers.get(serverNo);
      return server === undefined ? [] : [{ id, host: server.name, ip, subnetId: subnetNo, groupIds: groupNos }];
    }),
    publicIps: store.list<PublicIp>(KIND.publicIp).flatMap(({ ip, serverNo }) => {
      const nic = serverNo === null ? undefined : nics.find((candidate) => candidate.serverNo === serverNo);
      return nic === undefined ? [] : [{ ip, privateIp: nic.ip }];
    }),
  };
}

/** A subnet without a route table of its own uses the VPC's default one of its type. */
function leadsToNatGateway(store: ObjectStore, { id, vpcNo }: Subnet): boolean {
  const own = store.list<Association>(KIND.association).find(({ subnetNo }) => subnetNo === id);
  const table = own?.tableNo ?? store.get<Vpc>(KIND.vpc, vpcNo)?.defaultPrivateTableNo;
  return store
    .list<Route>(KIND.route)
    .some(
      ({ tableNo, targetType, destination }) =>
        tableNo === table && targetType === "NATGW" && destination === "0.0.0.0/0",
    );
}

const aclRule = ({ priority, protocol, ipBlock, portRange, action }: AclRuleRecord): AclRule => ({
  priority,
  protocol,
  ipBlock,
  portRange,
  action,
});

const groupRule = ({ protocol, ipBlock, sourceGroupNo, portRange }: GroupRuleRecord): GroupRule => ({
  protocol,
  portRange,
  ...(ipBlock === null ? {} : { ipBlock }),
  ...(sourceGroupNo === null ? {} : { sourceGroupId: sourceGroupNo }),
});
