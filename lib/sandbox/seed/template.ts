/**
 * A template of CloudFormation or SAM as calls: names and ARNs are known beforehand, so that all
 * functions are answered, and every mistake is found, before the first call.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 * @module
 */

import {
  evaluate,
  evaluateGiven,
  isTrue,
  type Names,
  NO_VALUE,
  referencesIn,
} from "./intrinsics.ts";
import type { Assets } from "./cdk_output.ts";
import { inOrder } from "./order.ts";
import { Parameters } from "./parameters.ts";
import { hashOf, type Resource, type ResourceType, type Stack } from "./resource.ts";
import {
  expandFunction,
  functionGlobals,
  SAM_FUNCTION,
  type TemplateResource,
  usesSam,
} from "./sam.ts";
import type { SeedStep } from "./steps.ts";
import { MAKES_NOTHING, RESOURCE_TYPES } from "./types/mod.ts";
import {
  isList,
  mapAt,
  type Path,
  SeedMistake,
  textAt,
  type Value,
  type ValueMap,
} from "./value.ts";

/** What a template is compiled with. */
export interface TemplateOptions {
  readonly stack: Stack;
  /** Values of parameters, by name. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Ids and types of resources to leave out, or of one property: `AWS::S3::Bucket.Tags`. */
  readonly skip: ReadonlySet<string>;
  /** Files that functions are made of. */
  readonly assets: Assets;
}

/** The calls of a template, and lines about it. */
export interface CompiledTemplate {
  readonly steps: readonly SeedStep[];
  /** Values of outputs, by name. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Resources and properties that were left out, and why. */
  readonly leftOut: readonly string[];
  /** The names to skip that the template has. */
  readonly skipped: ReadonlySet<string>;
}

/**
 * Compiles a template. Throws an `AggregateError` of {@linkcode SeedMistake}s: each names what is not
 * supported or wrong, and where it stands.
 */
export function compileTemplate(template: Value, options: TemplateOptions): CompiledTemplate {
  const mistakes: SeedMistake[] = [];
  const compiler = new Compiler(mapAt(template, []), options, mistakes);
  const compiled = compiler.compile();
  if (mistakes.length === 0) return compiled;
  throw new AggregateError(mistakes, "the template can't be seeded");
}

/** Sections that are read, or say nothing that the sandbox could do. */
const SECTIONS = [
  "AWSTemplateFormatVersion",
  "Conditions",
  "Description",
  "Globals",
  "Mappings",
  "Metadata",
  "Outputs",
  "Parameters",
  "Resources",
  "Rules",
  "Transform",
];

/** Of a resource: what is read, and what concerns updates and deletions, which a seed has not. */
const ATTRIBUTES = [
  "Condition",
  "DeletionPolicy",
  "DependsOn",
  "Metadata",
  "Properties",
  "Type",
  "UpdatePolicy",
  "UpdateReplacePolicy",
];

class Compiler implements Names {
  readonly #template: ValueMap;
  readonly #options: TemplateOptions;
  readonly #mistakes: SeedMistake[];
  readonly #parameters: Parameters;
  readonly #resources = new Map<string, TemplateResource>();
  readonly #known = new Map<string, Resource>();
  readonly #conditions = new Map<string, boolean>();
  readonly #leftOut: string[] = [];
  readonly #skipped = new Set<string>();
  /** What is being evaluated, to notice circles. */
  readonly #open = new Set<string>();

  constructor(template: ValueMap, options: TemplateOptions, mistakes: SeedMistake[]) {
    this.#template = template;
    this.#options = options;
    this.#mistakes = mistakes;
    this.#parameters = new Parameters(template.Parameters, options);
  }

