-- CreateEnum
CREATE TYPE "audit_actor_kind" AS ENUM ('partner', 'person', 'staff', 'operator', 'server');

-- CreateTable
CREATE TABLE "audit_entry" (
    "position" BIGINT NOT NULL,
    "moment" TIMESTAMPTZ(3) NOT NULL,
    "network_id" UUID,
    "actor_kind" "audit_actor_kind" NOT NULL,
    "actor_reference" UUID,
    "action" TEXT NOT NULL,
    "record_key" TEXT,
    "request_id" TEXT,
    "previous" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("position")
);

-- CreateTable
CREATE TABLE "audit_act" (
    "id" BIGSERIAL NOT NULL,
    "network_id" UUID,
    "actor_kind" "audit_actor_kind" NOT NULL,
    "actor_reference" UUID,
    "action" TEXT NOT NULL,
    "record_key" TEXT,
    "request_id" TEXT,

    CONSTRAINT "audit_act_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotent_answer" (
    "caller" BYTEA NOT NULL,
    "key" BYTEA NOT NULL,
    "fingerprint" BYTEA NOT NULL,
    "answer" JSONB NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotent_answer_pkey" PRIMARY KEY ("caller","key")
);

-- CreateIndex
CREATE INDEX "audit_entry_network_id_position_idx" ON "audit_entry"("network_id", "position");

-- CreateIndex
CREATE INDEX "idempotent_answer_made_at_idx" ON "idempotent_answer"("made_at");
