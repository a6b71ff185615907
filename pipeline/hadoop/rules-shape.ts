/** Rules about the form of the two files: what has which type, and which keys mean something. */
import { shown } from "../errors";
import type { Finding } from "./problems";
import type { BlueprintRule } from "./rule";
import { isSecret } from "./secrets";
import { STACKS, stackLabel } from "./stacks";
import { isMap, listOf, mapOf, propertiesOf, type Path, type View } from "./view";

const PROVISION_ACTIONS = ["INSTALL_AND_START", "INSTALL_ONLY", "START_ONLY"];
const SECURITY_TYPES = ["NONE", "KERBEROS"];
const stackNames = (): string => [...STACKS.values()].map(stackLabel).join(", ");

const stackKnown = ({ blueprint, stack }: View): Finding[] => {
  if (stack !== undefined) return [];
  const found = blueprint["Blueprints"];
  if (!isMap(found))
    return [
      {
        path: ["Blueprints"],
        message: found === undefined ? "is missing: it names the stack" : `${shown(found)} is no object`,
        allowed: '{"stack_name": …, "stack_version": …}',
        hint: "check that this is a blueprint; a creation template goes to --template",
      },
    ];
  const name = { name: found["stack_name"], version: found["stack_version"] };
  const key =
    typeof name.name === "string" && [...STACKS.values()].some((s) => s.name === name.name)
      ? "stack_version"
      : "stack_name";
  return [
    {
      path: ["Blueprints", key],
      value: found[key],
      message: `stack ${shown(name.name)} in version ${shown(name.version)} is not known`,
      allowed: stackNames(),
    },
  ];
};

const hostGroups = ({ blueprint }: View): Finding[] => {
  const groups = blueprint["host_groups"];
  if (Array.isArray(groups) && groups.length > 0) return [];
  return [
    {
      path: ["host_groups"],
      ...(groups === undefined ? {} : { value: groups }),
      message: groups === undefined ? "is missing" : `${shown(groups)} holds no host group`,
      allowed: 'a list of one or more: [{"name": …, "components": […]}]',
    },
  ];
};

const groupNames = ({ groups }: View): Finding[] =>
  groups
    .filter(({ name }) => name === "")
    .map(({ path }) => ({
      path,
      message: "a host group without a name",
      allowed: '"name": a text of one or more characters',
    }));

const groupComponents = ({ groups, blueprint }: View): Finding[] =>
  groups.flatMap(({ name, path }, index): Finding[] => {
    const components = mapOf(listOf(blueprint["host_groups"])[index])["components"];
    if (Array.isArray(components) && components.length > 0) return [];
    return [
      {
        path: [...path, "components"],
        hostGroup: name,
        message: components === undefined ? "has no components" : `${shown(components)} holds no component`,
        allowed: 'a list of one or more: [{"name": "DATANODE"}]',
        hint: "name a component, or remove the group",
      },
    ];
  });

/** Each component of each group as it is written. */
const rawComponents = ({ groups, blueprint }: View) =>
  groups.flatMap(({ name, path }, index) =>
    listOf(mapOf(listOf(blueprint["host_groups"])[index])["components"]).map((value, at) => ({
      hostGroup: name,
      path: [...path, "components", at],
      value,
      component: mapOf(value)["name"],
    })),
  );

const componentNames = (view: View): Finding[] =>
  rawComponents(view)
    .filter(({ component }) => typeof component !== "string" || component === "")
    .map(({ hostGroup, path, value }) => ({
      path,
      hostGroup,
      value,
      message: `${shown(value)} names no component`,
      allowed: 'an object with a name, such as {"name": "DATANODE"}',
    }));

const componentActions = (view: View): Finding[] =>
  rawComponents(view).flatMap(({ hostGroup, path, value, component }): Finding[] => {
    const action = mapOf(value)["provision_action"];
    if (action === undefined || PROVISION_ACTIONS.includes(action as string)) return [];
    return [
      {
        path: [...path, "provision_action"],
        hostGroup,
        component: String(component),
        value: action,
        message: `${shown(action)} is no provision action`,
        allowed: PROVISION_ACTIONS.join(", "),
      },
    ];
  });

/** Every list of configurations of both files. */
function configLists({ blueprint, template }: View) {
  const lists = (file: "blueprint" | "template", body: Readonly<Record<string, unknown>>) => [
    { file, path: ["configurations"] as Path, list: body["configurations"] },
    ...listOf(body["host_groups"]).map((group, index) => ({
      file,
      path: ["host_groups", index, "configurations"] as Path,
      list: mapOf(group)["configurations"],
    })),
  ];
  return [...lists("blueprint", blueprint), ...lists("template", template ?? {})].filter(
    ({ list }) => list !== undefined,
  );
}

