/**
 * What each table holds, in one place. A new table fails the tests until it stands here; one that is personal, until a
 * migration enables and forces row-level security on it, with policies.
 *
 * - `public`: the directory and what a network tells of itself, and what is derived from that.
 * - `secret`: credentials of partners and staff, and what the server keeps for itself. They are asked before anybody is
 *   known, by key, with one statement and no transaction; row-level security would need one to know the network, and guard
 *   hashes of random keys. Drafts of the directory are here too: no public query reads their table.
 * - `personal`: what belongs to people. The database itself gives a row only to whom it belongs.
 * - `sealed`: answers to surveys, which belong to nobody any more. The server hands them in and asks for counts, by functions
 *   of the database; it can't read a row.
 */
export type TableClass = 'public' | 'secret' | 'personal' | 'sealed'

const tables: Record<TableClass, string[]> = {
  public: [
    'accessibility',
    'address',
    'attribute',
    'campaign',
    'contact',
    'cost_option',
    'critical_theme',
    'funding',
    'holiday_schedule',
    'language',
    'location',
    'membership',
    'meta_table_description',
    'metadata',
    'municipality',
    'need_area',
    'need_area_term',
    'network',
    'network_event',
    'network_municipality',
    'organization',
    'organization_identifier',
    'phase',
    'phone',
    'program',
    'release',
    'required_document',
    'result_table',
    'schedule',
    'service',
    'service_area',
    'service_at_location',
    'service_capacity',
    'service_need_area',
    'survey',
    'survey_version',
    'taxonomy',
    'taxonomy_term',
    'unit',
    'url',
    'derived.opening',
    'derived.place_exception',
    'derived.place_opening',
    'derived.search_word',
    'derived.service_search',
    'derived.stale',
  ],
  secret: [
    '_prisma_migrations',
    'api_key',
    'audit_act',
    'audit_entry',
    'campaign_organization',
    'directory_draft',
    'idempotent_answer',
    'invitation',
    'newcomers',
    'staff_member',
    'jobs.bam',
    'jobs.instance',
    'jobs.job',
    'jobs.job_common',
    'jobs.job_dependency',
    'jobs.queue',
    'jobs.queue_stats',
    'jobs.schedule',
    'jobs.subscription',
    'jobs.version',
    'jobs.warning',
  ],
  personal: ['person'],
  sealed: ['response', 'response_text', 'spent_credential'],
}

/** The class of each table and view, by its name; those outside the schema public with that of their schema. */
export const tableClasses: ReadonlyMap<string, TableClass> = new Map(
  Object.entries(tables).flatMap(([kind, names]) => names.map((name) => [name, kind as TableClass] as const)),
)

/** The tables that belong to people. */
export const personalTables: readonly string[] = tables.personal

/** The tables that nobody reads. */
export const sealedTables: readonly string[] = tables.sealed
