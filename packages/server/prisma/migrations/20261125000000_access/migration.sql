-- CreateEnum
CREATE TYPE "api_key_scope" AS ENUM ('directory:write', 'benefit:write', 'course:write', 'course:roster', 'survey:run', 'grant:issue', 'care:work', 'webhook:manage', 'network:coordinate');

-- CreateEnum
CREATE TYPE "staff_role" AS ENUM ('network_coordinator', 'welfare_point_operator', 'organization_admin');

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "hint" TEXT NOT NULL,
    "scopes" "api_key_scope"[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "replaced_by_id" UUID,
    "last_used_on" DATE,

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "person" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "key_hash" BYTEA NOT NULL,
    "hashed_with" TEXT NOT NULL,
    "seen_in" DATE NOT NULL,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staff_member" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "organization_id" UUID,
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "role" "staff_role" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "staff_member_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_key_replaced_by_id_key" ON "api_key"("replaced_by_id");

-- CreateIndex
CREATE INDEX "api_key_organization_id_created_at_idx" ON "api_key"("organization_id", "created_at");

-- CreateIndex
CREATE INDEX "api_key_network_id_idx" ON "api_key"("network_id");

-- CreateIndex
CREATE INDEX "person_hashed_with_idx" ON "person"("hashed_with");

-- CreateIndex
CREATE UNIQUE INDEX "person_network_id_key_hash_key" ON "person"("network_id", "key_hash");

-- CreateIndex
CREATE INDEX "staff_member_network_id_idx" ON "staff_member"("network_id");

-- CreateIndex
CREATE INDEX "staff_member_organization_id_idx" ON "staff_member"("organization_id");

-- CreateIndex
CREATE UNIQUE INDEX "staff_member_issuer_subject_role_network_id_organization_id_key" ON "staff_member"("issuer", "subject", "role", "network_id", "organization_id") NULLS NOT DISTINCT;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_replaced_by_id_fkey" FOREIGN KEY ("replaced_by_id") REFERENCES "api_key"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "person" ADD CONSTRAINT "person_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_member" ADD CONSTRAINT "staff_member_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_member" ADD CONSTRAINT "staff_member_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
