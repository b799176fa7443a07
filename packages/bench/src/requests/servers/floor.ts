/** The floor: node:http and pg, one prepared statement a request, the JSON of the answer made by PostgreSQL. */
import { createServer } from 'node:http'
import { Pool } from 'pg'
import { slug } from '../fill-directory.ts'
import { announce, databaseUrl } from './process.ts'

const globalId = (type: string, key: string) => `'${type}_' || replace(${key}::text, '-', '')`

const areas = `(
  SELECT coalesce(json_agg(json_build_object('needArea', json_build_object('code', area.code, 'name', area.name_it))
    ORDER BY link.need_area_id), '[]')
  FROM service_need_area link JOIN need_area area ON area.id = link.need_area_id WHERE link.service_id = service.id)`

const organization = `(
  SELECT json_build_object('id', ${globalId('organization', 'o.id')}, 'name', o.name)
  FROM organization o WHERE o.id = service.organization_id)`

const statements: Record<string, string> = {
  Q1: `
    SELECT json_build_object('service', json_build_object('id', ${globalId('service', 'id')}, 'name', name,
      'description', description, 'url', url, 'email', email,
      'lastModified', to_char(last_modified AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'organization', ${organization}, 'needAreas', ${areas}))::text AS data
    FROM service WHERE id = $1`,
  Q2: `
    SELECT json_build_object('needArea', json_build_object('services', json_build_object('nodes', coalesce(json_agg(
      json_build_object('id', ${globalId('service', 'id')}, 'name', name, 'url', url,
        'organization', ${organization}, 'needAreas', ${areas}, 'serviceAtLocations', (
          SELECT coalesce(json_agg(json_build_object('location', json_build_object('id', ${globalId('location', 'place.id')},
            'name', place.name, 'latitude', place.latitude, 'longitude', place.longitude)) ORDER BY presence.id), '[]')
          FROM service_at_location presence JOIN location place ON place.id = presence.location_id
          WHERE presence.service_id = service.id)) ORDER BY service.id), '[]'))))::text AS data
    FROM (
      SELECT service.* FROM need_area area
        JOIN network ON network.id = area.network_id
        JOIN service_need_area answered ON answered.need_area_id = area.id
        JOIN service ON service.id = answered.service_id
      WHERE network.slug = '${slug}' AND area.code = $1 ORDER BY answered.service_id LIMIT 20) AS service`,
  Q3: `
    SELECT json_build_object('network', json_build_object('organizations', json_build_object('nodes', coalesce(json_agg(
      json_build_object('id', ${globalId('organization', 'id')}, 'name', name, 'services', json_build_object('nodes', (
        SELECT coalesce(json_agg(json_build_object('id', ${globalId('service', 'id')}, 'name', name,
          'needAreas', ${areas}, 'schedules', (
            SELECT coalesce(json_agg(json_build_object('freq', freq, 'byday', byday, 'opensAt', opens_at,
              'closesAt', closes_at) ORDER BY schedule.id), '[]')
            FROM schedule WHERE schedule.service_id = service.id)) ORDER BY name), '[]')
        FROM (SELECT * FROM service WHERE organization_id = provider.id ORDER BY name LIMIT 10) AS service)))
      ORDER BY name), '[]'))))::text AS data
    FROM (
      SELECT organization.* FROM organization JOIN network ON network.id = organization.network_id
      WHERE network.slug = '${slug}' AND organization.kind = $1::organization_kind
      ORDER BY organization.name LIMIT 10) AS provider`,
}

const pool = new Pool({ connectionString: databaseUrl, max: 10 })

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', async () => {
    const { name, value } = JSON.parse(Buffer.concat(chunks).toString()) as { name: string; value: string }
    const { rows } = await pool.query<{ data: string }>({ name, text: statements[name]!, values: [value] })
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
    response.end(`{"data":${rows[0]!.data}}`)
  })
})

await announce(server)
