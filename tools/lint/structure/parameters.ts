import { readFileSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";

import { isGenerated, type SourceTree } from "./source-tree.ts";

/** A function and the number of its parameters. */
export interface ParameterCount {
  /** `file:line` */
  readonly place: string;
  readonly name: string;
  readonly parameters: number;
}

/** Counts the parameters of every function, method, constructor and function type outside `test/`. */
export function countParameters({ root, files }: SourceTree): readonly ParameterCount[] {
  return files
    .filter((file) => file.endsWith(".ts") && !file.startsWith("test/") && !isGenerated(file))
    .flatMap((file) => functionsIn(file, readFileSync(join(root, file), "utf8")));
}

function functionsIn(file: string, text: string): readonly ParameterCount[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const counts: ParameterCount[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      const parameters = node.parameters.filter(({ name }) => name.getText() !== "this").length;
      counts.push({ place: `${file}:${line + 1}`, name: nameOf(node), parameters });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return counts;
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (ts.isConstructorDeclaration(node)) return "constructor";
  const named = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
  return named?.getText() ?? "function";
}
