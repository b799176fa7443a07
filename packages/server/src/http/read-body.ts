/** The body of a request, up to a bound. */
import type { IncomingMessage } from 'node:http'

/**
 * The bytes of the body, or why there are none: there are more than `most`, or the caller hung up before the end.
 * What is too large is read on and dropped, so that a caller who is still sending gets to read the answer.
 */
export function readBody(request: IncomingMessage, most: number): Promise<Buffer | 'too large' | 'cut off'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    if (Number(request.headers['content-length']) > most) resolve('too large')
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > most) resolve('too large')
      else chunks.push(chunk)
    })
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', () => resolve('cut off'))
  })
}
