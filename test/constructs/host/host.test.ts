/** Servers, volumes and public addresses, as the example's two hosts have them. */
import { InitScript, literal } from "../../../constructs/host/init-script";
import { examplePlan } from "../../fixtures/plan";
import { type Arguments, dataOf, onlyResource, resourcesOf, synthOf, synthStacks } from "../synth";

const { transfer } = synthStacks();
const servers = resourcesOf(transfer, "ncloud_server");
const server = servers["sync-1_server"] as Arguments;

describe("a server", () => {
  it("is this, to the letter", () => {
    const { lifecycle: _tested, ...rest } = server;
    expect(rest).toEqual({
      name: "sync-1",
      description: "aws2ncp: sync",
      server_image_number:
        '${one([for image in data.ncloud_server_image_numbers.images.image_number_list : image.server_image_number if image.name == "ubuntu-22.04-base"])}',
      server_spec_code: "s2-g3",
      login_key_name: "aws2ncp",
      init_script_no: "${ncloud_init_script.init-script.id}",
      subnet_no: "${data.ncloud_subnet.private.id}",
      network_interface: [{ order: 0, network_interface_no: "${ncloud_network_interface.sync-1_server_nic.id}" }],
      is_protect_server_termination: true,
      is_encrypted_base_block_storage_volume: true,
    });
  });

  it("is replaced neither by another script nor key nor number of its image (ncloud 4.0.5: each would)", () => {
    expect(server["lifecycle"]).toMatchObject({
      ignore_changes: ["init_script_no", "login_key_name", "server_image_number"],
      prevent_destroy: true,
    });
  });

  it("has the planned address on its interface, and proves it there (ncloud 4.0.5: its own private_ip is null)", () => {
    expect(resourcesOf(transfer, "ncloud_network_interface")["sync-1_server_nic"]).toEqual({
      name: "aws2ncp-sync-1",
      description: "aws2ncp: sync",
      subnet_no: "${data.ncloud_subnet.private.id}",
      private_ip: "10.20.1.6",
      access_control_groups: ["${data.ncloud_access_control_group.sync-group.id}"],
    });
    expect(server["lifecycle"]).toMatchObject({
      postcondition: [{ condition: '${self.network_interface[0].private_ip == "10.20.1.6"}' }],
    });
    expect(JSON.stringify(transfer)).not.toMatch(/ncloud_server\.[\w-]+\.private_ip/);
  });

  it("keeps all but its spec out of a change in place", () => {
    const bigger = synthStacks(
      examplePlan([
        "sync-1:\n    image: ubuntu-22.04-base\n    spec: s2-g3",
        "sync-1:\n    image: ubuntu-22.04-base\n    spec: s4-g3",
      ]),
    );
    expect(resourcesOf(bigger.transfer, "ncloud_server")).toEqual({
      ...servers,
      "sync-1_server": { ...server, server_spec_code: "s4-g3" },
    });
  });
});

describe("an image", () => {
  it("is looked up by its name, and its absence told with the names there are", () => {
    expect(dataOf(transfer, "ncloud_server_image_numbers")).toEqual({
      images: {
        hypervisor_type: "KVM",
        lifecycle: {
          postcondition: [
            {
              condition:
                '${length([for image in self.image_number_list : image if image.name == "ubuntu-22.04-base"]) == 1}',
              error_message:
                "transfer/images: not exactly one KVM image is named ubuntu-22.04-base. " +
                'Allowed: ${join(", ", sort(distinct(self.image_number_list[*].name)))}. ' +
                "Try another image for the host in the pipeline file.",
            },
          ],
        },
      },
    });
  });
});

describe("an init script", () => {
  it("writes name, description and system (ncloud 4.0.5 forgets them), and the text word for word", () => {
    const content = "#!/bin/sh\necho ${HOME} %{x} $HOME\n";
    const synth = synthOf((stack) => void new InitScript(stack, "script", { name: "aws2ncp-init", content }));
    expect(onlyResource(synth, "ncloud_init_script")).toEqual({
      name: "aws2ncp-init",
      description: "first boot: the account that the deploys use",
      os_type: "LNX",
      content: "#!/bin/sh\necho $${HOME} %%{x} $HOME\n",
    });
  });

  it("leaves a text without expressions alone", () => {
    expect(literal('printf "%s" $(id) $1')).toBe('printf "%s" $(id) $1');
  });

  it("is the same whatever the hosts, datasets and rules are: another one would mean other servers", () => {
    const other = synthStacks(
      examplePlan(["spec: s2-g3 }", "spec: m2-g3 }"], ["lateness_hours: 26", "lateness_hours: 48"]),
    );
    expect(onlyResource(other.transfer, "ncloud_init_script")).toEqual(onlyResource(transfer, "ncloud_init_script"));
  });
});

describe("a volume", () => {
  const volume = onlyResource(transfer, "ncloud_block_storage");

  it("writes hypervisor, type and zone (ncloud 4.0.5: needed on KVM), and never stops its server", () => {
    const { lifecycle: _tested, ...rest } = volume;
    expect(rest).toEqual({
      name: "aws2ncp-sync-1-data",
      description: "data that outlives its server",
      server_instance_no: "${ncloud_server.sync-1_server.id}",
      size: 10,
      hypervisor_type: "KVM",
      volume_type: "CB1",
      zone: "KR-1",
      return_protection: true,
      stop_instance_before_detaching: false,
    });
  });

  it("fails the apply when it reads back as not encrypted", () => {
    expect(volume["lifecycle"]).toEqual({
      prevent_destroy: true,
      postcondition: [
        {
          condition: "${self.encrypted_volume == true}",
          error_message:
            "transfer/sync-1/volume: volume aws2ncp-sync-1-data is not encrypted, and personal data will lie on it. " +
            "Try a zone or a volume type that the platform encrypts.",
        },
      ],
    });
  });
});

describe("a public address", () => {
  it("is the proxy's alone, in the public subnet (ncloud 4.0.5: others can't have one), and stays", () => {
    expect(resourcesOf(transfer, "ncloud_public_ip")).toEqual({
      "proxy-1_address": {
        description: "aws2ncp: proxy-1",
        server_instance_no: "${ncloud_server.proxy-1_server.id}",
        lifecycle: { prevent_destroy: true },
      },
    });
    expect(resourcesOf(transfer, "ncloud_network_interface")["proxy-1_server_nic"]).toMatchObject({
      subnet_no: "${data.ncloud_subnet.public.id}",
    });
    expect(dataOf(transfer, "ncloud_subnet")["public"]).toMatchObject({
      filter: [{ name: "name", values: ["aws2ncp-public"] }],
    });
  });
});
