-- CreateTable
CREATE TABLE "newcomers" (
    "through" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "minute" TIMESTAMPTZ(0) NOT NULL,
    "came" INTEGER NOT NULL,

    CONSTRAINT "newcomers_pkey" PRIMARY KEY ("through")
);

-- CreateIndex
CREATE INDEX "newcomers_network_id_idx" ON "newcomers"("network_id");

-- AddForeignKey
ALTER TABLE "newcomers" ADD CONSTRAINT "newcomers_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;
