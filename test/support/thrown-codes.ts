import path from 'node:path';
import ts from 'typescript';

const ROOT = path.resolve(import.meta.dirname, '../..');

export interface ThrownCode {
  readonly code: string;
  /** The first folder below `src`: a context, `platform` or `kernel`. */
  readonly area: string;
}

/**
 * Every code that some `new DomainError(refusal, code, …)` of the product can be given. A code that reaches it through a
 * helper's parameter is looked up where the helper is called.
 * @throws Error for a code that cannot be told from the source alone.
 */
export function thrownCodes(): ThrownCode[] {
  return new CodeReader(product()).all();
}

function product(): ts.Program {
  const { config } = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), (file) => ts.sys.readFile(file));
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  return ts.createProgram(fileNames, { ...options, noEmit: true, incremental: false, tsBuildInfoFile: undefined });
}

class CodeReader {
  private readonly checker: ts.TypeChecker;
  private readonly makings: ts.Expression[] = [];
  private readonly calls: ts.CallExpression[] = [];

  constructor(program: ts.Program) {
    this.checker = program.getTypeChecker();
    for (const source of program.getSourceFiles()) if (!source.isDeclarationFile) this.gather(source);
  }

  all(): ThrownCode[] {
    return this.makings.flatMap((code) => this.read(code));
  }

  private gather(node: ts.Node): void {
    if (ts.isCallExpression(node)) this.calls.push(node);
    if (ts.isNewExpression(node) && node.expression.getText() === 'DomainError' && node.arguments?.[1]) this.makings.push(node.arguments[1]);
    ts.forEachChild(node, (child) => this.gather(child));
  }

  private read(expression: ts.Expression): ThrownCode[] {
    const literals = this.literalsOf(expression);
    if (literals) return literals.map((code) => ({ code, area: areaOf(expression) }));
    if (ts.isTemplateExpression(expression)) return this.readTemplate(expression);
    // The code of an error caught is counted where that error was made.
    if (ts.isPropertyAccessExpression(expression) && this.checker.getTypeAtLocation(expression.expression).symbol?.name === 'DomainError') return [];
    return this.argumentsFor(expression).flatMap((argument) => this.read(argument));
  }

  private readTemplate({ head, templateSpans }: ts.TemplateExpression): ThrownCode[] {
    const [span, ...others] = templateSpans;
    if (!span || others.length > 0) throw untold(head);
    return this.read(span.expression).map(({ code, area }) => ({ code: head.text + code + span.literal.text, area }));
  }

  private literalsOf(expression: ts.Expression): string[] | undefined {
    const type = this.checker.getTypeAtLocation(expression);
    const types = type.isUnion() ? type.types : [type];
    return types.every((one) => one.isStringLiteral()) ? types.map(({ value }) => value) : undefined;
  }

  /** What the callers of the function give for the parameter that the expression names. */
  private argumentsFor(expression: ts.Expression): ts.Expression[] {
    const parameter = this.checker.getSymbolAtLocation(expression)?.valueDeclaration;
    if (!parameter || !ts.isParameter(parameter) || !ts.isFunctionDeclaration(parameter.parent) || !parameter.parent.name) throw untold(expression);
    const { name, parameters } = parameter.parent;
    const helper = this.checker.getSymbolAtLocation(name);
    return this.calls.filter((call) => this.calleeOf(call) === helper).map((call) => call.arguments[parameters.indexOf(parameter)] ?? fail(call));
  }

  private calleeOf({ expression }: ts.CallExpression): ts.Symbol | undefined {
    const symbol = ts.isIdentifier(expression) ? this.checker.getSymbolAtLocation(expression) : undefined;
    return symbol && symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }
}

function areaOf(node: ts.Node): string {
  return path.relative(path.join(ROOT, 'src'), node.getSourceFile().fileName).split(path.sep, 1)[0]!;
}

function fail(node: ts.Node): never {
  throw untold(node);
}

function untold(node: ts.Node): Error {
  const source = node.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(node.getStart());
  return new Error(`${path.relative(ROOT, source.fileName)}:${line + 1}: which code "${node.getText()}" is cannot be told from the source. Give it as a literal, or through a parameter of a function.`);
}
