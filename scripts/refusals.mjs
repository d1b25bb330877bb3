// Which refusals a function of the product can end in, told from its source: every DomainError made in it or in what it calls.
import path from 'node:path';
import ts from 'typescript';

/** @typedef {{ readonly refusal: string, readonly code: string }} Refused */

export class Refusals {
  #checker;
  #source;
  /** Classes and object literals by the class or interface they stand for. */
  #heirs = new Map();
  #facts = new Map();
  #files;

  /** @param {ts.Program} program @param {string} root of the checkout */
  constructor(program, root) {
    this.#checker = program.getTypeChecker();
    this.#source = path.join(root, 'src') + path.sep;
    this.#files = program.getSourceFiles().filter((file) => this.#isOurs(file));
    for (const file of this.#files) this.#learn(file);
  }

  /**
   * @param {ts.Node} start a method or function
   * @param {(file: string) => boolean} foreign says of a file that what it refuses does not count
   * @returns {Refused[]}
   */
  of(start, foreign) {
    const reached = new Set([start]);
    for (const node of reached) {
      for (const next of this.#factsOf(node).edges) if (!foreign(next.getSourceFile().fileName)) reached.add(next);
    }
    const calls = [...reached].flatMap((node) => this.#factsOf(node).calls);
    const makings = [...reached].flatMap((node) => this.#factsOf(node).makings);
    const found = makings.flatMap(({ arguments: [refusal, code] }) =>
      this.#texts(refusal, calls).flatMap((one) => this.#texts(code, calls).map((other) => ({ refusal: one, code: other }))),
    );
    return [...new Map(found.map((one) => [`${one.refusal} ${one.code}`, one])).values()];
  }

  /** Every refusal of the product with its sentence; values it names are `…`. @returns {(Refused & { detail: string })[]} */
  all() {
    const everything = this.#files.map((file) => this.#factsOf(file));
    const calls = everything.flatMap((facts) => facts.calls);
    return everything
      .flatMap(({ makings }) => makings)
      .flatMap(({ arguments: [refusal, code, detail] }) =>
        this.#texts(refusal, calls).flatMap((one) => this.#texts(code, calls).flatMap((other) => this.#sentences(detail, calls).map((sentence) => ({ refusal: one, code: other, detail: sentence })))),
      );
  }

  #isOurs(file) {
    return !file.isDeclarationFile && path.resolve(file.fileName).startsWith(this.#source);
  }

  #learn(node) {
    if (ts.isClassDeclaration(node)) {
      for (const { types } of node.heritageClauses ?? []) for (const { expression } of types) this.#heir(this.#symbolAt(expression), node);
    } else if (ts.isObjectLiteralExpression(node)) {
      this.#heir(this.#checker.getContextualType(node)?.symbol, node);
    }
    ts.forEachChild(node, (child) => this.#learn(child));
  }

  #heir(parent, node) {
    if (!parent) return;
    this.#heirs.set(parent, [...(this.#heirs.get(parent) ?? []), node]);
  }

  #factsOf(start) {
    const known = this.#facts.get(start);
    if (known) return known;
    const facts = { edges: new Set(), calls: [], makings: [] };
    this.#facts.set(start, facts);
    const visit = (node) => {
      if (ts.isTypeNode(node)) return;
      if (ts.isCallExpression(node)) facts.calls.push(node);
      if (ts.isNewExpression(node) && node.expression.getText() === 'DomainError') facts.makings.push(node);
      if (!ts.isSourceFile(start) && ts.isTryStatement(node) && keeps(node.catchClause)) {
        ts.forEachChild(node, (child) => child === node.tryBlock || visit(child));
        return;
      }
      if (ts.isIdentifier(node)) for (const target of this.#bodies(this.#symbolAt(node))) facts.edges.add(target);
      ts.forEachChild(node, visit);
    };
    ts.forEachChild(start, visit);
    facts.edges.delete(start);
    return facts;
  }

  #symbolAt(node) {
    const symbol = this.#checker.getSymbolAtLocation(node);
    return symbol && symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  /** Where the code behind a name is; several where it is a promise that several classes keep. */
  #bodies(symbol) {
    const node = symbol?.valueDeclaration;
    if (!node || !this.#isOurs(node.getSourceFile())) return [];
    if (ts.isClassDeclaration(node)) return node.members.filter(ts.isConstructorDeclaration);
    if (ts.isVariableDeclaration(node)) return node.initializer && ts.isSourceFile(node.parent.parent.parent) ? [node] : [];
    if (ts.isPropertyDeclaration(node) || ts.isPropertyAssignment(node)) return node.initializer && isFunction(node.initializer) ? [node] : [];
    if (!isFunction(node) && !ts.isMethodSignature(node)) return [];
    return node.body ? [node] : this.#kept(node, symbol.name);
  }

  #kept(promise, name) {
    const parent = this.#checker.getSymbolAtLocation(promise.parent.name ?? promise.parent);
    return (this.#heirs.get(parent) ?? []).flatMap((heir) => (heir.members ?? heir.properties).filter((member) => member.name?.getText() === name && (member.body ?? member.initializer)));
  }

  /** What is said, as far as the source alone tells; a helper may be given the sentence. */
  #sentences(node, calls) {
    if (node === undefined) return [];
    if (ts.isStringLiteralLike(node)) return [node.text];
    if (ts.isTemplateExpression(node)) return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')];
    return this.#given(node, calls).flatMap((one) => this.#sentences(one, calls));
  }

  /** What the calls that were reached give for the parameter that the expression names. */
  #given(expression, calls) {
    const parameter = this.#checker.getSymbolAtLocation(expression)?.valueDeclaration;
    if (!parameter || !ts.isParameter(parameter) || !parameter.parent.name) return [];
    const helper = this.#symbolAt(parameter.parent.name);
    const place = parameter.parent.parameters.indexOf(parameter);
    return calls.filter((call) => this.#symbolAt(call.expression.name ?? call.expression) === helper).flatMap((call) => call.arguments[place] ?? []);
  }

  /** The texts an argument can be, through the parameters of helpers that were reached. */
  #texts(expression, calls) {
    const type = this.#checker.getTypeAtLocation(expression);
    const types = type.isUnion() ? type.types : [type];
    const given = this.#given(expression, calls).flatMap((one) => this.#texts(one, calls));
    if (given.length > 0) return given;
    if (types.every((one) => one.isStringLiteral())) return types.map(({ value }) => value);
    if (ts.isTemplateExpression(expression) && expression.templateSpans.length === 1) {
      const [span] = expression.templateSpans;
      return this.#texts(span.expression, calls).map((text) => expression.head.text + text + span.literal.text);
    }
    return [];
  }
}

function isFunction(node) {
  return ts.isFunctionLike(node);
}

/** True where a refusal does not get out of the `try`: nothing is thrown on, or only what is no refusal, or another one instead. */
function keeps(clause) {
  if (clause === undefined) return false;
  const text = clause.getText();
  if (!/\bthrow\b/.test(text)) return true;
  return /!\(\w+ instanceof DomainError\)\) throw|\(\w+ instanceof DomainError\) return|throw \w+ instanceof DomainError \?/.test(text);
}
