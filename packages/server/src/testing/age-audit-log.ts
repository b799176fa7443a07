/** An audit log as it is after years. */
import type { Database } from '../database/connect.ts'

/** Writes the log as it would be, had its first `count` entries been made eleven years earlier. */
export async function ageAuditLog({ prisma }: Pick<Database, 'prisma'>, count: number): Promise<void> {
  await prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL ROLE NONE`
    await tx.$executeRaw`SET LOCAL session_replication_role = replica`
    await tx.$executeRaw`UPDATE audit_entry SET moment = moment - interval '11 years' WHERE position <= ${count}`
    await tx.$executeRaw`
      DO $$ DECLARE entry audit_entry; last bytea := decode(repeat('00', 32), 'hex'); BEGIN
        FOR entry IN SELECT * FROM audit_entry ORDER BY position LOOP
          entry.previous := last;
          last := sha256(convert_to(audit_canonical_form(entry), 'UTF8'));
          UPDATE audit_entry SET previous = entry.previous, hash = last WHERE position = entry.position;
        END LOOP;
      END $$`
  })
}
