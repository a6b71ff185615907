/** The two gRPC services of a Terraform plugin, read from their .proto files. */
import { join } from "node:path";
import type { MethodDefinition, ServiceDefinition, UntypedHandleCall } from "@grpc/grpc-js";
import { Root, type Type } from "protobufjs";
import { projectRoot } from "../paths";

/** tfplugin6.proto comes from the Go module github.com/hashicorp/terraform-plugin-go 0.26.0. */
const FILES = ["tfplugin6.proto", "go-plugin.proto"];

const root = new Root().loadSync(
  FILES.map((file) => join(projectRoot(), "sandbox", "provider", file)),
  { keepCase: true },
);

/** A message with the names of its .proto file. */
export type Message = Record<string, unknown>;

/** Definition of a service, "tfplugin6.Provider", as grpc-js wants it. */
export function serviceOf(name: string): ServiceDefinition<Record<string, UntypedHandleCall>> {
  const service = root.lookupService(name);
  const methods = service.methodsArray.map((method): [string, MethodDefinition<Message, Message>] => {
    const request = service.lookupType(method.requestType);
    const response = service.lookupType(method.responseType);
    return [
      method.name,
      {
        path: `/${name}/${method.name}`,
        requestStream: false,
        responseStream: false,
        originalName: method.name,
        ...coded("request", request),
        ...coded("response", response),
      } as MethodDefinition<Message, Message>,
    ];
  });
  return Object.fromEntries(methods);
}

function coded(which: "request" | "response", type: Type): Record<string, unknown> {
  return {
    [`${which}Serialize`]: (message: Message) => Buffer.from(type.encode(type.fromObject(message)).finish()),
    [`${which}Deserialize`]: (bytes: Buffer) => type.toObject(type.decode(bytes), { longs: Number, bytes: Buffer }),
  };
}
