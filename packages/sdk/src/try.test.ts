import { test } from 'vitest'
import { startTestServer } from '../../server/src/testing/test-server.ts'
import { createClient } from './index.ts'
test('x', async () => {
  const s = await startTestServer('demonstration')
  for (const q of ['{ network(slug:"alba-bra") { name } bad: service(id: "x") { name } }', '{ a: service(id:"service_0190a7a8-0000-7000-8000-000000000000"){name} b: organization(id: "service_01") { name } network(slug:"alba-bra"){ services(first:101){totalCount} needAreas(first:1){totalCount} } }', '{ nonsense }', 'query($id:ID!){service(id:$id){name}}','{']) {
    const r = await fetch(s.endpoint, {method:'POST', headers:{'content-type':'application/json', accept: 'application/graphql-response+json'}, body: JSON.stringify({query:q})})
    console.log(r.status, r.headers.get('x-request-id'), await r.text())
  }
  const c = createClient({ endpoint: s.endpoint, network: 'alba-bra' })
  console.log(JSON.stringify(await c.network()).slice(0, 600))
  console.log(JSON.stringify((await c.services().first()).totalCount), (await c.needAreas().toArray()).length)
  console.log(JSON.stringify((await c.services({municipality:'Bra'}).first()).items[0]))
  console.log(await c.services({}, {pageSize: 101}).first().catch(e => e))
  await s.close()
})
