/** The provider as Terraform starts it, with files in place of network, hosts and object storage. Only tests have this entry. */
import { aws } from "../../../sandbox/cloud/aws/cloud";
import { ncloud } from "../../../sandbox/cloud/ncloud";
import { Platform } from "../../../sandbox/cloud/platform";
import { sandboxPath } from "../../../sandbox/paths";
import { serve } from "../../../sandbox/provider/serve";
import { callsOf } from "../../../sandbox/provider/service";
import { fakeMachinery } from "../cloud/fake-machinery";

const { machinery } = fakeMachinery(sandboxPath("fakes"));
const cloud =
  process.argv[2] === "aws"
    ? aws(new Platform(sandboxPath("aws"), machinery))
    : ncloud(new Platform(sandboxPath("cloud"), machinery));
void serve(callsOf(cloud));