  compile(): CompiledTemplate {
    for (const section of Object.keys(this.#template)) {
      this.#try(() => {
        if (SECTIONS.includes(section)) return;
        throw new SeedMistake(`the sandbox does not support the section ${section}`, [section]);
      });
    }
    this.#try(() => this.#parameters.check());
    this.#try(() => this.#readResources());
    this.#leaveOut();
    const made = this.#ordered();
    const steps = made.flatMap((resource) => this.#try(() => this.#stepsOf(resource)) ?? []);
    const found = { steps, leftOut: this.#leftOut, skipped: this.#skipped };
    return { ...found, outputs: this.#mistakes.length > 0 ? new Map() : this.#outputs() };
  }

  // --- resources --------------------------------------------------------------------------------

  #readResources(): void {
    const isSam = usesSam(this.#template.Transform);
    const globals = functionGlobals(this.#template.Globals);
    for (const [id, given] of Object.entries(mapAt(this.#template.Resources, ["Resources"]))) {
      this.#try(() => {
        const path = ["Resources", id];
        const resource = this.#withoutSkipped({ id, path, value: mapAt(given, path) });
        const expands = isSam && resource.value.Type === SAM_FUNCTION && !this.#isSkipped(resource);
        for (const made of expands ? expandFunction(resource, globals) : [resource]) {
          this.#resources.set(made.id, expands ? this.#withoutSkipped(made) : made);
        }
      });
    }
  }

  /** Takes out the properties that `--seed-skip` names. */
  #withoutSkipped(resource: TemplateResource): TemplateResource {
    const { id, value, path } = resource;
    const names = Object.keys(mapAt(value.Properties, [...path, "Properties"]))
      .filter((name) => this.#skips(`${id}.${name}`, `${value.Type}.${name}`));
    if (names.length === 0) return resource;
    this.#leftOut.push(...names.map((name) => `${name} of ${id}: --seed-skip names it`));
    const removed = Object.fromEntries(names.map((name) => [name, undefined]));
    const Properties = { ...mapAt(value.Properties, path), ...removed };
    return { ...resource, value: { ...value, Properties } };
  }

  #isSkipped({ id, value }: TemplateResource): boolean {
    return this.#skips(id, `${value.Type}`);
  }

  #skips(...names: readonly string[]): boolean {
    const named = names.filter((name) => this.#options.skip.has(name));
    for (const name of named) this.#skipped.add(name);
    return named.length > 0;
  }

  /** Takes out what is not made. What makes nothing needs no line. */
  #leaveOut(): void {
    for (const resource of [...this.#resources.values()]) {
      const { id, value, path } = resource;
      const { Type: type = null, Condition: condition } = value;
      if (this.#isSkipped(resource)) this.#leftOut.push(`${id} (${type}): --seed-skip names it`);
      const isMade = condition === undefined || this.#try(() => {
        const place = [...path, "Condition"];
        return this.condition(textAt(condition, place), place);
      });
      const makes = typeof type === "string" && !MAKES_NOTHING.has(type);
      if (this.#isSkipped(resource) || !isMade || !makes && type !== null) {
        this.#resources.delete(id);
      }
    }
  }

  #ordered(): TemplateResource[] {
    const ids = new Map([...this.#resources].map(([id, { value, path }]) => {
      const { DependsOn = null, Properties = null } = value;
      const named = isList(DependsOn) ? DependsOn : DependsOn === null ? [] : [DependsOn];
      const needs = [...named.map((one) => textAt(one, path)), ...referencesIn(Properties)];
      return [id, needs];
    }));
    const order = this.#try(() => inOrder(ids)) ?? [...ids.keys()];
    return order.flatMap((id) => this.#resources.get(id) ?? []);
  }

