// What the contract takes from the source itself: what each class of a schema says of itself, and which problems each route can answer.
import path from 'node:path';
import ts from 'typescript';
import { payloadSchemas, textOf } from './payload-schemas.mjs';
import { Refusals } from './refusals.mjs';

/**
 * @param {string} root of the checkout
 * @returns {{ descriptions: Record<string, string>, payloads: Record<string, object>, refusals: Record<string, { refusal: string, code: string }[]>, problems: { refusal: string, code: string, detail: string }[] }}
 * by schema, by payload class, by operationId; all problems
 */
export function contractFacts(root) {
  const program = product(root);
  const refused = new Refusals(program, root);
  const facts = { descriptions: {}, payloads: {}, refusals: {}, problems: refused.all() };
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile) continue;
    if (file.fileName.endsWith('contract/events.ts')) Object.assign(facts.payloads, payloadSchemas(file, program.getTypeChecker()));
    if (file.fileName.endsWith('.dto.ts')) Object.assign(facts.descriptions, descriptionsIn(file));
    if (file.fileName.endsWith('.controller.ts')) for (const [operationId, method] of routesIn(file)) facts.refusals[operationId] = refused.of(method, foreignTo(method)).sort(byCode);
  }
  return facts;
}

function product(root) {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file));
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(fileNames, { ...options, noEmit: true, incremental: false, tsBuildInfoFile: undefined });
  // Where a type is unknown the calls behind it are, too, and what they refuse would be missing without a word.
  const [fault] = program.getSemanticDiagnostics();
  if (fault) throw new Error(`${fault.file?.fileName}: ${ts.flattenDiagnosticMessageText(fault.messageText, '\n')}`);
  return program;
}

function descriptionsIn(file) {
  const classes = file.statements.filter((statement) => ts.isClassDeclaration(statement) && statement.name);
  return Object.fromEntries(classes.map((one) => [schemaName(one), textOf(one)]).filter(([, text]) => text !== ''));
}

function schemaName(node) {
  return argumentOf(node, 'ApiSchema', 'name') ?? node.name.text.replace(/Dto$/, '');
}

function* routesIn(file) {
  for (const controller of file.statements.filter(ts.isClassDeclaration)) {
    for (const method of controller.members.filter(ts.isMethodDeclaration)) {
      const operationId = argumentOf(method, 'ApiOperation', 'operationId');
      if (operationId !== undefined) yield [operationId, method];
    }
  }
}

/**
 * A stored answer can be refused when it is asked for again, but only where it was sealed under somebody's key; what else the
 * idempotency key can be refused for, its header says on every route.
 */
function foreignTo(method) {
  const aboutSomebody = /\bpersonId\b/.test(method.getText());
  return (file) => !aboutSomebody && file.endsWith('platform/http/commands.ts');
}

/** `'x'` of `@Decorator({ name: 'x' })`. */
function argumentOf(node, decorator, name) {
  for (const { expression } of ts.getDecorators(node) ?? []) {
    if (!ts.isCallExpression(expression) || expression.expression.getText() !== decorator) continue;
    const [first] = expression.arguments;
    const member = first && ts.isObjectLiteralExpression(first) ? first.properties.find((property) => property.name?.getText() === name) : undefined;
    if (member && ts.isPropertyAssignment(member) && ts.isStringLiteralLike(member.initializer)) return member.initializer.text;
  }
  return undefined;
}

function byCode(one, other) {
  return one.code < other.code ? -1 : 1;
}