const configurationLists = (view: View): Finding[] =>
  configLists(view).flatMap(({ file, path, list }): Finding[] => {
    const allowed = 'a list of objects, each with one configuration type: [{"hdfs-site": {"properties": {…}}}]';
    if (!Array.isArray(list)) return [{ file, path, value: list, message: `${shown(list)} is no list`, allowed }];
    return list.flatMap((element: unknown, index): Finding[] => {
      const at = [...path, index];
      if (!isMap(element))
        return [{ file, path: at, value: element, message: `${shown(element)} is no object`, allowed }];
      const types = Object.keys(element);
      if (types.length <= 1) return [];
      return [
        {
          file,
          path: at,
          property: types[1] as string,
          message: `${types.length} configuration types in one element: ${types.join(", ")}`,
          allowed,
          hint: `give ${types[1] as string} an element of its own`,
        },
      ];
    });
  });

const isPlain = (value: unknown): boolean => typeof value !== "object" || value === null || isSecret(value);

const configurationFormat = (view: View): Finding[] => {
  const bodies = configLists(view).flatMap(({ file, path, list }) =>
    listOf(list).flatMap((element, index) =>
      Object.entries(mapOf(element)).map(([type, body]) => ({ file, path: [...path, index, type], type, body })),
    ),
  );
  return bodies.flatMap(({ file, path, type, body }): Finding[] => {
    if (!isMap(body))
      return [
        {
          file,
          path,
          property: type,
          value: body,
          message: `${shown(body)} holds no properties`,
          allowed: '{"properties": {…}}',
        },
      ];
    const given = body["properties"];
    if ("properties" in body && !isMap(given))
      return [
        {
          file,
          path: [...path, "properties"],
          property: type,
          value: given,
          message: `${shown(given)} holds no properties`,
          allowed: "an object: {…}",
        },
      ];
    const { at, properties } = propertiesOf(body);
    return Object.entries(properties)
      .filter(([, value]) => !isPlain(value))
      .map(([name, value]) => ({
        file,
        path: [...path, ...at, name],
        property: `${type}/${name}`,
        value,
        message: `${shown(value)} is nested`,
        allowed: 'a text, or {"secret": "NAME"} alone',
      }));
  });
};

const securityType = ({ blueprint, template }: View): Finding[] =>
  [
    {
      file: "blueprint" as const,
      at: ["Blueprints", "security"],
      security: mapOf(blueprint["Blueprints"])["security"],
    },
    { file: "template" as const, at: ["security"], security: template?.["security"] },
  ].flatMap(({ file, at, security }): Finding[] => {
    const type = mapOf(security)["type"];
    if (security === undefined || SECURITY_TYPES.includes(type as string)) return [];
    return [
      {
        file,
        path: [...at, "type"],
        value: type,
        message: `${shown(type)} is no security type`,
        allowed: SECURITY_TYPES.join(", "),
      },
    ];
  });

/** Keys of each kind of setting (Ambari 2.7 `Setting`, `RepositorySetting`). */
const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  recovery_settings: ["recovery_enabled"],
  service_settings: ["name", "recovery_enabled", "credential_store_enabled"],
  component_settings: ["name", "recovery_enabled"],
  deployment_settings: ["skip_failure"],
  repository_settings: ["override_strategy", "operating_system", "repo_id", "base_url"],
};

const rawSettings = ({ blueprint }: View) =>
  listOf(blueprint["settings"]).flatMap((element, index) =>
    Object.entries(mapOf(element)).map(([kind, rows]) => ({ kind, rows, path: ["settings", index, kind] as Path })),
  );

const isFlat = (row: unknown): boolean => isMap(row) && Object.values(row).every((value) => typeof value !== "object");

const settingShape = (view: View): Finding[] => {
  const settings = view.blueprint["settings"];
  const allowed = 'a list such as [{"recovery_settings": [{"recovery_enabled": "true"}]}]';
  if (settings !== undefined && !Array.isArray(settings))
    return [{ path: ["settings"], value: settings, message: `${shown(settings)} is no list`, allowed }];
  const elements = listOf(settings)
    .map((value, index) => ({ path: ["settings", index], value }))
    .filter(({ value }) => !isMap(value))
    .map(({ path, value }) => ({ path, value, message: `${shown(value)} is no object`, allowed }));
  const rows = rawSettings(view)
    .filter((setting) => !Array.isArray(setting.rows) || !setting.rows.every(isFlat))
    .map(({ kind, rows: value, path }) => ({
      path,
      property: kind,
      value,
      message: `${shown(value)} is no list of flat objects`,
      allowed,
    }));
  return [...elements, ...rows];
};

