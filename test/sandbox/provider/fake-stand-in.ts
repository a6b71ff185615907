/** The provider as Terraform starts it, with files in place of network, hosts and object storage. Only tests have this entry. */
import { aws } from "../../../sandbox/cloud/aws/cloud";
import { doneAsWork, inOwnProcess } from "../../../sandbox/cloud/own-process";
import { ncloud } from "../../../sandbox/cloud/ncloud";
import { Platform } from "../../../sandbox/cloud/platform";
import { sandboxPath } from "../../../sandbox/paths";
import { serve } from "../../../sandbox/provider/serve";
import { callsOf } from "../../../sandbox/provider/service";
import { fakeMachinery } from "../cloud/fake-machinery";

const { machinery } = fakeMachinery(sandboxPath("fakes"));
if (process.argv[2] === "aws") void serve(callsOf(aws(new Platform(sandboxPath("aws"), machinery))));
else {
  const platform = new Platform(sandboxPath("cloud"), machinery, inOwnProcess);
  void doneAsWork(platform).then((done) => (done ? undefined : serve(callsOf(ncloud(platform)))));
}
