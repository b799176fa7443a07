/**
 * Cuts JSON into the documents it holds, without reading all of it into memory: the elements of an array, the lines of
 * JSON Lines, or documents one after the other. It only looks for where a document ends; whether it is JSON inside is
 * for the parser to say.
 */

export interface JsonDocument {
  kind: 'document'
  text: string
  /** Line on which the document begins, from 1. */
  line: number
  /** Position in the array, from 0; undefined for a document that stands by itself. */
  index: number | undefined
  /** How many keys it writes, those that it writes twice counted twice. */
  keys: number
}

export interface JsonFault {
  kind: 'fault'
  line: number
  /** Position in the array of the document that is at fault. */
  index: number | undefined
  message: string
  fix: string
  /** Whether one document can't be told, or nothing that follows. */
  scope: 'record' | 'file'
}

const deepest = 100

/**
 * Yields the documents in order. With `lines` each stands on a line of its own, so that reading goes on after a line
 * that is at fault; otherwise the first fault is the end.
 */
export async function* splitJson(
  chunks: AsyncIterable<string>,
  { lines }: { lines: boolean },
): AsyncGenerator<JsonDocument | JsonFault> {
  let line = 1
  let startLine = 1
  let pending = ''
  let depth = 0
  let keys = 0
  let index = 0
  let inDocument = false
  let inArray = false
  let inString = false
  let escaped = false
  let skipping = false

  for await (const chunk of chunks) {
    let from = 0
    for (let at = 0; at < chunk.length; at += 1) {
      const char = chunk[at]!
      if (char === '\n') line += 1
      if (skipping) {
        skipping = char !== '\n'
        continue
      }
      let fault: JsonFault | undefined
      if (inDocument) {
        if (char === '\n' && inString) {
          fault = faultOn(
            line - 1,
            'has a text that does not end on its line',
            'close its quotes; write \\n for a line break',
          )
        } else if (char === '\n' && lines && !inArray) {
          fault = faultOn(startLine, 'ends before this document does', 'put the whole document on one line')
        } else if (inString) {
          if (escaped) escaped = false
          else if (char === '\\') escaped = true
          else if (char === '"') inString = false
        } else if (char === '"') inString = true
        else if (char === ':') keys += 1
        else if (char === '{' || char === '[') depth += 1
        else if (char === '}' || char === ']') depth -= 1
        if (depth > deepest) fault = faultOn(line, `nests deeper than ${deepest}`, 'HSDS nests seven deep at most')
        if (fault === undefined && depth === 0) {
          inDocument = false
          yield {
            kind: 'document',
            text: pending + chunk.slice(from, at + 1),
            line: startLine,
            index: position(),
            keys,
          }
          index += 1
        }
      } else if (char === '{') {
        inDocument = true
        depth = 1
        keys = 0
        pending = ''
        from = at
        startLine = line
      } else if (char === '[' && !inArray && index === 0) inArray = true
      else if (char === ']' && inArray) inArray = false
      else if (!(/\s/.test(char) || (char === ',' && inArray))) {
        fault = faultOn(line, `has ${JSON.stringify(char)} where a document should begin`, 'a document is { … }')
      }
      if (fault !== undefined) {
        const goesOn = lines && !inArray
        yield goesOn ? { ...fault, scope: 'record' } : fault
        if (!goesOn) return
        inDocument = inString = escaped = false
        skipping = char !== '\n'
      }
    }
    if (inDocument) pending += chunk.slice(from)
  }
  if (inDocument) {
    yield { ...faultOn(startLine, 'ends before this document does', 'the file seems cut off'), scope: 'record' }
  } else if (inArray) {
    yield { ...faultOn(line, 'ends before its list does', 'the file seems cut off'), index: undefined, scope: 'record' }
  }

  function position(): number | undefined {
    return inArray ? index : undefined
  }

  function faultOn(line: number, message: string, fix: string): JsonFault {
    return { kind: 'fault', line, index: position(), message, fix, scope: 'file' }
  }
}