const settingNames = (view: View): Finding[] =>
  rawSettings(view).flatMap(({ kind, rows, path }): Finding[] => {
    const known = SETTINGS[kind];
    if (known === undefined)
      return [
        {
          path,
          property: kind,
          message: "is no setting: Ambari ignores it",
          allowed: Object.keys(SETTINGS).join(", "),
        },
      ];
    return listOf(rows).flatMap((row, index) =>
      Object.keys(mapOf(row)).flatMap((key): Finding[] =>
        known.includes(key)
          ? []
          : [
              {
                path: [...path, index, key],
                property: `${kind}/${key}`,
                message: "is no setting: Ambari ignores it",
                allowed: known.join(", "),
              },
            ],
      ),
    );
  });

const settingTargets = (view: View): Finding[] => {
  const { stack, services, groups } = view;
  if (stack === undefined) return [];
  const components = new Set(groups.flatMap((group) => group.components.map(({ name }) => name)));
  const targets: Readonly<Record<string, ReadonlySet<string>>> = {
    service_settings: services,
    component_settings: components,
  };
  return rawSettings(view).flatMap(({ kind, rows, path }) =>
    listOf(rows).flatMap((row, index): Finding[] => {
      const name = mapOf(row)["name"];
      const known = targets[kind];
      if (known === undefined || known.has(name as string)) return [];
      return [
        {
          path: [...path, index, "name"],
          property: kind,
          value: name,
          message: `${shown(name)} is not in this blueprint: Ambari ignores it`,
          allowed: [...known].sort().join(", "),
        },
      ];
    }),
  );
};

/** Top-level keys that Ambari reads; it drops others without a word. */
const KEYS = {
  blueprint: ["Blueprints", "configurations", "host_groups", "settings"],
  template: [
    "blueprint",
    "config_recommendation_strategy",
    "configurations",
    "credentials",
    "default_password",
    "host_groups",
    "provision_action",
    "quicklinks_profile",
    "repository_version",
    "repository_version_id",
    "security",
  ],
} as const;

const topLevelKeys = ({ blueprint, template }: View): Finding[] =>
  (["blueprint", "template"] as const).flatMap((file) =>
    Object.keys((file === "blueprint" ? blueprint : template) ?? {})
      .filter((key) => !(KEYS[file] as readonly string[]).includes(key))
      .map((key) => ({
        file,
        path: [key],
        message: "this key means nothing here: Ambari ignores it",
        allowed: KEYS[file].join(", "),
        hint: "check the spelling, or remove it",
      })),
  );

export const SHAPE_RULES: readonly BlueprintRule[] = [
  { id: "stack", refused: "blueprint", why: "the stack must exist", check: stackKnown },
  { id: "host-groups", refused: "blueprint", why: "a blueprint has one host group or more", check: hostGroups },
  { id: "group-name", refused: "blueprint", why: "every host group is named", check: groupNames },
  {
    id: "group-components",
    refused: "blueprint",
    why: "every host group has one component or more",
    check: groupComponents,
  },
  { id: "component-name", refused: "blueprint", why: "every component is named", check: componentNames },
  {
    id: "component-action",
    refused: "blueprint",
    why: "a component's provision action is one of three",
    check: componentActions,
  },
  {
    id: "configurations",
    refused: "blueprint",
    why: "configurations are a list of maps of a single type each",
    check: configurationLists,
  },
  { id: "configuration-format", refused: "blueprint", why: "properties are flat", check: configurationFormat },
  { id: "security-type", refused: "blueprint", why: "security is NONE or KERBEROS", check: securityType },
  { id: "settings-shape", refused: "blueprint", why: "settings are lists of objects", check: settingShape },
  { id: "unknown-setting", refused: "never", why: "an unknown setting does nothing", check: settingNames },
  { id: "setting-target", refused: "never", why: "a setting of what is not there does nothing", check: settingTargets },
  {
    id: "unknown-key",
    refused: "never",
    why: "an unknown key is dropped, with all that stands under it",
    check: topLevelKeys,
  },
];
