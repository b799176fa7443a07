/** Turns the line on which a JSON document begins into the line of the very value, by reading the document again. */
import { basename } from 'node:path'
import { findNodeAtLocation, parseTree } from 'jsonc-parser'
import type { Problem } from '../../../sources/problem.ts'
import { splitJson } from './split-json.ts'

/** The same problems, those in JSON files with exact lines. Records have none: almost all are without a problem. */
export async function findLines(problems: Problem[], paths: string[]): Promise<Problem[]> {
  const found = [...problems]
  for (const path of paths.filter((name) => !name.endsWith('.csv'))) {
    const here = [...found.entries()].filter(([, { at }]) => at.file === basename(path) && at.pointer !== undefined)
    if (here.length === 0) continue
    for await (const document of splitJson(path, () => {})) {
      const inside = here.filter(([, { at }]) => at.line === document.line && document.text.includes('\n'))
      if (inside.length === 0) continue
      const root = parseTree(document.text)
      for (const [position, problem] of inside) {
        const steps = problem.at.pointer!.split('/').slice(document.index === undefined ? 1 : 2)
        const path = [...steps, ...(problem.column === undefined ? [] : [problem.column])]
        const node = root && findNode(root, path)
        if (node === undefined) continue
        const line = document.line + document.text.slice(0, node.offset).split('\n').length - 1
        found[position] = { ...problem, at: { ...problem.at, line } }
      }
    }
  }
  return found
}

type Node = NonNullable<ReturnType<typeof parseTree>>

function findNode(root: Node, path: string[]): Node | undefined {
  const steps = path.map((step) => (/^\d+$/.test(step) ? Number(step) : step))
  return findNodeAtLocation(root, steps) ?? (path.length > 0 ? findNode(root, path.slice(0, -1)) : root)
}