  #stepsOf({ id, path }: TemplateResource): SeedStep[] {
    const resource = this.#resource(id, path);
    const type = this.#typeOf(id);
    const value = this.#resources.get(id)?.value ?? {};
    for (const name of Object.keys(value)) {
      if (ATTRIBUTES.includes(name)) continue;
      throw new SeedMistake(`the sandbox does not support ${name} of a resource`, [...path, name]);
    }
    if (type.reads !== "all") {
      for (const [name, given] of Object.entries(mapAt(value.Properties, resource.path))) {
        if (given === undefined || type.reads.includes(name)) continue;
        const hint = `--seed-skip ${resource.type}.${name} leaves it out`;
        const place = [...resource.path, name];
        throw new SeedMistake(`the sandbox does not support ${name}; ${hint}`, place);
      }
    }
    return type.calls(resource).map(({ operation, input }) => ({
      resource: `${id} (${resource.type})`,
      ...{ operation, input, path: resource.path },
    }));
  }

  #typeOf(id: string): ResourceType {
    const path = this.#resources.get(id)?.path ?? ["Resources", id];
    const name = textAt(this.#resources.get(id)?.value.Type, [...path, "Type"]);
    const type = RESOURCE_TYPES.get(name);
    if (type) return type;
    const hint = name.startsWith("AWS::Serverless::") && name === SAM_FUNCTION
      ? "; the template has no Transform: AWS::Serverless-2016-10-31"
      : `; --seed-skip ${name} leaves it out`;
    throw new SeedMistake(`the sandbox does not support ${name}${hint}`, [...path, "Type"]);
  }

  /** A resource by id, as other resources see it. */
  #resource(id: string, from: Path): Resource {
    const known = this.#known.get(id);
    if (known) return known;
    const template = this.#resources.get(id);
    if (!template) throw new SeedMistake(this.#whyAbsent(id), from);
    const type = this.#typeOf(id);
    const { stack, assets } = this.#options;
    const path = [...template.path, "Properties"];
    const properties = mapAt(template.value.Properties, path);
    const property = (name: string) => {
      if (properties[name] === undefined) return undefined;
      const value = evaluate(properties[name], this, [...path, name]);
      return value === NO_VALUE ? undefined : value;
    };
    const given = type.nameProperty === undefined
      ? undefined
      : this.#once(`${id}.${type.nameProperty}`, from, () => property(type.nameProperty ?? ""));
    const parts = { stack: stack.name, id, hash: hashOf(stack, id) };
    const resource: Resource = {
      ...{ id, stack, assets, path, property },
      type: textAt(template.value.Type, path),
      name: given === undefined
        ? type.newName?.(parts) ?? id
        : textAt(given, [...path, type.nameProperty ?? ""]),
      properties: () => mapAt(evaluateGiven(properties, this, path), path),
    };
    this.#known.set(id, resource);
    return resource;
  }

  #whyAbsent(id: string): string {
    const value = mapAt(this.#template.Resources, [])[id];
    if (value === undefined) return `the template has no resource or parameter ${id}`;
    return `${id} is not made here, so nothing can refer to it`;
  }

  // --- names ------------------------------------------------------------------------------------

  ref(name: string, path: Path): Value | typeof NO_VALUE {
    if (name === "AWS::NoValue") return NO_VALUE;
    const parameter = this.#parameters.value(name, path);
    if (parameter !== undefined) return parameter;
    const resource = this.#resource(name, path);
    return this.#typeOf(name).ref?.(resource) ?? resource.name;
  }

  attribute(id: string, name: string, path: Path): Value {
    const resource = this.#resource(id, path);
    const attribute = this.#typeOf(id).attributes?.[name];
    if (attribute) return attribute(resource);
    throw new SeedMistake(
      `the sandbox does not support the attribute ${name} of ${resource.type}`,
      path,
    );
  }

  condition(name: string, path: Path): boolean {
    const known = this.#conditions.get(name);
    if (known !== undefined) return known;
    const conditions = mapAt(this.#template.Conditions, ["Conditions"]);
    if (conditions[name] === undefined) {
      throw new SeedMistake(`the template has no condition ${name}`, path);
    }
    const place = ["Conditions", name];
    const isMet = this.#once(
      `condition ${name}`,
      path,
      () => isTrue(conditions[name], this, place),
    );
    this.#conditions.set(name, isMet);
    return isMet;
  }

  mapping(map: string, key: string, second: string, path: Path): Value {
    const value = mapAt(mapAt(mapAt(this.#template.Mappings, path)[map], path)[key], path)[second];
    if (value !== undefined) return value;
    throw new SeedMistake(`Mappings has no ${map}, ${key}, ${second}`, path);
  }

  #outputs(): Map<string, string> {
    const outputs = new Map<string, string>();
    for (const [name, output] of Object.entries(mapAt(this.#template.Outputs, ["Outputs"]))) {
      const path = ["Outputs", name];
      const { Value: value = null, Condition: condition } = mapAt(output, path);
      this.#try(() => {
        if (condition !== undefined && !this.condition(textAt(condition, path), path)) return;
        const place = [...path, "Value"];
        outputs.set(name, textAt(evaluateGiven(value, this, place), place));
      });
    }
    return outputs;
  }

  // --- mistakes ---------------------------------------------------------------------------------

  /** Evaluates what may not need itself. */
  #once<Result>(what: string, path: Path, act: () => Result): Result {
    if (this.#open.has(what)) throw new SeedMistake(`${what} needs itself`, path);
    this.#open.add(what);
    try {
      return act();
    } finally {
      this.#open.delete(what);
    }
  }

  /** What `act` gives; undefined after a mistake, which is kept. */
  #try<Result>(act: () => Result): Result | undefined {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof SeedMistake)) throw error;
      this.#mistakes.push(error);
      return undefined;
    }
  }
}
