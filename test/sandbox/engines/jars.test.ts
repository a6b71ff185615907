import { ENGINE_NAMES } from "../../../sandbox/engines";
import { fileNameOf, jarList, jarsIn, projectOf } from "../../../sandbox/engines/jars";

const HASH = "0".repeat(64);

it("reads a list", () => {
  expect(
    jarsIn(`# why\norg.apache.hive:hive-exec:3.1.3:jar ${HASH}\nio.netty:netty-x:4.1:jar:linux-x86_64 ${HASH}\n`),
  ).toEqual([
    { group: "org.apache.hive", artifact: "hive-exec", version: "3.1.3", packaging: "jar", sha256: HASH },
    {
      group: "io.netty",
      artifact: "netty-x",
      version: "4.1",
      packaging: "jar",
      classifier: "linux-x86_64",
      sha256: HASH,
    },
  ]);
});

it.each(["org.apache.hive:hive-exec:3.1.3:jar", `hive-exec:3.1.3:jar ${HASH}`, `a:b:1:jar ${HASH.slice(1)}`])(
  "refuses %s",
  (line) => {
    expect(() => jarsIn(line)).toThrow(
      `not a jar: ${line}\n  allowed: GROUP:ARTIFACT:VERSION:PACKAGING[:CLASSIFIER] SHA256`,
    );
  },
);

it("asks Maven for the jars of a list and nothing that they would bring", () => {
  const [jar] = jarsIn(`io.netty:netty-x:4.1:jar:linux-x86_64 ${HASH}`);
  expect(projectOf(jar === undefined ? [] : [jar])).toBe(
    [
      '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>',
      "<groupId>sandbox</groupId><artifactId>engines</artifactId><version>1</version><dependencies>",
      "<dependency><groupId>io.netty</groupId><artifactId>netty-x</artifactId><version>4.1</version><type>jar</type><classifier>linux-x86_64</classifier>" +
        "<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>",
      "</dependencies></project>",
      "",
    ].join("\n"),
  );
});

describe.each(["hadoop", "hive", "presto", "spark", "sqoop", "tez"])("the class path of %s", (name) => {
  it("names each jar once, under one name, in order", async () => {
    const jars = await jarList(name);
    const files = jars.map(fileNameOf);
    expect([...new Set(files)]).toEqual(files);
    const coordinates = jars.map(({ group, artifact, version, classifier }) => [
      group,
      artifact,
      version,
      "jar",
      classifier,
    ]);
    expect(coordinates.map((c) => c.filter((part) => part !== undefined).join(":"))).toEqual(
      coordinates.map((c) => c.filter((part) => part !== undefined).join(":")).sort(),
    );
  });

  it("has no library in two versions", async () => {
    const names = (await jarList(name)).map(
      ({ group, artifact, classifier }) => `${group}:${artifact}:${classifier ?? ""}`,
    );
    expect(names.filter((one, index) => names.indexOf(one) !== index)).toEqual([]);
  });
});

it("has a folder for each engine", () => {
  expect(ENGINE_NAMES).toEqual(["bin", "compiler", "hadoop", "hive", "java", "presto", "spark", "sqoop", "tez"]);
});
