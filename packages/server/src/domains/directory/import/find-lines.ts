/** Turns the line on which a JSON document begins into the line of the very value, by reading the document again. */
import { basename } from 'node:path'
import { findNodeAtLocation, parseTree } from 'jsonc-parser'
import type { Problem } from '../../../sources/problem.ts'
import { splitFile } from './read-hsds-json.ts'

/** The same problems, those in JSON files with exact lines. Records have none: almost all are without a problem. */
export async function findLines(problems: Problem[], paths: string[]): Promise<Problem[]> {
  const found = [...problems]
  for (const path of paths.filter((name) => !/\.csv$/i.test(name))) {
    const here = [...found.entries()].filter(([, { at }]) => at.file === basename(path) && at.pointer !== undefined)
    if (here.length === 0) continue
    const byLine = Map.groupBy(here, ([, { at }]) => at.line)
    for await (const part of splitFile(path, () => {})) {
      if (part.kind === 'fault' || !part.text.includes('\n')) continue
      const { text, line, index } = part
      const prefix = index === undefined ? [] : [String(index)]
      // Several elements of an array may begin on one line.
      const inside = (byLine.get(line) ?? []).filter(
        ([, { at }]) => index === undefined || at.pointer!.split('/')[1] === prefix[0],
      )
      const root = inside.length === 0 ? undefined : parseTree(text)
      for (const [position, problem] of root === undefined ? [] : inside) {
        const steps = problem.at.pointer!.split('/').slice(1 + prefix.length)
        const node = findNode(root!, [...steps, ...(problem.column === undefined ? [] : [problem.column])])
        const above = text.slice(0, node.offset).split('\n').length - 1
        found[position] = { ...problem, at: { ...problem.at, line: line + above } }
      }
    }
  }
  return found
}

type Node = NonNullable<ReturnType<typeof parseTree>>

/** The value at the path, or the innermost that holds it. */
function findNode(root: Node, path: string[]): Node {
  const steps = path.map((step) => (/^\d+$/.test(step) ? Number(step) : step))
  return findNodeAtLocation(root, steps) ?? (path.length > 0 ? findNode(root, path.slice(0, -1)) : root)
}
