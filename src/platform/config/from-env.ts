interface Variable {
  readonly property: string;
  readonly name: string;
  readonly fallback: string | undefined;
  readonly read: (text: string) => unknown;
}

const variables = new WeakMap<object, Variable[]>();

/** Binds a property to an environment variable. `read` turns its text into the value, or throws with what is wrong. */
export function FromEnv(name: string, fallback?: string, read: (text: string) => unknown = (text) => text): PropertyDecorator {
  return (target, property) => {
    const known = variables.get(target.constructor) ?? [];
    known.push({ property: String(property), name, fallback, read });
    variables.set(target.constructor, known);
  };
}

/** The variables of a configuration class in the order they are declared. */
export function variablesOf(type: object): readonly { readonly name: string; readonly fallback: string | undefined }[] {
  return variables.get(type) ?? [];
}

/** Values by property; an empty variable counts as unset. */
export function environmentOf(type: object, environment: NodeJS.ProcessEnv) {
  const known = variables.get(type) ?? [];
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const { property, name, fallback, read } of known) {
    const text = environment[name] || fallback;
    if (text === undefined) continue;
    try {
      values[property] = read(text);
    } catch (error) {
      problems.push(`${shown(name, text)}: ${(error as Error).message}`);
    }
  }
  return { values, problems, nameOf: (property: string) => known.find((v) => v.property === property)?.name ?? property };
}

const SECRET = /KEY|PASSWORD|URL|TOKEN|SECRET/;

/** The variable as an error may name it: what may hold a secret is named without its value. */
export function shown(name: string, text: string | undefined): string {
  return SECRET.test(name) || text === undefined ? name : `${name}="${text}"`;
}

export function integerFrom(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new Error('must be a whole number.');
  return Number(text);
}

export function booleanFrom(text: string): boolean {
  if (!/^(true|false|1|0)$/.test(text)) throw new Error('must be true or false.');
  return text === 'true' || text === '1';
}

export function listFrom(text: string): string[] {
  return text.split(',').map((part) => part.trim()).filter(Boolean);
}
